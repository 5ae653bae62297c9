"""帮助: what one can say here, short enough to be read."""

from domain.chat import Outgoing, Said, Send
from domain.language import N_, _
from handlers.routing import Ctx, words

FOR_ALL = (
    "report", "ask_for_help", "my_own", "suggest", "suggest_anonymously", "report_lost", "seen_in_words",
    "found_in_words", "status", "cancel_in_words", "join", "join_by_code", "mediation", "help_",
)  # fmt: skip
"""The handlers whose help lines a resident sees; those who answer for a grid see all."""


@words("帮助", "/help", help=N_("帮助 —— 看这张单子"))
async def help_(said: Said, ctx: Ctx) -> list[Outgoing]:
    person = ctx.sender
    leads = person is not None and (person.owner or any(a.role.value != "resident" for a in person.appointments))
    lines = [_(route.help) for route in ctx.routes.all if route.help and (leads or route.handler.__name__ in FOR_ALL)]
    first = _("危险先打：火警 119，急救 120，报警 110。")
    return [Send(said.chat, "\n".join([first, *lines]), reply_to=said.message_id)]
