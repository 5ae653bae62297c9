"""What a broadcast still lacks, asked one thing at a time, and what its author changes before it is submitted."""

from typing import Any

from domain.broadcast import DRAFT_KEPT, Broadcast
from domain.chat import Button, ChatId, Outgoing, Pressed, Said, Send
from domain.colour import Colour
from domain.language import N_, _
from domain.refused import Refused
from domain.sayable import checked_text, must_be_ahead, must_be_possible
from domain.stages import WRITING, Receipts, Sort
from domain.template import Template
from domain.validity import read_validity
from handlers.draft_card import draft_card, shown, the_broadcast
from handlers.reach import audience, named_area, tops
from handlers.routing import Ctx, button, form

MOST_PLACES = 6
"""Grids of one's own to tap; any other is named in words."""

_QUESTIONS = {
    "colour": N_("什么颜色？"),
    "place": N_("发到哪里？请回网格的名称或编号，几个用顿号隔开；也可以写级别（如 小队）或标签（如 低洼）。"),
    "text": N_("写什么？请回一段话：出了什么事，要大家做什么。"),
    "until": N_("到什么时候为止？例如：今晚 8:00，6 小时，或 明天 8:00 到 18:00"),
    "receipts": N_("要大家回“收到”吗？"),
}


BLANK = "blank"
"""What a question is about that a template asks: the first of its blanks that is empty."""


async def begin(sort: Sort, chat: ChatId, ctx: Ctx, template: Template | None = None, **said: Any) -> list[Outgoing]:
    """A draft of whoever speaks, and the first question about it."""
    must_be_possible(sort, ctx.settings.training)
    if template:
        said |= {"template": template.name, "text": template.filled({})}
    if template and sort is not Sort.NOTICE:
        said["colour"] = said.get("colour") or template.colour
    broadcast = Broadcast(
        sort, ctx.someone().who, ctx.now, training=ctx.settings.training, due_at=ctx.now + DRAFT_KEPT, **said
    )
    return await next_step(await ctx.store.broadcasts.add(broadcast), chat, ctx)


async def next_step(broadcast: Broadcast, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    """The next question; where nothing is missing, the whole of it, to be read before it is submitted."""
    missing = _missing(broadcast, ctx)
    if missing:
        return await _ask(broadcast, missing, chat, ctx)
    await audience(broadcast, ctx)
    if chat in await ctx.store.outbox.chats_with(draft_card(broadcast)):
        changed = Send(chat, _("改好了。请看上面的草稿，没问题就点“提交”。"))
        return [*await shown(broadcast, ctx), changed]
    return await shown(broadcast, ctx, [chat])


def _missing(broadcast: Broadcast, ctx: Ctx) -> str | None:
    if broadcast.coloured and broadcast.colour is None:
        return "colour"
    if not broadcast.area or broadcast.text:
        return None if broadcast.area else "place"
    return BLANK if _blank(broadcast, ctx) else "text"


def _blank(broadcast: Broadcast, ctx: Ctx) -> tuple[Template, str] | None:
    """The blank that is asked for next. A template may leave the village's file while somebody fills it in."""
    template = ctx.settings.templates.get(broadcast.template)
    blank = template.next_blank(broadcast.answers) if template else None
    return (template, blank) if template and blank else None


async def _ask(broadcast: Broadcast, field: str, chat: ChatId, ctx: Ctx) -> list[Outgoing]:
    taps = await _taps(broadcast, field, ctx)
    if field not in ("colour", "receipts"):
        await ctx.ask(chat, "alert_field", f"{broadcast.id}:{field}")
    rows = tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))
    return [Send(chat, f"{broadcast.number} {_question(broadcast, field, ctx)}", rows, asks=not rows)]


def _question(broadcast: Broadcast, field: str, ctx: Ctx) -> str:
    """Of a blank: what its template asks, and the line that it stands in."""
    asked = _blank(broadcast, ctx) if field == BLANK else None
    if asked is None:
        return _(_QUESTIONS[field])
    template, blank = asked
    return f"{template.question(blank)}\n（{template.line_with(blank, broadcast.answers)}）"


