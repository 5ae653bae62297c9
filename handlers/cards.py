"""How a case looks in a chat: one card a case a chat, which changes in place."""

from collections import Counter
from collections.abc import Callable, Container, Iterable, Sequence

from domain.case import WAITING, Case, State, state_name
from domain.chat import Button, ChatId, Medium, Outgoing, Promise, Rows, Send, Withdraw
from domain.escalation import next_above
from domain.facts import spoken
from domain.helping import call_buttons, call_text, give_back_button
from domain.kinds import LOST_PERSON, Kind, Urgency
from domain.language import _
from domain.people import Rung, names
from domain.search import Search
from domain.text import one_line
from handlers.discretion import Face, faces, readers, way
from handlers.letters import letter_buttons, letter_line
from handlers.notice import at_home, found_buttons, hushed, search_buttons, search_lines, wordless
from handlers.picture import offer_buttons, offer_line, picture_lines
from handlers.routing import Ctx
from handlers.wording import STEP_CHARS, grid_name, log_lines, unnamed
from storage.cases import Logged

LOG_LINES = 6
"""How much of what happened a card tells; 查询 tells all."""


def card_name(case: Case) -> str:
    return f"case:{case.id}"


def question_card(case: Case) -> str:
    return f"know:{case.id}"


def summary_name(case: Case) -> str:
    return f"summary:{case.id}"


async def everywhere(
    ctx: Ctx, case: Case, also: Iterable[ChatId] = (), without: Container[ChatId] = ()
) -> list[Outgoing]:
    """The case's card as it is now, in every chat that has it and in those named; and what those are shown who only
    look on."""
    standing = await ctx.store.outbox.chats_with(card_name(case))
    outs = await place(ctx, case, [chat for chat in dict.fromkeys([*standing, *also]) if chat not in without])
    if not case.open:
        # A question that nobody needs answered any more must not stay there with its buttons.
        asked = question_card(case)
        outs += [Withdraw(chat, asked) for chat in await ctx.store.outbox.chats_with(asked)]
    if case.gathered:
        working = {out.to for out in outs}
        watching = await ctx.store.outbox.chats_with(summary_name(case))
        outs += await summarise(ctx, case, [chat for chat in watching if chat not in working])
    return outs


async def summarise(ctx: Ctx, case: Case, chats: Sequence[ChatId]) -> list[Outgoing]:
    """A gathered case as those see it who reported it or answer for a part of it: its card without the buttons."""
    if not chats:
        return []
    text = await card_text(ctx, case, None, await ctx.store.cases.log(case.id), group=False)
    return [Send(chat, text, promise=promise_of(ctx, case), card=summary_name(case)) for chat in chats]


async def aloud(ctx: Ctx, case: Case, chats: Iterable[ChatId], text: str) -> list[Outgoing]:
    """For those who have to know now: a card that stands already changes without a sound, a line is heard."""
    standing = await ctx.store.outbox.chats_with(card_name(case))
    return [
        Send(chat, text, promise=promise_of(ctx, case), brief=text, true_while=case.standing)
        for chat in chats
        if chat in standing
    ]


async def place(ctx: Ctx, case: Case, chats: Iterable[ChatId], log: Sequence[Logged] | None = None) -> list[Outgoing]:
    """The case's card in these chats, with its log where that is at hand. It stands only where it was reported and
    with those who work on it; a reporter who is none of them is shown what a reporter may do. Where neighbours are
    called to help, their groups read the call."""
    kind = ctx.settings.kinds[case.kind]
    fresh, log = log is not None, await ctx.store.cases.log(case.id) if log is None else log
    if kind.private:
        return await _place_in_private(ctx, case, chats, log)
    rungs = await ctx.rungs(case.origin)
    lost = case.kind == LOST_PERSON
    search = await ctx.store.searches.get(case.id) if lost else None
    met = {chat for rung in rungs for chat in rung.groups}
    groups = await at_home(ctx, case, chats) if lost else {chat: chat in met for chat in chats}
    texts = {group: await card_text(ctx, case, search, log, group, fresh) for group in set(groups.values())}
    buttons = await _buttons(ctx, case, search, rungs)
    brief = f"{case.number} {kind.name} {'' if lost else one_line(case.text, 30)}"
    return [
        Send(
            chat,
            "\n".join([texts[group], *offer_line(case, chat)]),
            buttons(chat),
            promise_of(ctx, case),
            card_name(case),
            reply_to=case.report_message if chat == case.reported_in else None,
            brief=brief,
            brief_button=_brief_button(case, kind),
            wakes=wakes(ctx, case),
        )
        for chat, group in groups.items()
    ]


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


