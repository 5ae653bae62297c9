"""摸排: a leader or an officer has every household of a grid asked; what that means is shown before it begins."""

from datetime import datetime, timedelta

from domain.chat import Button, ChatKind, Outgoing, Pressed, Promise, Said, Send
from domain.duration import spoken
from domain.grid import Grid
from domain.language import N_, _
from domain.people import LEADING, Person
from domain.refused import Refused
from domain.sayable import checked_text
from domain.stages import Sort
from domain.survey import Survey
from domain.sweep import DRAFT_KEPT, Sweep, must_fit
from domain.sweep_words import read_request, read_until
from domain.text import one_line
from handlers.reach import tops
from handlers.routing import Ctx, button, words
from handlers.sweep_card import headline, top_card, worded
from handlers.sweep_list import LIST, listed
from storage.sweeps import Extent

GENERAL = "general"
"""The survey of a sweep whose name is none that is prepared."""

LONGEST_TITLE = 20


async def meant_for_the_bot(said: Said, ctx: Ctx) -> bool:
    """In a group people talk of a 摸排 too; what a leader says there with a survey or an end is meant for the bot."""
    if said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/"):
        return True
    request = read_request(ctx.rest)
    named = [ctx.settings.surveys.called(word) for word in (request.words, *request.words.split()[1:])]
    if said.sender is None or not (request.until or any(named) or request.words in LIST):
        return False
    person = await ctx.store.people.by_account(said.sender.account)
    return person is not None and any(a.role in LEADING for a in person.appointments)


@words(
    "摸排",
    "/sweep",
    concerns=meant_for_the_bot,
    help=N_("摸排 网格 内容 截止 时间 —— 一户一户问到，例如：摸排 三网格 台风转移 截止 18:00；摸排 列表"),
)
async def sweep(said: Said, ctx: Ctx) -> list[Outgoing]:
    person, request = ctx.someone(), read_request(ctx.rest)
    if not request.words or request.words in LIST:
        return await listed(said, ctx)
    grid, named = await _place(request.words, person, ctx)
    await ctx.must_lead(grid.code)
    if not named:
        titles = "、".join(survey.title for survey in ctx.settings.surveys)
        raise Refused(_("请写摸排什么：{titles}，例如：摸排 {grid} 台风转移 截止 18:00").format(
            titles=titles, grid=grid.name))  # fmt: skip
    survey = _survey(named, request.drill, ctx)
    drafted = await _draft(grid, survey, _closes_at(request.until, ctx), request.drill, person, ctx)
    return [await _preview(drafted, said, ctx)]


