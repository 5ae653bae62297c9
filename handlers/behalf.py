"""代报: somebody reports for a neighbour who cannot; the neighbour is served, and who reported hears back."""

from domain.chat import Outgoing, Said
from domain.language import N_, _
from domain.refused import Refused
from domain.text import clean, has_words, one_line
from handlers.intake import take_in
from handlers.report import LONGEST_REPORT, where
from handlers.routing import Ctx, words

LONGEST_SERVED = 20
"""Characters of a name or a door."""


@words("代报", "替报", "/for", help=N_("代报 谁 什么事 —— 替不方便的邻居上报，例如：代报 王依姆 家里停水了"))
async def on_behalf(said: Said, ctx: Ctx) -> list[Outgoing]:
    served, _space, text = ctx.rest.partition(" ")
    text = clean(text)[:LONGEST_REPORT]
    if not has_words(served) or not (has_words(text) or said.attachments):
        raise Refused(_("请写替谁、什么事，中间空一格，例如：代报 王依姆 家里停水了"))
    reading = ctx.recogniser.read_report(text)
    return await take_in(said, ctx, await where(ctx), text, reading, served=one_line(served, LONGEST_SERVED))
