"""汇总: many reports of one thing as one case of the grid they share, changing no oftener than anybody can read."""

from dataclasses import replace

from domain.case import Case
from domain.chat import ChatId, Due, Outgoing, Promise, Send
from domain.escalation import everybody, hearers
from domain.facts import Facts
from domain.gathering import Picture, next_showing
from domain.language import _
from handlers.cards import aloud, card_name, enclosures, everywhere, place, summarise, summary_name
from handlers.discretion import way
from handlers.routing import Ctx, due


@due("summary")
async def show(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """What is new is shown to all at once; that somebody more is in danger is said aloud where it is answered for."""
    head = await ctx.case(str(lapsed.id))
    before = await _seen(ctx, head)
    seen = await ctx.store.sameness.seen(head.id)
    await ctx.store.sameness.show(head.id, seen, ctx.now)
    outs = await everywhere(ctx, head)
    if head.open and seen.endangered > before.endangered:
        text = _("{number} 有人遇险 {n} 处，请看卡片。").format(number=head.number, n=seen.endangered)
        rung = next((rung for rung in await ctx.rungs(head.origin) if rung.grid.code == head.grid), None)
        outs += await aloud(ctx, head, everybody(rung, ctx.settings.kinds[head.kind], head.origin), text)
    return outs


async def won_a_voice(ctx: Ctx, head: Case, here: ChatId | None = None) -> list[Outgoing]:
    """Somebody else reported it: where they said so its card changes at once, everywhere else when it is time."""
    if not head.gathered:
        return await everywhere(ctx, head)
    seen, shown = await ctx.store.sameness.seen(head.id), await ctx.store.sameness.shown(head.id)
    if shown:
        settings = ctx.settings
        at = next_showing(shown[0], seen, shown[1], settings.summary_every, settings.worse_every)
        await ctx.store.sameness.show_by(head.id, at)
    if here is None:
        return []
    standing = await ctx.store.outbox.cards_in(here, [card_name(head), summary_name(head)])
    if not standing:
        return []
    shown_here = await (place if card_name(head) in standing else summarise)(ctx, head, [here])
    return [replace(out, passing=True) if isinstance(out, Send) else out for out in shown_here]


async def more_is_known(ctx: Ctx, case: Case, known: Facts) -> list[Outgoing]:
    """What was added to a report, or put right in it, shows on its card, and on that of the whole it is a part of.
    `known` is what was known before: that somebody is in danger after all is said aloud, once."""
    late = case.facts.danger and not known.danger
    text = _("{number} 有人有危险，请马上看卡片。").format(number=case.number)
    first = await _first_to_hear(ctx, case) if late else ()
    outs = [*await everywhere(ctx, case, first), *await aloud(ctx, case, first, text, Promise.LIFE)]
    if not case.merged_into:
        return outs
    head = await ctx.store.cases.head(case.id)
    outs += await won_a_voice(ctx, head)
    # A case made of many says so itself, of all who are in danger at once.
    whole = await _first_to_hear(ctx, head) if late and not head.gathered else ()
    return outs + await aloud(ctx, head, [chat for chat in whole if chat not in first], text, Promise.LIFE)


async def _first_to_hear(ctx: Ctx, case: Case) -> list[ChatId]:
    """Those who are told of a new case there, and whoever has it in hand."""
    rung = next((rung for rung in await way(ctx, case) if rung.grid.code == case.grid), None)
    theirs = await ctx.store.people.private_chats(case.responder.id) if case.responder else []
    return list(dict.fromkeys([*hearers(rung, ctx.settings.kinds[case.kind], case.origin), *theirs]))


async def lost_a_voice(ctx: Ctx, head: Case) -> list[Outgoing]:
    """One was taken out or back. What nobody reports any more is over; what all have answered is closed."""
    if head.gathered and head.due_at:
        voices = await ctx.store.sameness.voices(head.id)
        over = not voices if head.open else all(voice.answered or voice.reporter is None for voice in voices)
        if over:
            head = await ctx.store.cases.save(head.end(ctx.now))
    return await everywhere(ctx, head)


async def answer(ctx: Ctx, case: Case, head: Case, said_in: ChatId) -> list[Outgoing]:
    """A report of something that has its case: its reporter hears so at once, those nearest see the whole of it, and
    nobody further up hears one message more."""
    kind, rungs = ctx.settings.kinds[case.kind], await ctx.rungs(case.origin)
    hear = everybody if case.facts.danger else hearers
    near = next((hear(rung, kind, case.origin) for rung in rungs if rung.grid.code == case.grid), ())
    # Whoever is in danger is nobody's duplicate: those nearest hear of them by a card of their own.
    told = dict.fromkeys([said_in, *(near if case.facts.danger else ())])
    outs = await place(ctx, case, told)
    outs += await enclosures(ctx, case, [chat for chat in near if chat != said_in])
    outs += await won_a_voice(ctx, head, said_in)
    return outs + await look_on(ctx, case, head, {said_in})


async def look_on(ctx: Ctx, case: Case, head: Case, but: set[ChatId]) -> list[Outgoing]:
    """Those between where it was reported and where it is answered for see the whole of it too."""
    kind, rungs = ctx.settings.kinds[case.kind], await ctx.rungs(case.origin)
    codes = [rung.grid.code for rung in rungs]
    lowest, highest = codes.index(case.grid), codes.index(head.grid) if head.grid in codes else len(codes)
    chats = dict.fromkeys(chat for rung in rungs[lowest:highest] for chat in hearers(rung, kind, case.origin))
    standing = {*await ctx.store.outbox.chats_with(summary_name(head))}
    standing.update(await ctx.store.outbox.chats_with(card_name(head)))
    return await summarise(ctx, head, [chat for chat in chats if chat not in standing | but])


async def _seen(ctx: Ctx, head: Case) -> Picture:
    shown = await ctx.store.sameness.shown(head.id)
    return shown[0] if shown else Picture()
