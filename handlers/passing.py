"""外部群, 已转发: where no bot may be, a squad's leader passes on what is told to everybody, and one tap says so."""

from collections import defaultdict
from collections.abc import Iterable

from domain.broadcast import Broadcast
from domain.chat import Answer, Button, ChatId, Outgoing, Pressed, Promise, Rows, Said, Send
from domain.language import N_, _
from domain.receipts import given
from domain.refused import Refused
from domain.stages import Receipts, Sort, Stage, stage_name
from handlers.broadcast import alert_card, group_text, statement, what
from handlers.draft_card import the_broadcast
from handlers.receipts import count
from handlers.routing import Ctx, button, words
from storage.passings import Passing

DONE = ":done"
"""Ends the name of a card that asked to pass on a correction, once that is done."""

BACK_INSIDE = ("取消", "没有了", "off")


@words(
    "外部群",
    "/outside",
    help=N_("外部群 小队 —— 居民的群我进不去：预警和通知由您转发；不用了发：外部群 小队 取消"),
)
async def outside(said: Said, ctx: Ctx) -> list[Outgoing]:
    name, _space, last = ctx.rest.rpartition(" ")
    inside = bool(name) and last.casefold() in BACK_INSIDE
    grid = await ctx.grid(name if inside else ctx.rest)
    await ctx.must_answer_for(grid.code)
    if not await ctx.store.grids.is_squad(grid.code):
        raise Refused(_("{grid} 下面还有小队，请写小队，例如：外部群 十三队").format(grid=grid.name))
    if inside:
        await ctx.store.passings.set_inside(grid.code)
        text = _("记下了，{grid} 的预警和通知不用再转发。")
    else:
        await ctx.store.passings.set_outside(grid.code)
        text = _(
            "记下了，{grid} 的居民在我进不去的群里。有预警和通知，我私下发给队长（没有队长就给副手），"
            "请转发到群里，再点“已转发”，算这个小队的回执。"
        )
    return [Send(said.chat, text.format(grid=grid.name), reply_to=said.message_id)]


# -- what is to be passed on -----------------------------------------------------------------------------------------


def words_card(broadcast: Broadcast) -> str:
    return f"{alert_card(broadcast)}:words"


def asking_card(broadcast: Broadcast, when: str = "") -> str:
    return f"{alert_card(broadcast)}:pass{when and ':'}{when}"


async def handed_out(broadcast: Broadcast, ctx: Ctx, have: Iterable[ChatId] = ()) -> list[Outgoing]:
    """The words alone, ready to be passed on, and after them what to do. Who is in `have` got them before; there they
    change in place."""
    asked = await ctx.store.passings.asked(broadcast.id)
    if not asked:
        return []
    text, promise = statement(broadcast, await group_text(broadcast, ctx)), broadcast.weight.promise
    known, outs = set(have), list[Outgoing]()
    for chat, squads in _by_chat(asked).items():
        if chat in known:
            outs.append(Send(chat, text, promise=Promise.CARD, card=words_card(broadcast)))
        else:
            outs.append(Send(chat, text, promise=promise, card=words_card(broadcast)))
            outs.append(_asking(broadcast, chat, squads, promise))
    return outs


def _by_chat(asked: Iterable[Passing]) -> dict[ChatId, list[Passing]]:
    found: dict[ChatId, list[Passing]] = defaultdict(list)
    for one in asked:
        found[one.chat].append(one)
    return found


def _asking(broadcast: Broadcast, chat: ChatId, squads: list[Passing], promise: Promise = Promise.CARD) -> Send:
    """What this reader is asked to do about the words above, and what is done of it."""
    waiting = [one for one in squads if not one.passed]
    head = f"{what(broadcast)}（{broadcast.number}）"
    if not waiting:
        text = _("{what}已经转发到{grids}的群，谢谢您。").format(what=head, grids=_names(squads))
    elif broadcast.stage is not Stage.SENT:
        text = _("{what}{how}，没转发的不用再转发。").format(what=head, how=stage_name(broadcast.stage))
    else:
        text = _("请把上面这条转发到{grids}居民的群，再点“已转发”。").format(grids=_names(waiting))
    rows = passed_buttons(broadcast, waiting) if broadcast.stage is Stage.SENT else ()
    return Send(chat, text, rows, promise, asking_card(broadcast), wakes=broadcast.weight.pin)


def passed_buttons(broadcast: Broadcast, waiting: list[Passing]) -> Rows:
    label = _("{grid} 已转发") if len(waiting) > 1 else _("已转发")
    return tuple((Button(label.format(grid=one.name), f"passed:{broadcast.id}:{one.grid}"),) for one in waiting)


