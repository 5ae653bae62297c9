"""模式: one word turns a grid and all below it to the work of the day, and one word puts everything back."""

from collections.abc import Sequence

from domain.chat import Button, ChatId, ChatKind, Outgoing, Pressed, Renamed, Said, Send
from domain.grid import Grid
from domain.language import N_, _
from domain.mode import DAILY, Change, Mode
from domain.people import LEADING, Person, names
from domain.refused import Refused
from domain.text import one_line
from handlers.at_work import answered, begin, carry_out, finish
from handlers.mode_wording import answer_card, daily, mode_title
from handlers.reach import tops
from handlers.routing import Ctx, button, happens, words

_OTHER = N_("这里的模式已经又变了。发“模式”看现在是什么。")


async def meant_for_the_bot(said: Said, ctx: Ctx) -> bool:
    """In a group only the bare word, and what a leader says with something behind it."""
    if said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/") or not ctx.rest:
        return True
    person = await ctx.store.people.by_account(said.sender.account) if said.sender else None
    return person is not None and any(a.role in LEADING for a in person.appointments)


@words(
    "模式",
    "/mode",
    concerns=meant_for_the_bot,
    at_once=True,
    help=N_("模式 防汛 —— 整片换成一种工作：群名、菜单、时限一起变；模式 日常 换回来；模式 看现在是什么"),
)
async def mode(said: Said, ctx: Ctx) -> list[Outgoing]:
    place, _space, word = one_line(ctx.rest).rpartition(" ")
    wanted = ctx.settings.modes.called(word)
    if wanted is None and word.casefold() not in DAILY:
        return [await _status(said, place, word, ctx)]
    grid = await _grid(place, said, ctx)
    person = await ctx.must_lead(grid.code)
    running = (await ctx.store.modes.running()).get(grid.code)
    if running and wanted and running.mode == wanted.name:
        return await _again(running, [said.chat], ctx)
    if running and running.unknown_to(person.who, ctx.now):
        return [_asked_first(running, wanted, grid, said, ctx)]
    outs = await _go_over(grid, running, wanted, person, said.chat, ctx)
    if wanted is None and running and await ctx.store.outbox.cards_in(said.chat, [answer_card(running)]):
        # The card that changes may stand far above the words.
        outs.append(Send(said.chat, _("{grid} 恢复日常了。").format(grid=grid.name), reply_to=said.message_id))
    return outs


