"""A table as a file that a spreadsheet opens, in which what people wrote is text and nothing that runs."""

import unicodedata
from collections.abc import Iterable, Sequence
from datetime import datetime
from io import BytesIO

from openpyxl import Workbook
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font
from openpyxl.utils import get_column_letter

Value = str | int | datetime | None

RUNS = ("=", "+", "-", "@", "\t", "\r", "\n")
"""What a spreadsheet may take for the beginning of a formula, narrow or wide (OWASP, CSV Injection)."""


def workbook(title: str, head: Sequence[str], widths: Sequence[int], rows: Iterable[Sequence[Value]]) -> bytes:
    """One sheet: the title, the names of the columns, which stay in sight, and the rows. Widths are in characters."""
    book = Workbook()
    sheet = book.worksheets[0]
    for row in ([title], head, *rows):
        sheet.append([harmless(value) if isinstance(value, str) else value for value in row])
    for cell in (*sheet[1], *sheet[2]):
        cell.font = Font(bold=True)
    for n, width in enumerate(widths, 1):
        sheet.column_dimensions[get_column_letter(n)].width = width
    sheet.freeze_panes = "A3"
    out = BytesIO()
    book.save(out)
    return out.getvalue()


def harmless(text: str) -> str:
    """With a mark before it that says that it is text, where it could be taken for anything else."""
    text = ILLEGAL_CHARACTERS_RE.sub("", text)
    return f"'{text}" if unicodedata.normalize("NFKC", text[:1]) in RUNS else text