def _names(squads: Iterable[Passing]) -> str:
    return "、".join(dict.fromkeys(one.name for one in squads))


# -- it is done ------------------------------------------------------------------------------------------------------


@button("passed")
async def passed(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    """It counts as the receipt of the squad; where each door is asked, its leader gets the list of doors."""
    broadcast, grid = await the_broadcast(pressed.arg(0), ctx), pressed.arg(1)
    if grid not in {one.grid for one in await ctx.store.passings.asked(broadcast.id)}:
        raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))
    person = await ctx.must_answer_for(grid)
    if broadcast.stage is not Stage.SENT:
        raise Refused(
            _("{number}{how}，不用再转发了。").format(number=broadcast.number, how=stage_name(broadcast.stage))
        )
    outs: list[Outgoing] = []
    if await ctx.store.passings.passed(broadcast.id, grid, ctx.now) and broadcast.receipts is not Receipts.NONE:
        receipts = await ctx.store.receipts.owed_in(broadcast.id, [grid], person.id)
        _new, outs = await count(broadcast, person, given(receipts, {grid}), {grid}, ctx)
    asked = _by_chat(await ctx.store.passings.asked(broadcast.id))
    cards = [_asking(broadcast, chat, squads) for chat, squads in asked.items() if grid in {one.grid for one in squads}]
    return [Answer(pressed.chat, pressed.press, _("记下了，谢谢您。")), *cards, *outs]


# -- it is put right, or over ----------------------------------------------------------------------------------------


async def put_right(broadcast: Broadcast, told: Iterable[ChatId], ctx: Ctx) -> list[Outgoing]:
    """Whoever may have passed it on is asked to pass on the correction too, which stands above as words alone."""
    heard, when = set(told), f"{ctx.now:%d%H%M%S}"
    text = _("您转发过{number}的话，请把上面这条也转发到{grids}居民的群，让大家都知道，再点“已转发”。")
    rows = ((Button(_("已转发"), f"passed_too:{broadcast.id}:{when}"),),)
    overtaken = await _overtaken(broadcast, ctx)
    return overtaken + [
        Send(
            chat,
            text.format(number=broadcast.number, grids=_names(squads)),
            rows,
            Promise.CORRECTION,
            asking_card(broadcast, when),
        )
        for chat, squads in _by_chat(await ctx.store.passings.asked(broadcast.id)).items()
        if chat in heard
    ]


async def _overtaken(broadcast: Broadcast, ctx: Ctx) -> list[Outgoing]:
    """An earlier correction that nobody has passed on yet."""
    first, text = f"{asking_card(broadcast)}:", _("后面有新的，这一条不用再转发。")
    cards = await ctx.store.outbox.cards_about(broadcast.id, ["alert"])
    return [
        Send(chat, text, promise=Promise.CARD, card=card)
        for card in cards
        if card.startswith(first) and not card.endswith(DONE)
        for chat in await ctx.store.outbox.chats_with(card)
    ]


@button("passed_too")
async def passed_too(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast = await the_broadcast(pressed.arg(0), ctx)
    card = asking_card(broadcast, pressed.arg(1))
    if pressed.chat not in await ctx.store.outbox.chats_with(card):
        raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))
    text, done = _("转发好了，谢谢您。"), f"{card}{DONE}"
    await ctx.store.outbox.take_over(card, done, [pressed.chat])
    return [Answer(pressed.chat, pressed.press), Send(pressed.chat, text, promise=Promise.CARD, card=done)]


async def called_in(broadcast: Broadcast, told: Iterable[ChatId], left: str, ctx: Ctx) -> list[Outgoing]:
    """It ended: the words say so where they stand, nobody passes them on any more, and the end is passed on. That
    time ran out is not worth a word to those who were told until when."""
    if broadcast.sort is Sort.DRILL:
        return []
    asked = _by_chat(await ctx.store.passings.asked(broadcast.id))
    words, asking = words_card(broadcast), asking_card(broadcast)
    outbox = ctx.store.outbox
    changed = [Send(chat, left, promise=Promise.CARD, card=words) for chat in await outbox.chats_with(words)]
    stands = await outbox.chats_with(asking) if asked else []
    waiting = {chat: squads for chat, squads in asked.items() if not all(one.passed for one in squads)}
    over = [_asking(broadcast, chat, squads) for chat, squads in waiting.items() if chat in stands]
    aloud = [] if broadcast.stage is Stage.EXPIRED else await put_right(broadcast, told, ctx)
    return [*aloud, *changed, *over]
