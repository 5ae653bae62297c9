"""A table as people keep it, CSV or Excel, read row by row as plain text."""

import codecs
import csv
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

import openpyxl

from domain.language import _
from domain.text import clean

Row = tuple[int, list[str]]
"""The line it stands on, counted from 1, and its cells without blanks around them."""

BLOCK_BYTES = 1 << 20

COMMON_SHARE = 2 / 3
"""GB18030 gives some character for nearly any bytes, so decoding proves nothing. Of Fuzhou's place names, 99.7% of the
characters stand in the smaller GB2312; of the same names in Big5 or broken UTF-8 read as GB18030, 15 and 33%."""

_XLSX, _OLD_EXCEL = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_UTF16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_BROKEN_XLSX = (zipfile.BadZipFile, zlib.error, KeyError, ValueError, SyntaxError, EOFError, IndexError, TypeError)
"""What openpyxl lets through of a damaged file; a parse error of XML is a SyntaxError."""


class Unreadable(Exception):  # noqa: N818 -- said to the operator in these words
    """The file is no table that can be read; the sentence says why and what to do."""


@dataclass(frozen=True)
class Sheet:
    rows: Iterator[Row]
    lines: int | None
    """About how many there are, for a progress bar; None where the file does not say."""


@contextmanager
def opened(path: Path) -> Iterator[Sheet]:
    """The table in this file; what it is, its content says and not its name."""
    try:
        start = _start(path)
        if start.startswith(_OLD_EXCEL):
            raise Unreadable(_("{path} 是旧格式或加了密码的 Excel 文件，请另存为 .xlsx（不加密码）").format(path=path))
        with _xlsx(path) if start.startswith(_XLSX) else _csv(path) as sheet:
            yield sheet
    except OSError as error:
        raise Unreadable(_("读不了 {path}：{why}").format(path=path, why=error.strerror or error)) from error


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        return file.read(4)


# -- CSV ---------------------------------------------------------------------


@contextmanager
def _csv(path: Path) -> Iterator[Sheet]:
    encoding, lines = _encoding(path)
    with path.open(encoding=encoding, newline="") as file:
        yield Sheet(_csv_rows(path, file), lines)


def _csv_rows(path: Path, file: Iterable[str]) -> Iterator[Row]:
    reader = csv.reader(file, strict=True)
    while True:
        line = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise Unreadable(
                _("{path} 第 {line} 行：引号没有成对，或一格太长（{why}）").format(path=path, line=line, why=error)
            ) from error
        yield line, [_plain(cell) for cell in cells]


def _encoding(path: Path) -> tuple[str, int]:
    """The encoding of the whole file, which is read once or twice for it, and how many lines it has."""
    start = _start(path)
    if start.startswith(_UTF16) or _holds(path, b"\0"):
        raise Unreadable(_("{path} 不是 UTF-8 或 GB18030 编码的文本。{help}").format(path=path, help=_save_as()))
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            common, others, lines = _census(path, encoding)
        except UnicodeDecodeError:
            continue
        if encoding == "gb18030" and common < COMMON_SHARE * (common + others):
            break
        return encoding, lines
    raise Unreadable(_("看不出 {path} 的文字编码，读出来会是乱码。{help}").format(path=path, help=_save_as()))


def _save_as() -> str:
    return _("请在 Excel 里另存为“CSV UTF-8（逗号分隔）”或 .xlsx。")


def _holds(path: Path, byte: bytes) -> bool:
    return any(byte in block for block in _blocks(path))


def _census(path: Path, encoding: str) -> tuple[int, int, int]:
    """Characters beyond ASCII that are common in Chinese, those that are not, and lines; decodes every byte."""
    decoder = codecs.getincrementaldecoder(encoding)()
    common = others = lines = 0
    for block in chain(_blocks(path), (b"",)):
        text = decoder.decode(block, final=not block)
        lines += text.count("\n")
        if encoding == "gb18030":
            beyond = "".join(c for c in text if not c.isascii())
            known = len(beyond.encode("gb2312", "ignore")) // 2
            common, others = common + known, others + len(beyond) - known
    return common, others, lines


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(BLOCK_BYTES):
            yield block


# -- Excel -------------------------------------------------------------------


@contextmanager
def _xlsx(path: Path) -> Iterator[Sheet]:
    """The first sheet of the workbook."""
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except _BROKEN_XLSX as error:
        raise _damaged(path) from error
    try:
        if not book.worksheets:
            raise Unreadable(_("{path} 里没有工作表").format(path=path))
        sheet = book.worksheets[0]
        lines = sheet.max_row
        # Some programs write a wrong size into the file; the rows themselves are what counts.
        sheet.reset_dimensions()
        yield Sheet(_xlsx_rows(path, sheet), lines)
    finally:
        book.close()


def _xlsx_rows(path: Path, sheet: Any) -> Iterator[Row]:
    rows = enumerate(sheet.iter_rows(values_only=True), 1)
    while True:
        try:
            line, cells = next(rows)
        except StopIteration:
            return
        except _BROKEN_XLSX as error:
            raise _damaged(path) from error
        yield line, [_written(cell) for cell in cells]


def _written(cell: object) -> str:
    """Excel keeps codes and phones as numbers, sometimes with a fraction of nothing."""
    if cell is None:
        return ""
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return _plain(str(cell))


def _damaged(path: Path) -> Unreadable:
    return Unreadable(_("{path} 已损坏，打不开。请用 Excel 打开后另存一份再导入。").format(path=path))


def _plain(cell: str) -> str:
    """On one line and without what nobody sees; nearly every cell is so already."""
    cell = cell.strip()
    return cell if cell.isprintable() else clean(cell).replace("\n", " ")
