"""How a feature says what it answers to, and what it is given to work with."""

import re
from collections.abc import Awaitable, Callable, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta
from types import ModuleType
from typing import Any

from domain.case import Case
from domain.chat import AccountId, ChatId, ChatKind, Due, Incoming, Outgoing, Pressed, Said, as_number
from domain.duty import Rota
from domain.grid import Grid
from domain.kinds import Kind, Urgency
from domain.language import _
from domain.mode import Mode
from domain.people import LEADING, Person, Rung
from domain.reading import NOTHING_READ, Reading
from domain.refused import Refused
from domain.search import Search
from domain.settings import Settings
from domain.text import one_line
from handlers.turns import with_duty
from lexicon.recogniser import Recogniser
from storage.chats import Chat
from storage.drafts import Draft
from storage.store import Store
from storage.threads import Loose

FORM_OPEN = timedelta(minutes=30)
"""How long a question waits for its answer; after that, words in the group are only words again."""

LOOSE_FOR = timedelta(minutes=5)
"""How long a picture without words waits for the report it belongs to."""

Handler = Callable[[Any, "Ctx"], Awaitable[list[Outgoing]]]
Concerns = Callable[[Any, "Ctx"], Awaitable[bool]]
Overhearer = Callable[[Any, Person, "Ctx"], Awaitable[list[Outgoing]]]

_ROUTE = "_gridbot_route"
_OVERHEARS = "_gridbot_overhears"


@dataclass(frozen=True)
class Route:
    """What a handler answers to: words of people, a button's verb, an open form, a deadline, or an occurrence.
    `concerns` decides whether it is the bot's business at all, before anybody is remembered for it; `at_once` that it
    never waits, however much somebody said before; `gives_way` that words of fire or water are no answer to it."""

    handler: Handler
    words: tuple[str, ...] = ()
    glued: bool = False
    button: str | None = None
    form: str | None = None
    due: str | None = None
    on: type[Incoming] | None = None
    plain: bool = False
    concerns: Concerns | None = None
    at_once: bool = False
    gives_way: bool = False
    help: str = ""


def words(
    *names: str,
    help: str,  # noqa: A002
    glued: bool = False,
    concerns: Concerns | None = None,
    at_once: bool = False,
) -> Callable[[Handler], Handler]:
    """Answers to a message that begins with one of these words; `glued` where what follows may touch them
    (`上报东门进水`). `help` is the line that 帮助 shows. Words that do not concern it are talk like any other."""
    return lambda handler: _mark(
        Route(handler, words=names, glued=glued, concerns=concerns, at_once=at_once, help=help)
    )


def button(verb: str) -> Callable[[Handler], Handler]:
    """Answers to a press whose data begins with this verb."""
    return lambda handler: _mark(Route(handler, button=verb))


def form(name: str, *, gives_way: bool = False) -> Callable[[Handler], Handler]:
    """Answers to the next words of somebody who was asked; `ctx.draft.about` says about what."""
    return lambda handler: _mark(Route(handler, form=name, gives_way=gives_way))


def due(subject: str) -> Callable[[Handler], Handler]:
    """Answers to a deadline that passed."""
    return lambda handler: _mark(Route(handler, due=subject))


def happens(kind: type[Incoming], concerns: Concerns | None = None) -> Callable[[Handler], Handler]:
    """Answers to something that happened to a chat or a person."""
    return lambda handler: _mark(Route(handler, on=kind, concerns=concerns))


def plain(concerns: Concerns, *, at_once: bool = False) -> Callable[[Handler], Handler]:
    """Answers to what is said without a command, where it concerns the bot."""
    return lambda handler: _mark(Route(handler, plain=True, concerns=concerns, at_once=at_once))


def overhears(hearer: Overhearer) -> Overhearer:
    """Is told that somebody the bot knows said something, whoever answers it; of every message, so it must cost nothing
    where it does not concern it."""
    setattr(hearer, _OVERHEARS, True)
    return hearer


def _mark(route: Route) -> Handler:
    setattr(route.handler, _ROUTE, route)
    return route.handler