@button("sweep_pick")
async def picked(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """One of the surveys, for the grid that is the speaker's own here."""
    survey, person = ctx.settings.surveys.get(pressed.arg(0)), ctx.someone()
    if survey is None:
        raise Refused(_("这个按钮失效了。"))
    grid = await _own_grid(person, ctx)
    await ctx.must_lead(grid.code)
    drafted = await _draft(grid, survey, _closes_at("", ctx), ctx.settings.training, person, ctx)
    return [await _preview(drafted, pressed, ctx)]


async def _place(said: str, person: Person, ctx: Ctx) -> tuple[Grid, str]:
    """The grid that the first word names, else the speaker's own here; and the rest, which says what is asked."""
    if ctx.settings.surveys.called(said):
        return await _own_grid(person, ctx), said
    first, _space, rest = said.partition(" ")
    found = await ctx.store.grids.find(one_line(first, 40))
    if len(found) > 1:
        mine = await ctx.store.areas.codes(await tops(person, ctx))
        found = [grid for grid in found if grid.code in mine] or found
    if found:
        return (found[0] if len(found) == 1 else await ctx.grid(first)), rest.strip()
    if ctx.settings.surveys.called(rest):
        raise Refused(_("没有叫 {name} 的网格。请核对编号或名称。").format(name=one_line(first, 40)))
    return await _own_grid(person, ctx), said


async def _own_grid(person: Person, ctx: Ctx) -> Grid:
    """The group's, or in private the one grid that the speaker leads."""
    own = [ctx.chat.grid] if ctx.chat and ctx.chat.grid else await tops(person, ctx)
    if not own:
        raise Refused(_("这要由队长、网格长或干部来发。有事请发：上报 哪里、出了什么事"))
    if len(own) > 1:
        raise Refused(_("您管的网格有几个，请写上是哪一个，例如：摸排 三网格 台风转移 截止 18:00"))
    return await ctx.grid(own[0])


def _survey(named: str, drill: bool, ctx: Ctx) -> Survey:
    """The one of this name; else a general one that bears it."""
    survey = ctx.settings.surveys.called(named)
    if survey:
        return survey
    general = ctx.settings.surveys.get(GENERAL)
    title = checked_text(Sort.DRILL if drill else Sort.ALERT, named)
    if general is None or len(title) > LONGEST_TITLE or "\n" in title:
        raise Refused(_("没看懂。请写：摸排 网格 内容 截止 时间，例如：摸排 三网格 台风转移 截止 18:00"))
    return Survey(general.name, title, general.question, general.choices, (), general.unit, general.opens)


async def _draft(
    grid: Grid, survey: Survey, closes_at: datetime, drill: bool, person: Person, ctx: Ctx, repeats: int | None = None
) -> Sweep:
    if ctx.settings.training and not drill:
        raise Refused(_("现在是练习模式，只能演练。请发：摸排 演练 台风转移 截止 18:00"))
    if drill and grid.code not in await ctx.store.areas.codes(sorted(ctx.settings.drill_grids)):
        raise Refused(
            _("{grid}没有参加演练。请管理员在配置的 [drill] grids 里写上要演练的网格。").format(grid=grid.name)
        )
    must_fit(closes_at, ctx.now)
    return await ctx.store.sweeps.add(
        Sweep(
            grid.code, survey, person.who, person.who, ctx.now, closes_at,
            drill=drill, repeats=repeats, due_at=ctx.now + DRAFT_KEPT,
        )
    )  # fmt: skip


def _closes_at(until: str, ctx: Ctx) -> datetime:
    if not until:
        return ctx.now + ctx.settings.sweep_lasts
    read = read_until(until, ctx.now.astimezone(ctx.settings.timezone))
    if read is None:
        raise Refused(_("没看懂截止时间。请写：截止 18:00，或 截止 2小时"))
    return read


async def again(earlier: Sweep, person: Person, pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """再摸一遍: the same questions, to those whose answer is not settled."""
    grid = await ctx.grid(earlier.grid)
    lasted = earlier.closes_at - (earlier.began_at or earlier.created_at)
    drafted = await _draft(grid, earlier.survey, ctx.now + lasted, earlier.drill, person, ctx, earlier.id)
    return [await _preview(drafted, pressed, ctx)]


async def _preview(sweep: Sweep, asked: Said | Pressed, ctx: Ctx) -> Send:
    """What will happen to whom, to be read before 开始."""
    extent, grid = await ctx.store.sweeps.extent(sweep.grid), await ctx.grid(sweep.grid)
    if not extent.households:
        raise Refused(_("{grid}的名册上还没有住户，没有人可问。请先导入住户（gridbot import households）。").format(
            grid=grid.name))  # fmt: skip
    lines = [
        headline(sweep, grid.name),
        *_whom(sweep, extent),
        _("{when} 截止（{time}）").format(
            when=ctx.clock(sweep.closes_at),
            time=spoken(timedelta(minutes=round((sweep.closes_at - ctx.now) / timedelta(minutes=1)))),
        ),
        _("每户问：{question}").format(question=sweep.survey.question),
        _("回答：{labels}").format(labels="、".join(one.label for one in sweep.survey.choices)),
        _("点“开始”，每个队长就收到一张清单。"),
    ]
    go = (Button(_("开始"), f"sweep_begin:{sweep.id}"), Button(_("不做了"), f"sweep_drop:{sweep.id}"))
    return Send(asked.chat, worded(sweep, "\n".join(lines)), (go,), Promise.CARD, top_card(sweep))


def _whom(sweep: Sweep, extent: Extent) -> list[str]:
    lines = [_("{squads} 个小队，{households} 户").format(squads=extent.squads, households=extent.households)]
    if extent.cared_for:
        lines.append(_("其中 {n} 户要照顾，排在前面问").format(n=extent.cared_for))
    if sweep.repeats:
        lines.append(_("上次（第 {n} 号）问好的不再问，只问没问好的和新来的").format(n=sweep.repeats))
    if extent.without:
        lines.append(_("{n} 个小队的名册上没有住户，问不到").format(n=extent.without))
    return lines