def _brief_button(case: Case, kind: Kind) -> Button | None:
    if case.state not in WAITING and not case.stalled:
        return None
    if kind.letter:
        return Button(_("回复") + " " + case.number, f"answer:{case.id}")
    return Button(_("接单") + " " + case.number, f"acknowledge:{case.id}")


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
        return case_text(ctx, case, rungs, lines, known)
    return case_text(ctx, hushed(case, search), rungs, wordless(lines), known, quoted=False)


async def _place_in_private(ctx: Ctx, case: Case, chats: Iterable[ChatId], log: Sequence[Logged]) -> list[Outgoing]:
    """In each chat what its listener may see, and nothing in a group."""
    rungs, kind = await way(ctx, case), ctx.settings.kinds[case.kind]
    return [
        Send(
            chat,
            private_text(ctx, face, rungs),
            private_buttons(face, kind),
            promise_of(ctx, case),
            card_name(case),
            reply_to=case.report_message if chat == case.reported_in else None,
            brief=f"{case.number} {kind.name} {one_line(face.case.text, 30)}".rstrip(),
            brief_button=_brief_button(case, kind) if face.works else None,
            wakes=wakes(ctx, case),
        )
        for chat, face in (await faces(ctx, case, chats, log)).items()
    ]


def private_text(ctx: Ctx, face: Face, rungs: Sequence[Rung], steps: int = LOG_LINES, chars: int = STEP_CHARS) -> str:
    """The same for a private case, as one person may see it; the latest `steps` of it, each cut to `chars`."""
    case, kind = face.case, ctx.settings.kinds[face.case.kind]
    lines = [title(ctx, case, rungs)]
    if kind.first_line and case.open:
        lines.append(_(kind.first_line))
    if case.text:
        lines.append(f"“{one_line(case.text)}”")
    lines += [line for line in (spoken(case.facts), contents(case)) if line]
    return "\n".join([*lines, state_line(ctx, case, rungs), *face.lines, *log_lines(ctx, face.log, chars)[-steps:]])


def private_buttons(face: Face, kind: Kind) -> Rows:
    own = work_buttons(face.case, kind) if face.works else reporter_buttons(face.case) if face.reported else ()
    return (*own, *face.buttons)


def promise_of(ctx: Ctx, case: Case) -> Promise:
    """A page to those who must set out is life safety, and so is that they need not; once somebody has it, the card
    only tells."""
    if not _urgent(ctx, case):
        return Promise.CARD
    if case.state is State.CANCELLED:
        return Promise.CORRECTION
    return Promise.LIFE if case.state in WAITING else Promise.CARD


def wakes(ctx: Ctx, case: Case) -> bool:
    """Whether people are told at night too: of what cannot wait, and of a voice, which nobody has heard yet."""
    return case.open and (_urgent(ctx, case) or any(kept.medium is Medium.VOICE for kept in case.attachments))


def _urgent(ctx: Ctx, case: Case) -> bool:
    return case.facts.danger or ctx.settings.kinds[case.kind].urgency is not Urgency.ROUTINE


def title(ctx: Ctx, case: Case, rungs: Sequence[Rung]) -> str:
    return f"{case.number} {ctx.settings.kinds[case.kind].name} · {origin_name(rungs)}"


def case_text(
    ctx: Ctx, case: Case, rungs: Sequence[Rung], log: Sequence[Logged], known: Sequence[str] = (), quoted: bool = True
) -> str:
    """Title, what to do first, what was said, what is known, where it stands, what happened so far."""
    kind = ctx.settings.kinds[case.kind]
    lines = [title(ctx, case, rungs)]
    if kind.first_line and (case.open or (case.state is State.MERGED and not case.rating)):
        lines.append(_(kind.first_line))
    if quoted:
        lines.append(f"“{one_line(case.text)}”" if case.text else _("（没有文字）"))
    lines += [line for line in (*known, spoken(case.facts), contents(case)) if line]
    if case.location:
        lines.append(_("位置 {lat:.5f}, {lon:.5f}").format(lat=case.location.latitude, lon=case.location.longitude))
    if case.state is not State.MERGED or not known:
        lines.append(state_line(ctx, case, rungs))
    lines += log_lines(ctx, log)[-(1 if case.state is State.MERGED else LOG_LINES) :]
    return "\n".join(lines)