class Routes:
    """All that the bot answers to, from the features' own marks."""

    def __init__(self, features: Iterable[ModuleType]) -> None:
        self.all = [
            getattr(value, _ROUTE)
            for feature in features
            for value in vars(feature).values()
            if hasattr(value, _ROUTE) and value.__module__ == feature.__name__
        ]
        self.overhearers: list[Overhearer] = [
            value
            for feature in features
            for value in vars(feature).values()
            if hasattr(value, _OVERHEARS) and value.__module__ == feature.__name__
        ]
        named = [(word.casefold(), route) for route in self.all for word in route.words]
        self._words: dict[str, list[tuple[str, Route]]] = {}
        for word, route in sorted(named, key=lambda one: -len(one[0])):
            self._words.setdefault(word[0], []).append((word, route))
        self._buttons = {route.button: route for route in self.all if route.button}
        self._forms = {route.form: route for route in self.all if route.form}
        self._due = {route.due: route for route in self.all if route.due}
        self._on = {route.on: route for route in self.all if route.on}
        self._plain = [route for route in self.all if route.plain]

    def spoken(self, text: str) -> tuple[Route, str] | None:
        """The route that a message names, and what else it says."""
        said = _BOT_NAME.sub(r"\1", text.strip())
        lowered = said.casefold()
        for word, route in self._words.get(lowered[:1], ()):
            rest = said[len(word) :]
            if lowered.startswith(word) and (route.glued or not rest or rest[0] in _AFTER_WORD):
                return route, rest.lstrip(_AFTER_WORD)
        return None

    def pressed(self, pressed: Pressed) -> Route | None:
        return self._buttons.get(pressed.action)

    def form(self, draft: Draft) -> Route | None:
        return self._forms.get(draft.form)

    def due(self, due: Due) -> Route:
        route: Route = self._due[due.subject]
        return route

    def happens(self, incoming: Incoming) -> Route | None:
        return self._on.get(type(incoming))

    async def plain(self, said: Said, ctx: "Ctx") -> Route | None:
        """The first feature that talk without a command concerns."""
        route: Route
        for route in self._plain:
            if route.concerns is None or await route.concerns(said, ctx):
                return route
        return None


_AFTER_WORD = " \t\n:：,，。、"
_BOT_NAME = re.compile(r"^(/\w+)@\w+", re.ASCII)


