"""通过, 驳回, 退回修改: a second person with authority over all of it decides, from their own account, in private."""

from domain.broadcast import Broadcast
from domain.chat import ChatKind, Outgoing, Pressed, Said, Send
from domain.language import _
from domain.people import Person
from domain.refused import Refused
from domain.text import one_line
from handlers.draft_card import the_broadcast
from handlers.reach import must_command, still_commands
from handlers.release import author_hears, lapse, let_out
from handlers.routing import Ctx, button, form


@button("alert_approve")
async def approve(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await _to_decide(pressed.arg(0), pressed, ctx)
    if broadcast.training != ctx.settings.training:
        return await lapse(broadcast, _("写的时候是另一种模式（演练/实战），不能发，已经作废。请重新写。"), ctx)
    if not await still_commands(broadcast.author, broadcast.area, ctx):
        return await lapse(broadcast, _("写的人已经不管那一片了，不能发，已经作废。请管那一片的人重新写。"), ctx)
    return await let_out(broadcast.approve(person.who, ctx.now), ctx)


@button("alert_reject")
async def ask_why_rejected(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _ask_why(pressed, "alert_rejected", _("为什么驳回？请回一句话，会告诉写的人。"), ctx)


@button("alert_return")
async def ask_what_to_change(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _ask_why(pressed, "alert_returned", _("要改什么？请回一句话，会告诉写的人。"), ctx)


async def _ask_why(pressed: Pressed, form: str, question: str, ctx: Ctx) -> list[Outgoing]:
    broadcast, _person = await _to_decide(pressed.arg(0), pressed, ctx)
    await ctx.ask(pressed.chat, form, str(broadcast.id))
    return [Send(pressed.chat, f"{broadcast.number} {question}", asks=True)]


@form("alert_rejected")
async def reject(said: Said, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await _to_decide(ctx.draft.about, said, ctx)
    broadcast = broadcast.reject(person.who, said.text, ctx.now)
    text = _("{who} 驳回了{number}：{why}")
    return await _decided(broadcast, text, person, said, ctx)


@form("alert_returned")
async def give_back(said: Said, ctx: Ctx) -> list[Outgoing]:
    broadcast, person = await _to_decide(ctx.draft.about, said, ctx)
    broadcast = broadcast.give_back(person.who, said.text, ctx.now)
    text = _("{who} 请您改一改{number}：{why}")
    return await _decided(broadcast, text, person, said, ctx)


async def _decided(broadcast: Broadcast, text: str, by: Person, said: Said, ctx: Ctx) -> list[Outgoing]:
    await ctx.answered(said)
    broadcast = await ctx.store.broadcasts.save(broadcast)
    told = text.format(who=by.name, number=broadcast.number, why=one_line(said.text))
    done = _("告诉 {who} 了。").format(who=broadcast.author.name)
    return [*await author_hears(broadcast, told, ctx), Send(said.chat, done)]


async def _to_decide(number: str, incoming: Pressed | Said, ctx: Ctx) -> tuple[Broadcast, Person]:
    """What waits, and who decides on it, with authority at this moment: offices change."""
    broadcast, person = await the_broadcast(number, ctx), ctx.someone()
    if incoming.chat_kind is not ChatKind.PRIVATE:
        raise Refused(_("请在和我的私聊里点，不在群里定。"))
    await must_command(person, broadcast.area, ctx)
    broadcast.must_wait(person.id, ctx.now)
    return broadcast, person
