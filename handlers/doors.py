"""代收: a squad leader sees in private which doors have not confirmed, and answers for those without a phone."""

from collections.abc import Iterable

from domain.broadcast import Broadcast
from domain.chat import Answer, Button, ChatId, Outgoing, Pressed, Promise, Rows, Send
from domain.language import _
from domain.refused import Refused
from domain.stages import Stage, stage_name
from handlers.broadcast import what, worded
from handlers.draft_card import the_broadcast
from handlers.routing import Ctx, button

MOST_DOORS = 40
"""Buttons in one list: a squad has ten households, and no service shows more than a hundred buttons."""


async def doors_list(broadcast: Broadcast, squad: str, ctx: Ctx, chats: Iterable[ChatId] = ()) -> list[Outgoing]:
    """The list wherever it stands, and in these chats too. No group ever reads it."""
    card = f"doors:{broadcast.id}:{squad}"
    places = dict.fromkeys([*await ctx.store.outbox.chats_with(card), *chats])
    roll_up = await ctx.store.roll_ups.of(broadcast.id, squad) if places else None
    if roll_up is None:
        return []
    doors = await ctx.store.receipts.doors(broadcast.id, squad)
    head = _("{what}（{number}）{grid} 已收到 {got}/{owed} 户").format(
        what=what(broadcast), number=broadcast.number, grid=roll_up.name, got=roll_up.got, owed=roll_up.owed
    )
    in_force = broadcast.stage is Stage.SENT
    rows = _buttons(broadcast, doors) if in_force else ()
    lines = [head, *_what_to_do(broadcast, bool(doors))]
    text = worded(broadcast, "\n".join(lines))
    return [Send(chat, text, rows, Promise.CARD, card, wakes=in_force and broadcast.weight.pin) for chat in places]


def _what_to_do(broadcast: Broadcast, late: bool) -> list[str]:
    if broadcast.stage is not Stage.SENT:
        return [stage_name(broadcast.stage)]
    if not late:
        return [_("每户都回了，谢谢您。")]
    return [_("下面这些户还没回。没有手机的，请您当面告诉他们，再点“代收”。")]


def _buttons(broadcast: Broadcast, doors: list[tuple[int, str]]) -> Rows:
    taps = [
        Button(_("{door} 代收").format(door=door), f"stand_in:{broadcast.id}:{household}")
        for household, door in doors[:MOST_DOORS]
    ]
    return tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))


@button("stand_in")
async def stand_in(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast = await the_broadcast(pressed.arg(0), ctx)
    receipt = await ctx.store.receipts.of_household(broadcast.id, pressed.number(1))
    if receipt is None:
        raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))
    person = await ctx.must_answer_for(receipt.grid)
    if broadcast.stage is not Stage.SENT:
        raise Refused(
            _("{number}{how}，不用再代收了。").format(number=broadcast.number, how=stage_name(broadcast.stage))
        )
    for squad in await ctx.store.receipts.settle([receipt], person.id, ctx.now):
        await ctx.store.roll_ups.count(broadcast.id, squad, ctx.now)
    return [
        Answer(pressed.chat, pressed.press, _("记下了，谢谢您。")),
        *await doors_list(broadcast, receipt.grid, ctx),
    ]
