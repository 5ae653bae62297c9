"""预警, 通知, 演练: a leader or an officer begins one in private; what is missing is asked for, one thing at a time."""

from domain.chat import ChatKind, Outgoing, Said
from domain.colour import Colour, colour_named
from domain.language import N_, _
from domain.people import LEADING, Person
from domain.refused import Refused
from domain.sayable import checked_text
from domain.stages import Sort
from domain.text import one_line
from handlers.alerts import LIST, listed
from handlers.drafting import begin
from handlers.reach import named_area, tops
from handlers.routing import Ctx, words
from handlers.templates import TEMPLATES, named_template, templates_listed


async def meant_for_the_bot(said: Said, ctx: Ctx) -> bool:
    """In a group “通知：明天停水” is how neighbours tell each other; only what a leader says with a colour, the list
    or a slash is meant for the bot there."""
    if said.chat_kind is ChatKind.PRIVATE or said.text.lstrip().startswith("/"):
        return True
    first = ctx.rest.split(maxsplit=1)[:1]
    if said.sender is None or not first or not (colour_named(first[0]) or first[0] in (*LIST, *TEMPLATES)):
        return False
    person = await ctx.store.people.by_account(said.sender.account)
    return person is not None and any(a.role in LEADING for a in person.appointments)


@words(
    "预警",
    "/alert",
    concerns=meant_for_the_bot,
    at_once=True,
    help=N_("预警 颜色 网格 内容 —— 给一片地方发预警，例如：预警 橙 三网格 水库 18 点泄洪；预警 模板；预警 列表"),
)
async def alert(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await (listed(said, ctx) if one_line(ctx.rest) in LIST else _begin(Sort.ALERT, said, ctx))


@words(
    "通知",
    "/notice",
    concerns=meant_for_the_bot,
    help=N_("通知 网格 内容 —— 给一片地方发通知，例如：通知 三网格 明天 9 点停水"),
)
async def notice(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _begin(Sort.NOTICE, said, ctx)


@words(
    "演练",
    "/drill",
    concerns=meant_for_the_bot,
    help=N_("演练 颜色 网格 内容 —— 演练一次预警，只发给参加演练的群"),
)
async def drill(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _begin(Sort.DRILL, said, ctx)


async def _begin(sort: Sort, said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.someone()
    own = await tops(person, ctx)
    if not own:
        raise Refused(_("这要由队长、网格长或干部来发。有事请发：上报 哪里、出了什么事"))
    if said.chat_kind is ChatKind.GROUP:
        raise Refused(_("这不在群里写，免得还没定的话先传出去。请私下对我发同样的话。"))
    if one_line(ctx.rest) in TEMPLATES:
        return await templates_listed(sort, said, ctx)
    colour, rest = (None, ctx.rest) if sort is Sort.NOTICE else _colour(ctx.rest)
    area, text = await place_and_text(rest, person, ctx)
    template = named_template(text, ctx)
    if template:
        return await begin(sort, said.chat, ctx, template, colour=colour, area=area)
    if sort is not Sort.NOTICE and not colour and not area and rest:
        raise Refused(_("没看懂颜色和地方。颜色有蓝、黄、橙、红，例如：预警 橙 三网格 水库 18 点泄洪"))
    text = checked_text(sort, text) if text else ""
    return await begin(sort, said.chat, ctx, colour=colour, area=area, text=text)


def _colour(rest: str) -> tuple[Colour | None, str]:
    first, _space, more = rest.strip().partition(" ")
    colour = colour_named(first)
    return (colour, more.strip()) if colour else (None, rest.strip())


async def place_and_text(rest: str, person: Person, ctx: Ctx) -> tuple[tuple[str, ...], str]:
    """The place where the first word names one; else all of it is what is to be said."""
    first, *more = rest.split(maxsplit=1)[:2] if rest.strip() else [""]
    area = await named_area(first, person, ctx) if first else ()
    return (area, more[0] if more else "") if area else ((), rest)