@dataclass
class Ctx:
    """What a handler has at hand: the stored village, the time, and who speaks where."""

    store: Store
    settings: Settings
    now: datetime
    routes: Routes
    recogniser: Recogniser
    sender: Person | None = None
    account: AccountId | None = None
    chat: Chat | None = None
    rest: str = ""
    draft: Draft = field(default_factory=lambda: Draft("", ""))
    reading: Reading = NOTHING_READ
    about: int | None = None
    """The case that what was said belongs to, where it is plain from the talk."""

    def clock(self, at: datetime) -> str:
        return self.settings.clock(at, self.now)

    @property
    def in_group(self) -> bool:
        return self.chat is not None and self.chat.kind is ChatKind.GROUP

    def today(self) -> date:
        """The date on the village's calendar."""
        return self.now.astimezone(self.settings.timezone).date()

    def someone(self) -> Person:
        """Who speaks; refused where the service does not say."""
        if self.sender is None:
            raise Refused(_("您现在是匿名身份，我不知道您是谁。请关掉“匿名管理员”再试。"))
        return self.sender

    def read_as(self, kind: str, text: str) -> Reading:
        """What somebody says this is; a danger to life is one however it is called."""
        reading = self.recogniser.read_report(text)
        life = self.settings.kinds[reading.kind or ""].urgency is Urgency.LIFE
        return reading if life else replace(reading, kind=kind)

    async def case(self, number: str) -> Case:
        """The case of this number as people write it: 12, #12, ＃12."""
        number = one_line(number, 20)
        case = await self.store.cases.get(as_number(number.lstrip("#＃")))
        if case is None:
            raise Refused(_("没有 {number} 这个编号。请看卡片上的编号，例如：查询 12").format(number=number))
        return case

    async def case_here(self, number: str) -> Case:
        """The same, where it is named: nobody talks of what is private in a group, not even those who work on it."""
        case = await self.case(number)
        if self.in_group and not self.tellable(case):
            raise Refused(_("这件事不在群里说，请私下对我发同样的话。"))
        return case

    async def search(self, number: str) -> tuple[Case, Search]:
        """The case of this number, and the search for the person who is lost in it."""
        case = await self.case(number)
        search = await self.store.searches.get(case.id)
        if search is None:
            raise Refused(_("{number} 不是寻人。请看寻人启事上的编号。").format(number=case.number))
        return case, search

    def tellable(self, case: Case) -> bool:
        """Whether a whole group may hear of it here; of a letter, only where it was written."""
        kind = self.settings.kinds[case.kind]
        written_here = self.chat is not None and self.chat.id == case.reported_in
        return written_here if kind.letter else not kind.private

    async def grid(self, word: str) -> Grid:
        """The one open grid that somebody means by its code or its name."""
        name = one_line(word, 40)
        if not name:
            raise Refused(_("请在后面写上网格的编号或名称，例如：350121107201"))
        found = await self.store.grids.find(name)
        if not found:
            raise Refused(_("没有叫 {name} 的网格。请核对编号或名称。").format(name=name))
        if len(found) > 1:
            codes = "、".join(grid.code for grid in found[:5])
            raise Refused(_("叫 {name} 的网格有几个，请写编号：{codes}").format(name=name, codes=codes))
        return found[0]

    async def pressed_case(self, pressed: Pressed) -> Case:
        """The case a button belongs to. If its card was in doubt, the press proves that it arrived."""
        case = await self.case_here(pressed.arg(0))
        await self.store.outbox.adopt(pressed.chat, f"case:{case.id}", pressed.message_id)
        return case

    async def answers_for(self, grid: str) -> bool:
        """Whether the speaker has authority over this grid: it comes from above and reaches everything below."""
        path = await self.store.grids.path(grid)
        return self.sender is not None and self.sender.answers_for({g.code for g in path})

    async def must_work_on(self, case: Case) -> Person:
        """The responder, wherever they come from, or somebody with authority over where it was reported; never a
        party to it."""
        person = self.someone()
        if self.settings.kinds[case.kind].private and (await self.store.mediations.of(case)).party(person.id):
            raise Refused(_("您是这件事的当事人，要由别人来处理。"))
        return person if case.responder == person.who else await self.must_answer_for(case.origin)

    async def must_know_of(self, case: Case) -> Person:
        """Its reporter, or somebody who may work on it."""
        person = self.someone()
        own = case.is_reporters(person.who, self.chat.id if self.chat else None)
        return person if own else await self.must_work_on(case)

    async def must_answer_for(self, grid: str) -> Person:
        person = self.someone()
        if not await self.answers_for(grid):
            raise Refused(_("这一步要由管这一片的队长、网格长或干部来做"))
        return person

    async def must_lead(self, grid: str) -> Person:
        """A leader or an officer: what sets a whole village in motion is not left to a deputy."""
        person = self.someone()
        path = {g.code for g in await self.store.grids.path(grid)}
        if not person.answers_for(path, LEADING):
            raise Refused(_("这一步要由管这一片的队长、网格长或干部来做"))
        return person

    async def ask(self, chat: ChatId, form: str, about: str = "") -> None:
        """The speaker's next words in this chat answer this form."""
        if self.account:
            await self.store.drafts.open(chat, self.account, form, about, self.now + FORM_OPEN)

    async def answered(self, said: Said) -> None:
        if self.account:
            await self.store.drafts.close(said.chat, self.account)

    async def take_loose(self, chat: ChatId) -> Sequence[Loose]:
        """What the speaker sent here a moment ago without words."""
        if self.account is None:
            return ()
        return await self.store.threads.take_loose(chat, self.account, self.now - LOOSE_FOR)

    async def owner_chats(self) -> list[ChatId]:
        """Where the owners can be told that nobody else can."""
        return await self.store.people.heard_as(self.settings.owners)

    async def rungs(self, origin: str) -> list[Rung]:
        """The way of a case, from where it was reported up to the root, as it is at this moment. Where no grid has a
        rota, nothing is asked of them: a report in a busy hour passes here many times."""
        rungs = await self.store.grids.rungs(origin)
        with_rota = [rung.grid.code for rung in rungs if rung.rota]
        return with_duty(rungs, await self.rotas(with_rota), self.settings.shift.day(self.now)) if with_rota else rungs

    async def rotas(self, grids: Iterable[str]) -> dict[str, Rota]:
        """The turns in these grids, of those that have any, as they hold now."""
        return {grid: await self.holding(rota) for grid, rota in (await self.store.duty.of(grids)).items()}

    async def holding(self, rota: Rota) -> Rota:
        """The same turns as they are for the work that is done there now."""
        mode = await self.mode(rota.grid) if rota.modes else None
        return rota.in_mode(mode.name) if mode else rota

    async def mode(self, grid: str) -> Mode | None:
        """The work mode that holds here: the nearest on the way up."""
        begun = (rung.mode for rung in await self.store.grids.rungs(grid) if rung.mode)
        return self.settings.modes.get(next(begun, None))

    async def kind(self, kind: str, origin: str) -> Kind:
        """A kind with the timers and the night that hold where it was reported, and with what gathers there."""
        mode = await self.mode(origin)
        return mode.changed(self.settings.kinds[kind]) if mode else self.settings.kinds[kind]
