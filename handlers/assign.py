"""派单: a leader names the responder, by a tap on a name or in words."""

from domain.case import Case
from domain.chat import Button, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.people import Person
from domain.refused import Refused
from domain.text import one_line
from handlers.cards import aloud, enclosures, everywhere
from handlers.discretion import parties, way
from handlers.routing import Ctx, button, words
from handlers.voices import tell_reporters

MOST_CHOICES = 12
"""Names offered to tap; anybody else is named in words."""


@button("assign")
async def choose(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Who could take it: those who answer for the grids on the case's way."""
    case = await ctx.pressed_case(pressed)
    await ctx.must_work_on(case)
    near = {a.person: a.name for rung in await way(ctx, case) for a in rung.answerers}
    taken_by = case.responder.id if case.responder else None
    choices = [Button(name, f"assign_to:{case.id}:{person}") for person, name in near.items() if person != taken_by][
        :MOST_CHOICES
    ]
    text = _("{number} 派给谁？点名字；别人请发：派单 {n} 姓名").format(number=case.number, n=case.id)
    rows = tuple(tuple(choices[i : i + 2]) for i in range(0, len(choices), 2))
    return [Send(pressed.chat, text, rows, card=f"assign:{case.id}")]


@button("assign_to")
async def assign(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.case_here(pressed.arg(0))
    to = await ctx.store.people.get(pressed.number(1))
    rungs = await way(ctx, case)
    if to is None or to.id not in {a.person for rung in rungs for a in rung.answerers}:
        raise Refused(_("这个人现在不管这一片了，请另选一位"))
    outs = await _give(case, to, pressed, ctx)
    done = _("{number} 已派给 {who}").format(number=case.number, who=to.name)
    return [*outs, Send(pressed.chat, done, card=f"assign:{case.id}")]


@words("派单", "/assign", help=N_("派单 编号 姓名 —— 请这个人来处置"))
async def assign_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _space, name = one_line(ctx.rest).partition(" ")
    case = await ctx.case_here(number)
    person = await ctx.must_work_on(case)
    if not name:
        raise Refused(_("请写上派给谁，例如：派单 {n} 张三").format(n=case.id))
    found = await _named(name, case, person, ctx)
    if len(found) > 1:
        raise Refused(_("叫 {name} 的有 {n} 位，请在卡片上点“派单”选人").format(name=name, n=len(found)))
    if not found:
        raise Refused(_("没有找到叫 {name} 的队长、副手或干部，也可能还没加入。").format(name=name))
    return await _give(case, found[0], said, ctx)


async def _named(name: str, case: Case, by: Person, ctx: Ctx) -> list[Person]:
    """Whom somebody can mean: within the highest grid on the case's way that they have authority over."""
    path = await ctx.store.grids.path(case.origin)
    mine = [grid.code for grid in path if by.owner or any(a.grid == grid.code for a in by.appointments)]
    return await ctx.store.people.named_below(name, mine[-1] if mine else case.origin)


async def _give(case: Case, to: Person, incoming: Said | Pressed, ctx: Ctx) -> list[Outgoing]:
    by, private = await ctx.must_work_on(case), ctx.settings.kinds[case.kind].private
    if private and to.id in await parties(ctx, case):
        raise Refused(_("{who} 是当事人，不能调解自己的事。").format(who=to.name))
    case = case.assign(to.who, by.who, await ctx.kind(case.kind, case.origin), ctx.now)
    case = await ctx.store.cases.save(case)
    theirs = await ctx.store.people.private_chats(to.id)
    told = await tell_reporters(ctx, case, _("{number} 已派给 {who} 处理。").format(number=case.number, who=to.name))
    text = _("{who} 把 {number} 派给您了，请看卡片。").format(who=by.name, number=case.number)
    called = await aloud(ctx, case, theirs, text) if to.id != by.id else []
    shown = await enclosures(ctx, case, theirs) if private else []
    return [*await everywhere(ctx, case, [incoming.chat, *theirs]), *called, *shown, *told]