@button("mode_over")
async def over_all_the_same(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """Whoever was told that somebody else just changed it changes it all the same, if it is still so."""
    running, grid, person = await _runs(pressed, ctx)
    wanted = ctx.settings.modes.get(pressed.arg(1))
    if wanted is None and pressed.arg(1) != DAILY[1]:
        raise Refused(_(_OTHER))
    return await _go_over(grid, running, wanted, person, pressed.chat, ctx)


@button("mode_end")
async def end(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    running, grid, person = await _runs(pressed, ctx)
    return await _go_over(grid, running, None, person, pressed.chat, ctx)


async def _is_a_grids(incoming: Renamed, ctx: Ctx) -> bool:
    chat = await ctx.store.chats.get(incoming.chat)
    return chat is not None and chat.grid is not None


@happens(Renamed, concerns=_is_a_grids)
async def renamed(_incoming: Renamed, _ctx: Ctx) -> list[Outgoing]:
    """The new name is remembered as that of every chat that is heard from. It is the people's, and stays theirs."""
    return []


async def _runs(pressed: Pressed, ctx: Ctx) -> tuple[Change, Grid, Person]:
    """The change behind a button, where it still holds and the presser has authority."""
    change = await ctx.store.modes.get(pressed.number(0))
    grid = await ctx.store.grids.get(change.grid) if change else None
    if change is None or grid is None:
        raise Refused(_(_OTHER))
    person = await ctx.must_lead(grid.code)
    if not change.runs:
        raise Refused(_(_OTHER))
    return change, grid, person


async def _go_over(
    grid: Grid, running: Change | None, wanted: Mode | None, by: Person, chat: ChatId, ctx: Ctx
) -> list[Outgoing]:
    if wanted:
        change, outs = await begin(Change(grid.code, wanted.name, ctx.now, by.who), ctx)
    elif running:
        change, outs = await finish(running, by.who, ctx)
    else:
        raise Refused(await _nothing_to_end(grid, ctx))
    told = await ctx.store.outbox.chats_with(answer_card(change))
    return [*outs, *await answered(change, list(dict.fromkeys([chat, *told])), ctx)]


async def _again(running: Change, chats: Sequence[ChatId], ctx: Ctx) -> list[Outgoing]:
    """It holds already; the groups that refused their names are asked once more."""
    change, outs = await carry_out(running, ctx, again=True)
    when = ctx.clock(change.since)
    text = _("已经是{mode}模式了（{when} 起，{who} 发起）。没改成名字的群再试一次。").format(
        mode=mode_title(change.mode, ctx), when=when, who=change.by.name
    )
    return [*outs, *(Send(chat, text) for chat in chats), *await answered(change, chats, ctx)]


def _asked_first(running: Change, wanted: Mode | None, grid: Grid, said: Said, ctx: Ctx) -> Send:
    title = wanted.title if wanted else daily()
    text = _("{who} 刚刚（{when}）把{grid}改成了{mode}模式。还要改成{new}吗？").format(
        who=running.by.name,
        when=ctx.clock(running.since),
        grid=grid.name,
        mode=mode_title(running.mode, ctx),
        new=title,
    )
    change = Button(_("改成{mode}").format(mode=title), f"mode_over:{running.id}:{wanted.name if wanted else DAILY[1]}")
    return Send(said.chat, text, ((change,),), reply_to=said.message_id)


async def _nothing_to_end(grid: Grid, ctx: Ctx) -> str:
    rungs, running = await ctx.rungs(grid.code), await ctx.store.modes.running()
    above = next((rung for rung in rungs if rung.grid.code in running), None)
    if above:
        text = _("{grid} 跟着 {above} 是{mode}模式，要由 {who} 在那里恢复：模式 {above} 日常")
        return text.format(
            grid=grid.name,
            above=above.grid.name,
            mode=mode_title(running[above.grid.code].mode, ctx),
            who=names(a for a in above.answerers if a.role in LEADING) or _("管那一片的人"),
        )
    last = await ctx.store.modes.last(grid.code)
    text = _("{grid} 已经是日常了。").format(grid=grid.name)
    if last and last.ended_by and last.ended_at:
        text += _("（{when} 由 {who} 恢复）").format(when=ctx.clock(last.ended_at), who=last.ended_by.name)
    return text


# -- what is on --------------------------------------------------------------------------------------------------------


async def _status(said: Said, place: str, word: str, ctx: Ctx) -> Send:
    """What holds here or in the grid that is named, and what there is to choose from."""
    named = f"{place} {word}".strip()
    if named and not await ctx.store.grids.find(named):
        raise Refused(_("没有“{word}”这个模式。{modes}").format(word=one_line(word, 20), modes=_choice(ctx)))
    grid = await _grid(named, said, ctx)
    return Send(said.chat, "\n".join([await _holding(grid, ctx), _choice(ctx)]), reply_to=said.message_id)


async def _holding(grid: Grid, ctx: Ctx) -> str:
    running, rungs = await ctx.store.modes.running(), await ctx.rungs(grid.code)
    at = next((rung.grid for rung in rungs if rung.grid.code in running), None)
    if at is None:
        return _("{grid} 现在是日常，没有别的模式。").format(grid=grid.name)
    change = running[at.code]
    text = _("{grid} 现在是{mode}模式，{when} 起，{who} 发起。").format(
        grid=grid.name, mode=mode_title(change.mode, ctx), when=ctx.clock(change.since), who=change.by.name
    )
    return text if at.code == grid.code else text + _("（跟着 {above}）").format(above=at.name)


def _choice(ctx: Ctx) -> str:
    modes = "、".join(mode.title for mode in ctx.settings.modes)
    return _("可以选：{modes}、日常。网格长或干部说：模式 防汛，或 模式 网格名 防汛").format(modes=modes)


async def _grid(place: str, said: Said, ctx: Ctx) -> Grid:
    """The one that is named, else this group's, else the speaker's own."""
    if place:
        return await ctx.grid(place)
    if ctx.in_group:
        own = [ctx.chat.grid] if ctx.chat and ctx.chat.grid else []
    else:
        person = ctx.someone()
        own = await tops(person, ctx) or list(person.homes[:1])
    found = await ctx.store.grids.get(own[0]) if len(own) == 1 else None
    if found is None:
        raise Refused(_("请写明是哪个网格，例如：模式 侯官村 防汛"))
    return found
