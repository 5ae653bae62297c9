"""帮助: what one can say here, short enough to be read."""

from domain.chat import Outgoing, Said, Send
from domain.language import N_, _
from handlers.routing import Ctx, words

FOR_ALL = (
    "report", "ask_for_help", "my_own", "suggest", "suggest_anonymously", "report_lost", "seen_in_words",
    "found_in_words", "status", "cancel_in_words", "join", "join_by_code", "mediation", "duty", "help_",
)  # fmt: skip
"""The handlers whose help lines everybody sees; those who answer for a grid see the first words of all others."""


@words("帮助", "/help", help=N_("帮助 —— 看这张单子；帮助 值班 —— 看这个怎么说"))
async def help_(said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.sender
    leads = person is not None and (person.owner or any(a.role.value != "resident" for a in person.appointments))
    for_all = [_(route.help) for route in ctx.routes.all if route.help and route.handler.__name__ in FOR_ALL]
    others = [_(route.help) for route in ctx.routes.all if leads and route.help and _(route.help) not in for_all]
    asked = ctx.rest.strip().lower()
    about = [line for line in (*for_all, *others) if asked and asked in line.lower()]
    lines = about or [_("危险先打：火警 119，急救 120，报警 110。"), *for_all, *_by_name(others)]
    return [Send(said.chat, "\n".join(lines), reply_to=said.message_id)]


def _by_name(lines: list[str]) -> list[str]:
    """Forty lines are not read on a small phone: what leaders can say besides, by its first word."""
    if not lines:
        return []
    names = "、".join(dict.fromkeys(line.split()[0].rstrip(":") for line in lines))
    return [_("您还可以说：{names}。怎么说，发：帮助 和那个词，例如：帮助 派单").format(names=names)]
