"""寻人: how a search looks, to those who work on it and to everybody who is told."""

from collections.abc import Iterable
from dataclasses import replace

from domain.case import Case
from domain.chat import Button, ChatId, ChatKind, Outgoing, Promise, Rows, Send
from domain.duration import spoken
from domain.facts import NOTHING_SAID
from domain.language import N_, _
from domain.missing import told, without_names
from domain.rings import Ring
from domain.search import Search, Stage
from domain.text import one_line
from handlers.routing import Ctx
from storage.cases import Logged

SHOWN_SEARCHERS = 8
"""Of those who look for somebody, on a card: a small screen shows as many."""

_ENDS = {
    Stage.FOUND: N_("{number} 已找到，不用再找了，谢谢大家！"),
    Stage.REJECTED: N_("{number} 不用找了，谢谢大家。"),
    Stage.STOPPED: N_("{number} 不用找了，谢谢大家。"),
    Stage.EXPIRED: N_("{number} 找了 {length} 还没有消息，先停下，照片撤下。有线索请打 110。"),
}


def notice_card(search: Search) -> str:
    return f"search:{search.id}"


def photo_card(search: Search) -> str:
    return f"photo:{search.id}:1"


def copies(search: Search, chats: Iterable[ChatId]) -> list[Outgoing]:
    """The notice, as few fields and as few messages as will do: one line, under the photo where there is one."""
    card = photo_card(search) if search.missing.photo else notice_card(search)
    return [
        Send(chat, notice_line(search), volunteer_buttons(search), Promise.LIFE, card, attachment=search.missing.photo)
        for chat in chats
    ]


def corrected(search: Search, chats: Iterable[ChatId]) -> list[Outgoing]:
    """What became known later. It never stands in the photo's message, which must stay one that can be taken down."""
    return [
        Send(chat, notice_line(search), volunteer_buttons(search), Promise.CARD, notice_card(search)) for chat in chats
    ]


def notice_line(search: Search) -> str:
    return _("【寻人】#{n} {who}。看到了、能去找，请点下面。").format(n=search.id, who=told(search.missing))


def end_line(search: Search) -> str:
    length = spoken(search.expires_at - (search.confirmed_at or search.opened_at))
    return _(_ENDS[search.stage]).format(number=f"#{search.id}", length=length)


def volunteer_buttons(search: Search) -> Rows:
    look, saw = Button(_("我去找"), f"look:{search.id}"), Button(_("看到了"), f"saw:{search.id}")
    return ((look, saw), (found_button(search),))


def found_button(search: Search) -> Button:
    return Button(_("找到了"), f"found:{search.id}")


def found_buttons(search: Search | None) -> Rows:
    return ((found_button(search),),) if search and search.running else ()


def search_buttons(search: Search | None, case: Case) -> Rows:
    """What those who work on it can do with the search now; the most pressing first."""
    if search is None or not case.open:
        return ()
    confirm = Button(_("确认寻人"), f"search_confirm:{search.id}")
    if search.stage is Stage.REJECTED and search.confirmed_at is None:
        return ((confirm,),)
    if search.stage is Stage.ASKED:
        return ((confirm, Button(_("不是走失"), f"search_reject:{search.id}")), *volunteer_buttons(search))
    if search.stage is Stage.WIDENING:
        return (*volunteer_buttons(search), (Button(_("继续找"), f"search_renew:{search.id}"),))
    return ()


async def at_home(ctx: Ctx, case: Case, chats: Iterable[ChatId]) -> dict[ChatId, bool]:
    """Where the card of a lost person may stand, and whether that is a group: with those who answer in private, and in
    its own squad's group. Every other group has the notice, once it is confirmed."""
    own = {case.reported_in, *(await ctx.rungs(case.origin))[0].groups}
    kinds = {chat: await ctx.store.chats.get(chat) for chat in chats}
    groups = {chat: met is None or met.kind is ChatKind.GROUP for chat, met in kinds.items()}
    return {chat: group for chat, group in groups.items() if not group or chat in own}


def hushed(case: Case, search: Search | None) -> Case:
    """The case as a group may read it: what is known stands in the notice's words, and people's own are left out."""
    outcome = without_names(search.missing, case.outcome) if search else ""
    return replace(case, outcome=outcome, facts=NOTHING_SAID, location=None)


def told_once(case: Case) -> Case:
    """The case beside what is known of whom it is about: that says already where, and that it cannot wait."""
    return replace(case, facts=replace(case.facts, place="", danger=False))


def wordless(log: Iterable[Logged]) -> list[Logged]:
    return [replace(entry, words="") for entry in log]


async def search_lines(ctx: Ctx, search: Search, group: bool) -> list[str]:
    """What is known, how far it was told and who is out; what only those who work on it need is left out of groups."""
    missing = search.missing
    lines = [] if search.due_at is None else [told(missing)]
    if not group:
        private = ((_("走失的是"), missing.who), (_("电话"), missing.contact), (_("报警"), missing.police))
        lines += [f"{name}：{one_line(said)}" for name, said in private if said]
    lines.append(_how_far(ctx, search))
    searchers = await ctx.store.searches.searchers(search.id) if search.running else []
    if searchers:
        out = "、".join(f"{one.name}（{one.place}）" for one in searchers[:SHOWN_SEARCHERS])
        lines.append(_("在找 {n} 人：{out}").format(n=len(searchers), out=out))
    return lines


def _how_far(ctx: Ctx, search: Search) -> str:
    if search.stage is Stage.ASKED:
        return _("还没有往外说：等队长、网格长或干部点“确认寻人”，别的群才会知道。")
    if search.stage is not Stage.WIDENING or search.confirmed_at is None:
        return end_line(search)
    until = ctx.clock(search.expires_at)
    if search.ring is Ring.TOWNSHIP:
        return _("正在寻人，各圈都通知了，{until} 到期").format(until=until)
    ring = Ring(search.ring + 1)
    when = ctx.clock(search.confirmed_at + ctx.settings.search.after(ring))
    return _("正在寻人，{when} 通知{ring}，{until} 到期").format(when=when, ring=ring.spoken, until=until)
