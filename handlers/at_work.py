"""What a work mode means in each group: its name, its menu, the card on top; and all of it put back afterwards."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from domain.chat import ChatId, Command, Due, Entitle, Menu, Outgoing, Promise, Send, Undelivered
from domain.language import _
from domain.mode import Change, Mode, Naming, found_otherwise, renamed
from domain.people import Who
from domain.text import one_line
from handlers.mode_wording import answer_card, answer_rows, answer_text, card_text, over_text
from handlers.routing import Ctx, due
from storage.modes import Group

PAGE = 200
"""Groups that are seen to in one transaction: a county's 35,000 must not keep everybody else waiting."""

ANSWER_EVERY = timedelta(seconds=5)
"""How often the answer to a change is said anew while groups refuse their names."""

ABOUT_CHARS = 100
"""Of a command's help line in a menu: two lines on a phone."""


async def begin(change: Change, ctx: Ctx) -> tuple[Change, list[Outgoing]]:
    """From now on this mode holds there, instead of the one that may have begun there before."""
    before = (await ctx.store.modes.running()).get(change.grid)
    if before:
        await ctx.store.modes.save(before.end(change.by, ctx.now))
    await ctx.store.duty.look_again(change.grid, ctx.now)
    return await carry_out(await ctx.store.modes.begin(change), ctx)


async def finish(change: Change, by: Who, ctx: Ctx) -> tuple[Change, list[Outgoing]]:
    """What was there before holds again: every day's work, or the mode of a grid above."""
    await ctx.store.duty.look_again(change.grid, ctx.now)
    return await carry_out(change.end(by, ctx.now), ctx)


async def carry_out(change: Change, ctx: Ctx, *, again: bool = False) -> tuple[Change, list[Outgoing]]:
    """One page of its groups; the clock brings the next. `again` where those that refused are asked once more."""
    groups = await ctx.store.modes.groups(change.grid, change.after, PAGE)
    more = len(groups) == PAGE
    after = (groups[-1].chat.channel, groups[-1].chat.chat) if more else ("", "")
    change = await ctx.store.modes.save(replace(change, after=after, due_at=ctx.now if more else None))
    return change, await see_to(groups, ctx, change, again=again)


async def see_to(
    groups: Sequence[Group], ctx: Ctx, change: Change | None = None, *, again: bool = False
) -> list[Outgoing]:
    """Each of these as its work wants it; where all is as it should be, nothing happens. `change` is why we look."""
    running = await ctx.store.modes.running()
    await ctx.store.grids.look_up([group.grid for group in groups])
    before = await ctx.store.modes.changes(group.at_work for group in groups if group.at_work)
    outs: list[Outgoing] = []
    kept: list[Group] = []
    for group in groups:
        holds = next((running[r.grid.code] for r in await ctx.rungs(group.grid) if r.grid.code in running), None)
        if (holds.id if holds else None) == group.at_work and not (again and group.naming and group.naming.why):
            continue
        held = before.get(group.at_work or 0)
        mode = ctx.settings.modes.get(holds.mode) if holds else None
        naming, name = renamed(group.naming, group.title, mode)
        done = holds or change or held
        kept.append(replace(group, change=done.id if done else group.change, naming=naming))
        outs += [*_furnish(group, held, holds, ctx), *_entitled(group, naming, name)]
    await ctx.store.modes.keep(kept)
    return outs


async def at_work(chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    """The same of one group that came in, or came back, in the middle of it."""
    group = await ctx.store.modes.group(chat)
    return await see_to([group], ctx, again=True) if group else []


async def all_at_work(grid: str, ctx: Ctx) -> list[Outgoing]:
    """The same of a grid that has another parent now, with all below it."""
    await ctx.store.duty.look_again(grid, ctx.now)
    outs: list[Outgoing] = []
    after = ("", "")
    while groups := await ctx.store.modes.groups(grid, after, PAGE):
        outs += await see_to(groups, ctx)
        after = (groups[-1].chat.channel, groups[-1].chat.chat)
    return outs


def _entitled(group: Group, naming: Naming, name: str | None) -> list[Outgoing]:
    return [Entitle(group.chat, name, naming.ours)] if name is not None else []


def _furnish(group: Group, held: Change | None, holds: Change | None, ctx: Ctx) -> list[Outgoing]:
    """The menu, and the card on top: the old one says that it is over, for services do not let old words be deleted."""
    if held and holds and held.id == holds.id:
        return []
    old, new = (ctx.settings.modes.get(one.mode) if one else None for one in (held, holds))
    outs: list[Outgoing] = []
    if held:
        text = over_text(held, holds, ctx)
        outs.append(Send(group.chat, text, promise=Promise.CARD, card=mode_card(held, group), unpin=True))
    if holds and new:
        text = card_text(holds, new, ctx)
        outs.append(
            Send(group.chat, text, promise=Promise.CARD, card=mode_card(holds, group), pin=True, wakes=not new.quiet)
        )
    if (old and old.menu) or (new and new.menu):
        outs.append(Menu(group.chat, commands(new, ctx) if new else ()))
    return outs


def mode_card(change: Change, group: Group) -> str:
    """Of a name of its own in each grid: one name for a county's groups would be looked up in all of them each time."""
    return f"mode:{change.id}:{group.grid}"


def commands(mode: Mode, ctx: Ctx) -> tuple[Command, ...]:
    """The commands of its menu, each with its own help line."""
    helps = {word: _(route.help) for route in ctx.routes.all for word in route.words if route.help}
    return tuple(Command(word, one_line(helps[f"/{word}"], ABOUT_CHARS)) for word in mode.menu if f"/{word}" in helps)


@due("mode")
async def go_on(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    """The next page; after the last one, the answer to the change as it has to be now."""
    change = await ctx.store.modes.get(lapsed.id)
    if change is None:
        return []
    outs: list[Outgoing] = []
    if change.after != ("", ""):
        change, outs = await carry_out(change, ctx)
    else:
        change = await ctx.store.modes.save(replace(change, due_at=None))
    if change.due_at:
        return outs
    chats = await ctx.store.outbox.chats_with(answer_card(change))
    return [*outs, *await answered(change, chats, ctx)] if chats else outs


async def answered(change: Change, chats: Sequence[ChatId], ctx: Ctx, reply_to: str | None = None) -> list[Outgoing]:
    """Whoever changed it reads what is different now, and which groups did not go along."""
    text, rows = await answer_text(change, ctx), answer_rows(change)
    return [Send(chat, text, rows, Promise.CARD, answer_card(change), reply_to=reply_to, wakes=True) for chat in chats]


async def not_named(incoming: Undelivered, ctx: Ctx) -> list[Outgoing]:
    """A group did not get its name: somebody changed it by hand, or the service does not allow it. The rest goes on."""
    group = await ctx.store.modes.group(incoming.chat)
    if group is None or group.naming is None or group.change is None:
        return []
    naming, name = replace(group.naming, why=incoming.why), None
    if found := incoming.chat_title:
        mode = await ctx.mode(group.grid)
        naming, name = found_otherwise(group.naming, found, None if group.naming.put_back else mode)
        await ctx.store.chats.entitle(group.chat, found)
    await ctx.store.modes.keep([replace(group, naming=naming)])
    await ctx.store.modes.show_anew(group.change, ctx.now + ANSWER_EVERY)
    return _entitled(group, naming, name)
