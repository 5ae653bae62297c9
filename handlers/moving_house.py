"""移户: a household moves to another squad; its people go with it, and whoever leads there now asks it."""

from domain.chat import Outgoing, Said, Send
from domain.language import N_, _
from domain.refused import Refused
from handlers.checklist import opened
from handlers.routing import Ctx, words


@words("移户", "/movehouse", help=N_("移户 小队 门牌 新小队 —— 一户换到别的小队，例如：移户 十三队 江滨里3号 十四队"))
async def move_house(said: Said, ctx: Ctx) -> list[Outgoing]:
    first, *door, last = ctx.rest.split() if len(ctx.rest.split()) > 2 else ("", "")
    if not door:
        raise Refused(_("请写小队、门牌、新小队，例如：移户 十三队 江滨里3号 十四队"))
    left, to = await ctx.grid(first), await ctx.grid(last)
    await ctx.must_answer_for(left.code)
    await ctx.must_answer_for(to.code)
    if not await ctx.store.grids.is_squad(to.code):
        raise Refused(_("{grid}不是小队，请写住户要去的小队。").format(grid=to.name))
    household = await ctx.store.register.household(left.code, " ".join(door))
    if household is None:
        raise Refused(_("{grid}没有“{door}”这一户。请照名册写门牌。").format(grid=left.name, door=" ".join(door)))
    if await ctx.store.register.household(to.code, " ".join(door)):
        raise Refused(_("{grid}已经有“{door}”了，不能再有一户。").format(grid=to.name, door=" ".join(door)))
    await ctx.store.register.move_house(household, left.code, to.code)
    text = _("“{door}”现在归{grid}。").format(door=" ".join(door), grid=to.name)
    return [Send(said.chat, text, reply_to=said.message_id), *await _asked_there(household, to.code, ctx)]


async def _asked_there(household: int, squad: str, ctx: Ctx) -> list[Outgoing]:
    """It stays in the sweeps that ask it; where they are counted does not change."""
    outs: list[Outgoing] = []
    chats = (await ctx.rungs(squad))[0].private_chats
    for sweep in await ctx.store.sweeps.running_for(household):
        await ctx.store.sweep_counts.ask_too(sweep.id, squad, ctx.now)
        count = await ctx.store.sweep_counts.of(sweep.id, squad)
        outs += await opened(sweep, count, ctx, chats) if count else []
    return outs
