"""How a case looks in a chat: one card a case a chat, which changes in place."""

from collections.abc import Callable, Container, Iterable, Sequence

from domain.case import WAITING, Case, State
from domain.chat import Button, ChatId, Medium, Outgoing, Promise, Rows, Send, Withdraw
from domain.helping import call_buttons, call_text
from domain.kinds import LOST_PERSON, Kind
from domain.language import _
from domain.people import Rung
from domain.search import Search
from domain.text import one_line
from handlers.buttons import brief_button, private_buttons, reporter_buttons, work_buttons
from handlers.discretion import faces, readers, way
from handlers.notice import at_home, found_buttons, hushed, search_buttons, search_lines, told_once, wordless
from handlers.picture import offer_buttons, offer_line, picture_lines
from handlers.routing import Ctx
from handlers.wording import case_text, private_text, title, unnamed
from storage.cases import Logged

QUESTION = "know"
"""The cards on which something is asked about a case."""


def card_name(case: Case) -> str:
    return f"case:{case.id}"


def question_card(case: Case, number: int) -> str:
    """`number` says which of the kind's questions stands there."""
    return f"{QUESTION}:{case.id}:{number}"


def summary_name(case: Case) -> str:
    return f"summary:{case.id}"


async def everywhere(
    ctx: Ctx, case: Case, also: Iterable[ChatId] = (), without: Container[ChatId] = ()
) -> list[Outgoing]:
    """The case's card as it is now, in every chat that has it and in those named; and what those are shown who only
    look on."""
    outbox = ctx.store.outbox
    chats = [c for c in dict.fromkeys([*await outbox.chats_with(card_name(case)), *also]) if c not in without]
    watching = [c for c in await outbox.chats_with(summary_name(case)) if c not in chats] if case.gathered else []
    log = await ctx.store.cases.log(case.id) if chats or watching else []
    outs = await place(ctx, case, chats, log) if chats else []
    if not case.open:
        outs += await unask(ctx, case)
    return outs + await summarise(ctx, case, watching, log)


async def unask(ctx: Ctx, case: Case) -> list[Outgoing]:
    """A question that nobody needs answered any more must not stay there with its buttons."""
    outbox = ctx.store.outbox
    asked = await outbox.cards_about(case.id, [QUESTION])
    return [Withdraw(chat, card) for card in asked for chat in await outbox.chats_with(card)]


async def summarise(
    ctx: Ctx, case: Case, chats: Sequence[ChatId], log: Sequence[Logged] | None = None
) -> list[Outgoing]:
    """A gathered case as those see it who reported it or answer for a part of it: its card without the buttons."""
    if not chats:
        return []
    log = await ctx.store.cases.log(case.id) if log is None else log
    text = await card_text(ctx, case, None, log, group=False)
    return [Send(chat, text, promise=promise_of(ctx, case), card=summary_name(case)) for chat in chats]


async def aloud(
    ctx: Ctx, case: Case, chats: Iterable[ChatId], text: str, promise: Promise | None = None
) -> list[Outgoing]:
    """For those who have to know now: a card that stands already changes without a sound, a line is heard."""
    standing, short = (
        await ctx.store.outbox.chats_with(card_name(case)),
        brief_button(case, ctx.settings.kinds[case.kind]),
    )
    return [
        Send(
            chat,
            text,
            promise=promise or promise_of(ctx, case),
            brief=text,
            brief_button=short,
            true_while=case.standing,
        )
        for chat in chats
        if chat in standing
    ]


async def place(
    ctx: Ctx, case: Case, chats: Iterable[ChatId], log: Sequence[Logged] | None = None, *, fresh: bool = False
) -> list[Outgoing]:
    """The case's card in these chats, with its log where that is at hand; `fresh` where nobody else can have reported
    it yet. It stands only where it was reported and with those who work on it; a reporter who is none of them is shown
    what a reporter may do. Where neighbours are called to help, their groups read the call."""
    kind, log = await ctx.kind(case.kind, case.origin), await ctx.store.cases.log(case.id) if log is None else log
    if kind.private:
        return await _place_in_private(ctx, case, chats, log)
    rungs = await ctx.rungs(case.origin)
    lost = case.kind == LOST_PERSON
    search = await ctx.store.searches.get(case.id) if lost else None
    met = {chat for rung in rungs for chat in rung.groups}
    groups = await at_home(ctx, case, chats) if lost else {chat: chat in met for chat in chats}
    texts = {group: await card_text(ctx, case, search, log, group, fresh) for group in set(groups.values())}
    buttons, short = await _buttons(ctx, case, search, rungs), brief_button(case, kind)
    about = "" if lost else case.text
    return [
        _card(ctx, case, kind, chat, "\n".join([texts[group], *offer_line(case, chat)]), buttons(chat), about, short)
        for chat, group in groups.items()
    ]


async def _place_in_private(ctx: Ctx, case: Case, chats: Iterable[ChatId], log: Sequence[Logged]) -> list[Outgoing]:
    """In each chat what its listener may see, and nothing in a group."""
    rungs, kind = await way(ctx, case), await ctx.kind(case.kind, case.origin)
    outs: list[Outgoing] = []
    for chat, face in (await faces(ctx, case, chats, log)).items():
        short = brief_button(case, kind) if face.works else None
        text, buttons = private_text(ctx, face, rungs), private_buttons(face, kind)
        outs.append(_card(ctx, case, kind, chat, text, buttons, face.case.text, short))
    return outs


