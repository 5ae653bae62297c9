"""预警 模板: what is prepared for the next typhoon or the next dry tap; one tap begins a draft with it."""

import re

from domain.chat import Button, ChatKind, Outgoing, Pressed, Said, Send
from domain.language import N_, _
from domain.refused import Refused
from domain.stages import Sort
from domain.template import Template
from handlers.drafting import begin
from handlers.reach import tops
from handlers.routing import Ctx, button

TEMPLATES = ("模板", "template", "templates")

_NAMED = re.compile(r"(?:模板|templates?\b)([\s:：]*)(.*)", re.IGNORECASE | re.DOTALL)

_USES = {
    Sort.ALERT: N_("{title}：预警 {colour} {place} 模板 {title}"),
    Sort.NOTICE: N_("{title}：通知 {place} 模板 {title}"),
    Sort.DRILL: N_("{title}：演练 {colour} {place} 模板 {title}"),
}


async def templates_listed(sort: Sort, said: Said, ctx: Ctx) -> list[Outgoing]:
    """A line each, as it is typed, and a button for whoever would rather not type."""
    known = list(ctx.settings.templates)
    own = await ctx.store.areas.grids((await tops(ctx.someone(), ctx))[:1])
    uses = [(one, Sort.DRILL if sort is Sort.DRILL else one.sort) for one in known]
    lines = [
        _(_USES[used]).format(title=one.title, place=own[0].name, colour=one.colour.spoken if one.colour else _("颜色"))
        for one, used in uses
    ]
    taps = [Button(one.title, f"alert_template:{used}:{one.name}") for one, used in uses]
    rows = tuple(tuple(taps[n : n + 2]) for n in range(0, len(taps), 2))
    head = _("模板有 {n} 个。照下面的样子发，或点一个，我会一样一样问您：").format(n=len(known))
    return [Send(said.chat, "\n".join([head, *lines]), rows, reply_to=said.message_id)]


def named_template(text: str, ctx: Ctx) -> Template | None:
    """The template that these words name; refused where they name one that there is not."""
    found = _NAMED.fullmatch(text.strip())
    if not found:
        return None
    template = ctx.settings.templates.called(found[2])
    if template is None and (found[1] or not found[2]):
        titles = "、".join(one.title for one in ctx.settings.templates)
        raise Refused(_("没有“{title}”这个模板。有：{titles}").format(title=found[2][:20], titles=titles))
    return template


@button("alert_template")
async def begin_with(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    template = ctx.settings.templates.get(pressed.arg(1))
    if pressed.chat_kind is not ChatKind.PRIVATE or template is None or pressed.arg(0) not in set(Sort):
        raise Refused(_("这个按钮失效了。发“预警 列表”看现在的。"))
    if not await tops(ctx.someone(), ctx):
        raise Refused(_("这要由队长、网格长或干部来发。有事请发：上报 哪里、出了什么事"))
    return await begin(Sort(pressed.arg(0)), pressed.chat, ctx, template)
