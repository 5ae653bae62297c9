"""Who may see what of a private case: its mediators all, each side its own, anybody else only that there is one."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from domain.case import Case, State
from domain.chat import Button, ChatId, Rows
from domain.kinds import Kinds
from domain.language import _
from domain.log import Event
from domain.mediation import ASKED, DISPUTE, Mediation, Party, View, may_hear
from domain.people import PersonId, Rung
from domain.text import one_line
from domain.visit import Visit
from handlers.routing import Ctx
from storage.cases import Logged

AGREEMENT_ON_CARD = 100
"""Characters of the agreement that a card shows; 调解 shows all of it."""


@dataclass(frozen=True)
class Face:
    """A private case as one person may see it. `works`: they may do something about it; `reported`: it is theirs."""

    view: View
    case: Case
    log: Sequence[Logged]
    lines: Sequence[str] = ()
    buttons: Rows = ()
    works: bool = False
    reported: bool = False


@dataclass(frozen=True)
class Matter:
    """A private case and all that belongs to it, before anybody's eyes."""

    case: Case
    log: Sequence[Logged]
    mediation: Mediation
    visits: Sequence[Visit]
    out_of_reach: frozenset[PersonId]

    def face(self, ctx: Ctx, person: PersonId, answers: bool, whole: bool = False) -> Face:
        """`answers`: they have authority over where it was reported; `whole`: an agreement is shown uncut."""
        case, view = self.case, self.mediation.view(self.case, person, answers)
        outline = replace(case.outline(), responder=case.responder)
        reported = case.reporter is not None and case.reporter.id == person
        if view is View.ALL:
            return Face(view, case, self.log, self._to_mediators(ctx, whole), self._mediators_buttons(), works=True)
        if view is View.OWN:
            own = [line for line in self.log if may_hear(line.event, line.person, person)]
            shown = replace(outline, text=case.text, outcome=case.outcome) if reported else outline
            return Face(view, shown, own, self._to_party(ctx, person, whole), self._broken_button(), reported=reported)
        if view is View.ASKED:
            return Face(view, case, [line for line in self.log if line.event in ASKED], works=True)
        return Face(view, outline, (), works=answers)

    def _to_mediators(self, ctx: Ctx, whole: bool) -> list[str]:
        if self.case.kind != DISPUTE:
            return []
        lines = [self._party_line(party) for party in self.mediation.parties]
        if self.mediation.helpers:
            names = "、".join(who.name for who in self.mediation.helpers)
            lines.append(_("一起调解：{names}").format(names=names))
        lines += self._visit_lines(ctx)
        if self.mediation.version:
            settled = self.mediation.agreed and not self.case.open
            state = _("已生效") if settled else _("没有履行") if self._broken else _("还没有生效")
            lines.append(_("协议第 {n} 版，{state}：").format(n=self.mediation.version, state=state))
            lines.append(self._agreement(whole))
        return [*lines, *self._next_step(ctx)]

    def _next_step(self, ctx: Ctx) -> list[str]:
        """Which of so many buttons comes next, while somebody mediates."""
        mediation = self.mediation
        if self.case.state is not State.ACKNOWLEDGED:
            return []
        if mediation.other is None:
            return [_("下一步：点“请另一方”")]
        if mediation.version and not self._broken:
            return [_("下一步：等双方同意；要改，再点“写协议”")]
        return [_("下一步：谈好了，点“写协议”") if self._visit_lines(ctx) else _("下一步：点“约时间”，三方坐下来谈")]

    def _party_line(self, party: Party) -> str:
        side = _("一方：{who}") if party is self.mediation.first else _("另一方：{who}")
        said = side.format(who=" ".join(filter(None, (party.name or _("没留姓名"), party.phone))))
        if party.invited:
            return said + _("（已请，等回话）")
        if party.person is None:
            return said + _("（没有账号，请当面说）")
        if party.person in self.out_of_reach:
            return said + _("（收不到私信，请当面说）")
        agreed = self.mediation.version and party.agreed == self.mediation.version
        return said + (_("（同意了协议）") if agreed else "")

    def _to_party(self, ctx: Ctx, person: PersonId, whole: bool) -> list[str]:
        party = self.mediation.party(person)
        if party is None:
            return []
        lines = [_("您说的话，对方看不到。")] if self.case.open else []
        lines += self._visit_lines(ctx)
        if self.mediation.version:
            said_yes = party.agreed == self.mediation.version
            waits = _("您同意了，等另一方确认") if said_yes else _("请您确认")
            state = _("双方都同意了") if self.mediation.agreed else _("没有履行") if self._broken else waits
            lines += [_("协议（{state}）：").format(state=state), self._agreement(whole)]
        return lines

    @property
    def _broken(self) -> bool:
        """Whether the text is history: it was not kept, and nobody has written another since."""
        steps = [line.event for line in self.log if line.event in (Event.PROPOSED, Event.BROKEN)]
        return steps[-1:] == [Event.BROKEN]

    def _visit_lines(self, ctx: Ctx) -> list[str]:
        ahead = next((visit for visit in self.visits if visit.at > ctx.now and visit.due_at), None)
        if ahead is None or not self.case.open:
            return []
        return [_("下次见面：{when} {place}").format(when=ctx.clock(ahead.at), place=ahead.place).rstrip()]

    def _agreement(self, whole: bool) -> str:
        text = self.mediation.agreement
        return text if whole else one_line(text, AGREEMENT_ON_CARD)

    def _mediators_buttons(self) -> Rows:
        number = self.case.id
        if self.case.kind != DISPUTE or self.case.state is not State.ACKNOWLEDGED:
            return self._broken_button()
        labels = (
            ((_("请另一方"), "other"), (_("约时间"), "visit")),
            ((_("记一笔"), "note"), (_("写协议"), "agreement")),
            ((_("加调解人"), "helper"), (_("调解不成"), "fail")),
        )
        rows = tuple(tuple(Button(label, f"{verb}:{number}") for label, verb in row) for row in labels)
        return (*self._face_to_face(), *rows)

    def _face_to_face(self) -> Rows:
        """For a side that cannot press a button itself, the mediator notes that it said yes."""
        mediation, version = self.mediation, self.mediation.version
        return tuple(
            (Button(_("{who} 当面同意了").format(who=party.name), f"agree_for:{self.case.id}:{version}:{party.side}"),)
            for party in mediation.parties
            if version and party.agreed != version and (not party.person or party.person in self.out_of_reach)
        )

    def _broken_button(self) -> Rows:
        settled = self.mediation.agreed_at is not None and not self.case.open
        return ((Button(_("没有履行"), f"broken:{self.case.id}"),),) if settled else ()