def _card(
    ctx: Ctx, case: Case, kind: Kind, chat: ChatId, text: str, buttons: Rows, about: str, short: Button | None
) -> Send:
    """`about` and `short` are what is left of it where many are told of at once."""
    return Send(
        chat,
        text,
        buttons,
        promise_of(ctx, case),
        card_name(case),
        reply_to=case.report_message if chat == case.reported_in else None,
        brief=f"{case.number} {kind.name} {one_line(about, 30)}".rstrip(),
        brief_button=short,
        wakes=wakes(case, kind),
    )


async def _buttons(ctx: Ctx, case: Case, search: Search | None, rungs: Sequence[Rung]) -> Callable[[ChatId], Rows]:
    """What each chat can do with the case: its reporter's, a called neighbourhood's, and those who work on it."""
    kind = ctx.settings.kinds[case.kind]
    groups = {chat for rung in rungs for chat in rung.groups}
    work = {chat for rung in rungs for chat in rung.chats}
    helpers = await ctx.store.people.private_chats(case.responder.id) if kind.calls and case.responder else []

    def buttons(chat: ChatId) -> Rows:
        offered = offer_buttons(case, chat)
        if kind.calls and chat in groups:
            return (*offered, *call_buttons(case))
        if chat == case.reported_in and (kind.letter or chat not in work):
            return (*found_buttons(search), *offered, *reporter_buttons(case))
        return (*search_buttons(search, case), *offered, *work_buttons(case, kind, helps=chat in helpers))

    return buttons


async def card_text(
    ctx: Ctx, case: Case, search: Search | None, log: Sequence[Logged], group: bool, fresh: bool = False
) -> str:
    """What the card says where one person reads it, and in a group, which is not told everything."""
    rungs, kind = await ctx.rungs(case.origin), ctx.settings.kinds[case.kind]
    if group and kind.calls:
        return call_text(case, title(ctx, case, rungs), _(kind.first_line))
    lines = unnamed(case, log) if group and case.discreet else log
    if case.kind != LOST_PERSON:
        return case_text(ctx, case, rungs, lines, [] if fresh else await picture_lines(ctx, case))
    known = await search_lines(ctx, search, group) if search else []
    if not group:
        return case_text(ctx, told_once(case) if known else case, rungs, lines, known)
    return case_text(ctx, hushed(case, search), rungs, wordless(lines), known, quoted=False)


def promise_of(ctx: Ctx, case: Case) -> Promise:
    """A page to those who must set out is life safety, and so is that they need not; once somebody has it, the card
    only tells."""
    if not case.urgent(ctx.settings.kinds[case.kind]):
        return Promise.CARD
    if case.state is State.CANCELLED:
        return Promise.CORRECTION
    return Promise.LIFE if case.state in WAITING else Promise.CARD


def wakes(case: Case, kind: Kind) -> bool:
    """Whether people are told at night too. Where no clock of the kind rests, nothing of it waits either."""
    return case.open and not (kind.night and case.can_wait(kind))


async def enclosures(ctx: Ctx, case: Case, chats: Iterable[ChatId], since: int = 0) -> list[Outgoing]:
    """The case's pictures and voices, under its number: a card itself is words, so it can always change in place.
    What shows a lost person is a card of its own, so that it can be taken down."""
    if case.attachments and ctx.settings.kinds[case.kind].private:
        chats = await readers(ctx, case, chats)
    promise, strangers = promise_of(ctx, case), await _strangers(ctx, case)
    lost = case.kind == LOST_PERSON
    return [
        Send(chat, case.number, promise=promise, attachment=kept, card=f"photo:{case.id}:{n}" if lost else None)
        for chat in chats
        for n, kept in enumerate(case.attachments[since:], since + 1)
        if kept.medium is not Medium.VOICE or chat not in strangers
    ]


async def _strangers(ctx: Ctx, case: Case) -> set[ChatId]:
    """The groups that are not told who reported it: a voice would tell them."""
    if not case.discreet or all(kept.medium is not Medium.VOICE for kept in case.attachments):
        return set()
    return {chat for rung in await ctx.rungs(case.origin) for chat in rung.groups}


async def tell_reporter(ctx: Ctx, case: Case, text: str, buttons: Rows = (), card: str | None = None) -> list[Outgoing]:
    """To where the report came from, as an answer to it. Of a private matter the reporter hears in private; whoever
    cannot be told there hears it from a person, and the group nothing."""
    chat = await reporter_hears_in(ctx, case)
    reply_to = case.report_message if chat == case.reported_in else None
    return [Send(chat, text, buttons, card=card, reply_to=reply_to, true_while=case.standing)] if chat else []


async def reporter_hears_in(ctx: Ctx, case: Case) -> ChatId | None:
    """Where the reporter can be told of the case: of a private one, in a chat of their own."""
    if not ctx.settings.kinds[case.kind].private or await ctx.store.people.alone_in([case.reported_in]):
        return case.reported_in
    own = await ctx.store.people.private_chats(case.reporter.id) if case.reporter else []
    return own[0] if own else None