async def _taps(broadcast: Broadcast, field: str, ctx: Ctx) -> list[Button]:
    def tap(label: str, value: str) -> Button:
        return Button(label, f"alert_set:{broadcast.id}:{field}:{value}")

    match field:
        case "colour":
            return [tap(colour.spoken, colour.code) for colour in Colour]
        case "receipts":
            return [
                tap(_("不要"), Receipts.NONE.value),
                tap(_("每队要"), Receipts.SQUAD.value),
                tap(_("每户要"), Receipts.HOUSEHOLD.value),
            ]
        case "place":
            own = (await tops(ctx.someone(), ctx))[:MOST_PLACES]
            grids = await ctx.store.areas.grids(own) if own else []
            # A code may be longer than what fits behind a button: its place in the list will do.
            return [tap(grid.name, str(n)) for n, grid in enumerate(grids)]
        case "text" if (template := ctx.settings.templates.get(broadcast.template)) and template.blanks:
            return [tap(_("重新填空"), BLANK)]
    return []


@button("alert_ask")
async def ask(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast = await own_draft(pressed.arg(0), ctx)
    if pressed.arg(1) not in _QUESTIONS:
        raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))
    return await _ask(broadcast, pressed.arg(1), pressed.chat, ctx)


@button("alert_set")
async def tapped(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    broadcast = await own_draft(pressed.arg(0), ctx)
    said = await _tapped(pressed, ctx)
    broadcast = await ctx.store.broadcasts.save(broadcast.write(ctx.now, **said))
    if ctx.account:
        await ctx.store.drafts.close(pressed.chat, ctx.account)
    return await next_step(broadcast, pressed.chat, ctx)


async def _tapped(pressed: Pressed, ctx: Ctx) -> dict[str, object]:
    field, value = pressed.arg(1), pressed.arg(2)
    if field == "colour" and value in {colour.code for colour in Colour}:
        return {"colour": Colour[value.upper()]}
    if field == "receipts" and value in set(Receipts):
        return {"receipts": Receipts(value)}
    if field == "text" and value == BLANK:
        return {"text": "", "answers": {}}
    own = sorted((await tops(ctx.someone(), ctx))[:MOST_PLACES])
    if field == "place" and 0 <= pressed.number(2) < len(own):
        return {"area": (own[pressed.number(2)],)}
    raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))


@form("alert_field")
async def typed(said: Said, ctx: Ctx) -> list[Outgoing]:
    number, _colon, field = ctx.draft.about.partition(":")
    broadcast = await own_draft(number, ctx)
    change = {"place": _read_place, "until": _read_until, BLANK: _read_blank}.get(field, _read_text)
    broadcast = await ctx.store.broadcasts.save(broadcast.write(ctx.now, **await change(broadcast, said, ctx)))
    await ctx.answered(said)
    return await next_step(broadcast, said.chat, ctx)


async def _read_place(broadcast: Broadcast, said: Said, ctx: Ctx) -> dict[str, object]:
    area = await named_area(said.text, ctx.someone(), ctx)
    if not area:
        raise Refused(_("没有找到这个地方。请回网格的名称或编号，几个用顿号隔开。"))
    return {"area": area}


async def _read_until(broadcast: Broadcast, said: Said, ctx: Ctx) -> dict[str, object]:
    read = read_validity(said.text, ctx.now.astimezone(ctx.settings.timezone))
    if read is None:
        raise Refused(_("没看懂时间。请写成：今晚 8:00，6 小时，或 明天 8:00 到 18:00"))
    must_be_ahead(read.onset, read.expires, ctx.now)
    return {"onset_at": read.onset, "expires_at": read.expires}


async def _read_text(broadcast: Broadcast, said: Said, ctx: Ctx) -> dict[str, object]:
    return {"text": checked_text(broadcast.sort, said.text), "answers": {}}


async def _read_blank(broadcast: Broadcast, said: Said, ctx: Ctx) -> dict[str, object]:
    asked = _blank(broadcast, ctx)
    if asked is None:
        return await _read_text(broadcast, said, ctx)
    template, blank = asked
    answers = template.answered(broadcast.answers, blank, said.text, broadcast.sort)
    return {"answers": answers, "text": template.filled(answers)}


async def own_draft(number: str, ctx: Ctx) -> Broadcast:
    """Only its author writes it."""
    broadcast = await the_broadcast(number, ctx)
    if ctx.someone().id != broadcast.author.id:
        raise Refused(_("这是 {who} 写的，由 {who} 来改。").format(who=broadcast.author.name))
    if broadcast.stage not in WRITING:
        raise Refused(_("{number}已经不在修改中了。").format(number=broadcast.number))
    return broadcast
