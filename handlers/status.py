"""查询: where a case stands, for its reporter and for those who answer for it."""

from collections.abc import Sequence
from dataclasses import replace

from domain.case import Case
from domain.chat import ChatKind, Outgoing, Said, Send
from domain.kinds import LOST_PERSON
from domain.language import N_, _
from domain.log import Event
from domain.mediation import View
from domain.people import ANSWERING, Person
from domain.refused import Refused
from domain.text import one_line
from handlers.buttons import private_buttons, work_buttons
from handlers.cards import card_text
from handlers.discretion import matter_of, way
from handlers.notice import at_home, search_buttons, wordless
from handlers.routing import Ctx, words
from handlers.wording import log_lines, private_text, unnamed
from storage.cases import Logged

PRIVATE_STEPS = 30
"""Steps of a private case that 查询 tells: a month of mediation, in one message."""

PRIVATE_CHARS = 200
"""Characters of one step there."""


@words("查询", "/status", glued=True, help=N_("查询 编号 —— 事情办到哪一步；只发“查询”，列出您的事"))
async def status(said: Said, ctx: Ctx) -> list[Outgoing]:
    if not ctx.rest:
        return [Send(said.chat, await _mine(ctx), reply_to=said.message_id)]
    return [await standing(said, await ctx.case_here(ctx.rest), ctx)]


async def standing(said: Said, case: Case, ctx: Ctx) -> Send:
    """All that the speaker may know of this case."""
    if ctx.settings.kinds[case.kind].private:
        return await _standing_in_private(said, case, ctx)
    if not await _may_see(case, ctx):
        raise _not_here(case)
    log = await ctx.store.cases.log(case.id)
    lost, group = case.kind == LOST_PERSON, said.chat_kind is ChatKind.GROUP
    if lost and group and not await at_home(ctx, case, [said.chat]):
        raise Refused(_("这件事不在群里说，请私下对我发同样的话。"))
    search = await ctx.store.searches.get(case.id) if lost else None
    log = unnamed(case, log) if group and case.discreet else log
    shown = wordless(log) if lost and group else log
    text = "\n".join([await card_text(ctx, case, search, [], group), *log_lines(ctx, shown), *_why(shown)])
    # A card further up may be out of sight; here are its buttons again.
    works = await ctx.answers_for(case.origin) or (ctx.sender and case.responder == ctx.sender.who)
    worked_on = (*search_buttons(search, case), *work_buttons(case, ctx.settings.kinds[case.kind]))
    return Send(said.chat, text, worked_on if works else (), reply_to=said.message_id)


async def _standing_in_private(said: Said, case: Case, ctx: Ctx) -> Send:
    answers = await ctx.answers_for(case.origin)
    face = (await matter_of(ctx, case)).face(ctx, ctx.someone().id, answers, whole=True)
    if face.view is View.OUTLINE and not answers:
        raise _not_here(case)
    text = private_text(ctx, face, await way(ctx, case), PRIVATE_STEPS, PRIVATE_CHARS)
    buttons = private_buttons(face, ctx.settings.kinds[case.kind])
    return Send(said.chat, text, buttons, reply_to=said.message_id)


def _not_here(case: Case) -> Refused:
    return Refused(_("{number} 不是这里的事，只有上报人和管那一片的人能查。").format(number=case.number))


def _why(log: Sequence[Logged]) -> list[str]:
    """Which words decided what kind of case this is, for whoever wonders."""
    heard = [entry.words for entry in log if entry.event is Event.REPORTED and entry.words]
    return [_("听到的词：{words}").format(words=words) for words in heard]


async def _may_see(case: Case, ctx: Ctx) -> bool:
    """Its reporter, those who work on it, and the groups on its way up."""
    own = case.is_reporters(ctx.sender.who if ctx.sender else None, ctx.chat.id if ctx.chat else None)
    responds = ctx.sender is not None and case.responder == ctx.sender.who
    if own or responds or await ctx.answers_for(case.origin):
        return True
    path = {grid.code for grid in await ctx.store.grids.path(case.origin)}
    return ctx.tellable(case) and ctx.chat is not None and ctx.chat.grid in path


async def _mine(ctx: Ctx) -> str:
    """What the speaker reported, and what waits for them."""
    person = ctx.someone()
    reported = await _reported(person, ctx)
    grids = tuple(a.grid for a in person.appointments if a.role in ANSWERING)
    waiting = await ctx.store.cases.open_at(grids) if grids else []
    parts = []
    if ctx.in_group and not all(ctx.tellable(case) for case in [*reported, *waiting]):
        reported, waiting = _public(reported, ctx), _public(waiting, ctx)
        parts.append(_("有的事不在群里说，请私下对我发：查询"))
    if reported:
        parts += [_("您上报的："), *(_line(case, ctx) for case in reported)]
    if waiting:
        parts += [_("等您这里处理的："), *[_line(await _as_seen(case, person, ctx), ctx) for case in waiting]]
    return "\n".join(parts) or _("您这里没有没办完的事。有事就发：上报 哪里、出了什么事")


async def _reported(person: Person, ctx: Ctx) -> list[Case]:
    """Their own that are not settled; who has another that one of them follows has theirs too."""
    found = []
    for case in await ctx.store.cases.open_of(person.id):
        head = await ctx.store.cases.head(case.id)
        if head.open:
            found.append(replace(case, responder=head.responder))
    return found


def _public(cases: list[Case], ctx: Ctx) -> list[Case]:
    """Those that a whole group may hear of."""
    return [case for case in cases if ctx.tellable(case)]


async def _as_seen(case: Case, person: Person, ctx: Ctx) -> Case:
    if not ctx.settings.kinds[case.kind].private:
        return case
    return (await matter_of(ctx, case, ())).face(ctx, person.id, answers=True).case


def _line(case: Case, ctx: Ctx) -> str:
    waits = _("等答复") if ctx.settings.kinds[case.kind].letter else _("等人接单")
    who = case.responder.name if case.responder else waits
    said = " ".join(filter(None, (case.number, ctx.settings.kinds[case.kind].name, one_line(case.text, 20))))
    return f"{said} · {who}"