def contents(case: Case) -> str:
    """What lies beside the words of a case: 照片 3 张 · 语音 1 段."""
    counts = Counter(kept.medium for kept in case.attachments)
    said = {
        Medium.PHOTO: _("照片 {n} 张"),
        Medium.VOICE: _("语音 {n} 段"),
        Medium.VIDEO: _("视频 {n} 段"),
        Medium.FILE: _("文件 {n} 个"),
    }
    return " · ".join(text.format(n=counts[medium]) for medium, text in said.items() if counts[medium])


def origin_name(rungs: Sequence[Rung]) -> str:
    """The squad and its parent: enough to find it, short enough for a small screen."""
    return " ".join(rung.grid.name for rung in reversed(rungs[:2]))


def state_line(ctx: Ctx, case: Case, rungs: Sequence[Rung]) -> str:
    """Where it stands and what happens next, in one sentence."""
    letter = ctx.settings.kinds[case.kind].letter
    if case.state in WAITING:
        return letter_line(ctx, case, grid_name(rungs, case.grid)) if letter else _waiting_line(ctx, case, rungs)
    if letter and case.state in (State.RESOLVED, State.CLOSED):
        return _("已答复：“{answer}”").format(answer=one_line(case.outcome))
    if case.state is State.ACKNOWLEDGED and case.responder and case.due_at:
        said = _("{who} 已接单，{when} 前办结").format(who=case.responder.name, when=ctx.clock(case.due_at))
        if case.stalled:
            grid = grid_name(rungs, case.grid)
            said = _("{who} 已接单但超时未办结，{grid} 可以接手").format(who=case.responder.name, grid=grid)
        return said
    if case.state is State.RESOLVED:
        return _("已办结，等上报人回话：{outcome}").format(outcome=one_line(case.outcome, 100) or _("没有留言"))
    return _("{state}。{why}").format(state=state_name(case.state), why=one_line(case.outcome, 100))


def _waiting_line(ctx: Ctx, case: Case, rungs: Sequence[Rung]) -> str:
    if case.due_at is None:
        return state_name(case.state)
    when, grid = ctx.clock(case.due_at), grid_name(rungs, case.grid)
    asked = names(a for rung in rungs if rung.grid.code == case.grid for a in rung.answerers)
    above = next_above(rungs, case.grid)
    if not asked:
        return _("{grid} 还没有能接单的人，已告诉机器人管理员。急事请直接打 110、119、120。").format(grid=grid)
    if above is None:
        return _("等 {grid}（{who}）接单，{when} 再催").format(grid=grid, who=asked, when=when)
    return _("等 {grid}（{who}）接单；{when} 前没人接，就上报 {above}").format(
        grid=grid, who=asked, when=when, above=above.grid.name
    )


def work_buttons(case: Case, kind: Kind, *, helps: bool = False) -> Rows:
    """What those who answer for a case can do with it now; `helps`: it is shown to the neighbour who went."""
    if kind.letter:
        return letter_buttons(case)
    if not case.open:
        return _apart(case)
    assign = Button(_("派单"), f"assign:{case.id}")
    escalate = Button(_("上报上级"), f"escalate:{case.id}")
    correct = Button(_("更正"), f"correct:{case.id}")
    take = Button(_("接单"), f"acknowledge:{case.id}")
    done = Button(_("办结"), f"resolve:{case.id}")
    if case.state in WAITING:
        return ((take, assign), (escalate, correct))
    rows: Rows = ((done, take) if case.stalled else (done,), (assign, escalate, correct))
    return (*rows, (give_back_button(case),)) if helps else rows


def reporter_buttons(case: Case) -> Rows:
    if not case.open:
        return _apart(case)
    return ((Button(_("更正"), f"correct:{case.id}"), Button(_("撤销上报"), f"cancel:{case.id}")),)


def _apart(case: Case) -> Rows:
    """Until its reporter has had the last word, what follows another may turn out to be a thing of its own."""
    if case.state is not State.MERGED or case.rating:
        return ()
    return ((Button(_("不是同一件事"), f"split:{case.id}"),),)


async def enclosures(ctx: Ctx, case: Case, chats: Iterable[ChatId], since: int = 0) -> list[Outgoing]:
    """The case's pictures and voices, under its number: a card itself is words, so it can always change in place.
    What shows a lost person is a card of its own, so that it can be taken down."""
    if case.attachments and ctx.settings.kinds[case.kind].private:
        chats = await readers(ctx, case, chats)
    promise = promise_of(ctx, case)
    lost = case.kind == LOST_PERSON
    return [
        Send(chat, case.number, promise=promise, attachment=kept, card=f"photo:{case.id}:{n}" if lost else None)
        for chat in chats
        for n, kept in enumerate(case.attachments[since:], since + 1)
    ]


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