async def parties(ctx: Ctx, case: Case) -> frozenset[PersonId]:
    """Those whom a private case is about, as far as they are known here."""
    mediation = await ctx.store.mediations.of(case)
    return frozenset(party.person for party in mediation.parties if party.person)


async def way(ctx: Ctx, case: Case) -> list[Rung]:
    """The rungs of a case. Of a private one no group hears, and no party answers for their own quarrel."""
    rungs = await ctx.rungs(case.origin)
    if not ctx.settings.kinds[case.kind].private:
        return rungs
    own = await parties(ctx, case)
    return [rung.discreetly(own) for rung in rungs]


async def matter_of(ctx: Ctx, case: Case, log: Sequence[Logged] | None = None) -> Matter:
    mediation = await ctx.store.mediations.of(case)
    known = [party.person for party in mediation.parties if party.person]
    out_of_reach = frozenset([person for person in known if not await ctx.store.people.private_chats(person)])
    log = await ctx.store.cases.log(case.id) if log is None else log
    return Matter(case, log, mediation, await ctx.store.mediations.visits(case.id), out_of_reach)


async def faces(
    ctx: Ctx, case: Case, chats: Iterable[ChatId], log: Sequence[Logged] | None = None
) -> dict[ChatId, Face]:
    """What each of these chats may show of a private case: nothing in a group, and only what its one listener may
    know elsewhere."""
    alone = await ctx.store.people.alone_in(chats)
    if not alone:
        return {}
    matter = await matter_of(ctx, case, log)
    answering = {a.person for rung in await way(ctx, case) for a in rung.answerers}
    owners = set(await ctx.owner_chats())
    return {chat: matter.face(ctx, person, person in answering or chat in owners) for chat, person in alone.items()}


async def readers(ctx: Ctx, case: Case, chats: Iterable[ChatId]) -> list[ChatId]:
    """Those of these chats that may be shown what was sent in with a private case. Pictures of the other side are
    for mediators alone."""
    mediation = await ctx.store.mediations.of(case)
    both = mediation.other is not None and mediation.other.person is not None
    allowed = {View.ALL} if both else {View.ALL, View.ASKED}
    return [chat for chat, face in (await faces(ctx, case, chats)).items() if face.view in allowed]


def for_all(kinds: Kinds, cases: Iterable[Case]) -> list[Case]:
    """These cases as anybody may hear of them, in a list, a count or a digest: of a private one no word and no name
    is left."""
    return [case.outline() if kinds[case.kind].private else case for case in cases]
