"""找到了: said by whoever may end the search, it is over for everybody; said by anybody else, it is the best of news
that somebody has to check."""

from domain.case import Case
from domain.chat import Outgoing, Pressed, Said
from domain.language import N_, _
from domain.people import Person
from domain.search import Search, Stage
from handlers.all_clear import end
from handlers.resolve import settle
from handlers.routing import Ctx, button, words
from handlers.sightings import sighted
from handlers.sought import adopted, meant, must_have_heard, must_run, sought


@button("found")
async def pressed(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, search = await ctx.search(pressed.arg(0))
    await adopted(pressed, search, ctx)
    return await _found(case, search, pressed, "", ctx)


@words(
    "找到了",
    "/found",
    glued=True,
    concerns=sought,
    at_once=True,
    help=N_("找到了 编号 —— 走失的人找到了，所有人都会知道"),
)
async def found_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    case, search, rest = await meant(said, ctx, _("找到了 {n}"))
    return await _found(case, search, said, rest, ctx)


async def _found(case: Case, search: Search, incoming: Said | Pressed, text: str, ctx: Ctx) -> list[Outgoing]:
    await must_have_heard(search, incoming.chat, ctx)
    must_run(search, ctx)
    person = await _may_end(case, ctx)
    if person is None:
        said = incoming if isinstance(incoming, Said) else _as_said(incoming)
        return await sighted(case, search, said, text or _("找到了"), ctx, found=True)
    outs = await end(search, Stage.FOUND, ctx)
    return [*outs, *await settle(case, text or _("找到了"), person, incoming, ctx)]


async def _may_end(case: Case, ctx: Ctx) -> Person | None:
    """The reporter, the responder, or somebody with authority over where it was reported."""
    person = ctx.sender
    if person is None:
        return None
    theirs = person.who.id in {who.id for who in (case.reporter, case.responder) if who}
    return person if theirs or await ctx.answers_for(case.origin) else None


def _as_said(pressed: Pressed) -> Said:
    return Said(pressed.chat, pressed.chat_kind, pressed.chat_title, pressed.sender, None)
