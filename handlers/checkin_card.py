"""What is asked of somebody who lives alone, and what those are shown who go and look; never in a group."""

from collections.abc import Iterable

from domain.chat import Button, ChatId, Outgoing, Promise, Rows, Send
from domain.checkin import CheckIn
from domain.language import _
from domain.people import LEADING
from handlers.routing import Ctx


def question_card(checkin: CheckIn) -> str:
    """A new one each day: yesterday's stands far up in the chat."""
    return f"checkin:{checkin.id}:{checkin.asked_at:%Y%m%d}"


def alarm_card(checkin: CheckIn) -> str:
    return f"alarm:{checkin.id}:{checkin.asked_at:%Y%m%d}"


async def own_chats(checkin: CheckIn, ctx: Ctx) -> list[ChatId]:
    return await ctx.store.people.private_chats(checkin.person) if checkin.person else []


async def family_chats(checkin: CheckIn, ctx: Ctx) -> list[ChatId]:
    return await ctx.store.people.private_chats(checkin.contact.person) if checkin.contact.person else []


async def questions(checkin: CheckIn, ctx: Ctx) -> list[Outgoing]:
    """To their own phone; where they have none, their leader is asked to knock."""
    own = await own_chats(checkin, ctx)
    if own:
        text = _("{name}，您今天好吗？好的话请点“我很好”，或者随便回我一句话。").format(name=checkin.name)
        rows: Rows = ((Button(_("我很好"), f"fine:{checkin.id}"),),)
        return [Send(chat, text, rows, Promise.CARD, question_card(checkin)) for chat in own]
    text = _("请去敲门看看{name}今天好不好（{hour}）。看到人了，请点“已敲门”。").format(
        name=checkin.name, hour=checkin.spoken_hour
    )
    rows = ((Button(_("已敲门"), f"knocked:{checkin.id}"),),)
    return [Send(chat, text, rows, Promise.CARD, question_card(checkin)) for chat in await _knockers(checkin, ctx)]


async def _knockers(checkin: CheckIn, ctx: Ctx) -> list[ChatId]:
    """The squad's leader, else whoever answers nearest."""
    for rung in await ctx.rungs(checkin.grid):
        leaders = [a.chat for a in rung.answerers if a.chat and a.role in LEADING]
        if chats := leaders or list(rung.private_chats):
            return list(dict.fromkeys(chats))
    return await ctx.owner_chats()


async def alarms(checkin: CheckIn, ctx: Ctx, chats: Iterable[ChatId] = ()) -> list[Outgoing]:
    """The alarm in these chats, and as it is now wherever it stands already."""
    family, card = await family_chats(checkin, ctx), alarm_card(checkin)
    everywhere = dict.fromkeys([*await ctx.store.outbox.chats_with(card), *chats])
    texts = {kin: await alarm_text(checkin, ctx, to_family=kin) for kin in (True, False)}
    rows = ((Button(_("我去看"), f"going:{checkin.id}"), Button(_("人没事"), f"knocked:{checkin.id}")),)
    return [Send(chat, texts[chat in family], rows, Promise.LIFE, card) for chat in everywhere]


async def alarm_text(checkin: CheckIn, ctx: Ctx, *, to_family: bool) -> str:
    """Whoever is to go is given the numbers to call first."""
    path = await ctx.store.grids.path(checkin.grid)
    lines = [
        _("❗ {name}（{grid}）今天 {hour} 该报平安，到现在没有消息。").format(
            name=checkin.name, grid=path[0].name, hour=checkin.spoken_hour
        )
    ]
    if checkin.goer and checkin.due_at:
        lines.append(
            _("{who} 去看了，{time} 前没有回话就再往上报。").format(
                who=checkin.goer.name, time=ctx.clock(checkin.due_at)
            )
        )
    else:
        lines.append(_("请马上打电话或上门看看，见到人了请点“人没事”。人不舒服，先打 120。"))
    if checkin.phone:
        lines.append(_("本人电话：{phone}").format(phone=checkin.phone))
    if checkin.contact.spoken and not to_family:
        lines.append(_("家人：{family}").format(family=checkin.contact.spoken))
    return "\n".join(lines)
