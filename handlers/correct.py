"""更正: what the bot understood wrongly is put right by a tap, by its reporter or by whoever works on it."""

from dataclasses import replace

from domain.case import Case, State
from domain.chat import Button, ChatId, Outgoing, Pressed, Rows, Send, Withdraw
from domain.escalation import first_to_answer
from domain.facts import QUESTIONS, answered, spoken
from domain.kinds import Kind
from domain.language import _
from domain.people import Person
from domain.refused import Refused
from handlers.all_clear import follow
from handlers.cards import card_name, enclosures, everywhere, unask
from handlers.discretion import way
from handlers.gathered import more_is_known
from handlers.intake import begin
from handlers.on_call import told_first
from handlers.questions import ask_place, overtaken
from handlers.routing import Ctx, button


@button("correct")
async def menu(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.pressed_case(pressed)
    await ctx.must_know_of(case)
    text = _("{number} 哪里不对？点一下就改过来。").format(number=case.number)
    return [Send(pressed.chat, text, _choices(case, ctx), card=f"correct:{case.id}")]


def _choices(case: Case, ctx: Ctx) -> Rows:
    """Other kinds, what this kind asks about, and the place; two to a row, for a small screen and an old thumb."""
    fix = f"fix:{case.id}"
    kinds = [Button(_("是{kind}").format(kind=k.name), f"{fix}:kind:{k.kind}") for k in ctx.settings.kinds]
    asked = [q for q in QUESTIONS.get(case.kind, ()) if q.field == "severity"]
    levels = [Button(_(label), f"{fix}:severity:{value}") for q in asked for label, value in q.answers]
    danger = (
        Button(_("没有人有危险"), f"{fix}:danger:no")
        if case.facts.danger
        else Button(_("有人有危险"), f"{fix}:danger:yes")
    )
    buttons = [
        *(b for b in kinds if not b.data.endswith(f":{case.kind}")),
        *(b for b in levels if not b.data.endswith(f":{case.facts.severity}")),
        danger,
        Button(_("地点不对"), f"{fix}:place:"),
    ]
    return tuple(tuple(buttons[i : i + 2]) for i in range(0, len(buttons), 2))


@button("fix")
async def fix(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case = await ctx.case_here(pressed.arg(0))
    by = await ctx.must_know_of(case)
    field, value = pressed.arg(1), pressed.arg(2)
    if field == "place":
        return [await ask_place(case, pressed.chat, ctx, card=f"correct:{case.id}")]
    if field == "kind":
        return [*await _change_kind(case, _kind(value, ctx), by, pressed, ctx), _done(case, pressed.chat)]
    known, facts = case.facts, answered(case.facts, field, value)
    kind = await ctx.kind(case.kind, case.origin)
    case = await ctx.store.cases.save(case.correct(facts, by.who, spoken(facts), kind, ctx.now))
    outs = [*await more_is_known(ctx, case, known), *await overtaken(case, known, ctx)]
    return [*outs, _done(case, pressed.chat)]


def _done(case: Case, chat: ChatId) -> Send:
    return Send(chat, _("{number} 改好了，谢谢。").format(number=case.number), card=f"correct:{case.id}")


def _kind(value: str, ctx: Ctx) -> Kind:
    found = next((kind for kind in ctx.settings.kinds if kind.kind == value), None)
    if found is None:
        raise Refused(_("这个按钮失效了。发“查询”看进展。"))
    return found


async def _change_kind(case: Case, kind: Kind, by: Person, pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Another kind has other clocks and other hearers; what is private from now on leaves the
    groups."""
    if ctx.settings.kinds[case.kind].private and not kind.private and case.state is not State.REPORTED:
        raise Refused(_("{number} 已经有人私下在处理，不能改成公开的事。").format(number=case.number))
    kind, rungs = await ctx.kind(kind.kind, case.origin), await ctx.rungs(case.origin)
    heard_by = await way(ctx, replace(case, kind=kind.kind))
    rung = first_to_answer(heard_by, kind)
    case = case.rekind(kind, rung.grid.code if rung else case.grid, by.who, ctx.now)
    case = await ctx.store.cases.save(case)
    outs, begun = [*await follow(case, ctx), *await unask(ctx, case)], await begin(case, ctx)
    heard = await told_first(ctx, case, rung)
    if kind.guarded:
        groups = {chat for rung in rungs for chat in rung.groups}
        if not kind.private:
            groups -= {case.reported_in, *rungs[0].groups}
        standing = await ctx.store.outbox.chats_with(card_name(case))
        outs += [Withdraw(chat, card_name(case)) for chat in standing if chat in groups]
        shown = [*(chat for chat in standing if chat not in groups), *heard]
        outs += [*await everywhere(ctx, case, shown, without=groups)]
    else:
        new = [chat for chat in heard if chat != pressed.chat]
        outs += [*await everywhere(ctx, case, new), *await enclosures(ctx, case, new)]
    return outs + begun
