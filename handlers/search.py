"""寻人: a leader or an officer confirms, and the notice widens by itself, ring by ring, until it is over."""

from dataclasses import replace

from domain.case import Case
from domain.chat import Due, Outgoing, Pressed, Said, Send
from domain.kinds import LOST_PERSON
from domain.language import N_, _
from domain.log import Event
from domain.refused import Refused
from domain.rings import beside, tops
from domain.search import Search, Stage, Step, confirmers
from domain.text import clean, has_words
from handlers.all_clear import end
from handlers.cards import everywhere
from handlers.intake import take_in
from handlers.notice import copies
from handlers.report import LONGEST_REPORT, where
from handlers.resolve import settle
from handlers.routing import Ctx, button, due, form, words


@words("走失", "寻人", "/lost", at_once=True, help=N_("走失 谁、在哪里 —— 有人走失，例如：走失 孩子 6 岁 红衣服"))
async def report_lost(said: Said, ctx: Ctx) -> list[Outgoing]:
    """Open from the first word: what is missing is asked afterwards."""
    text = clean(ctx.rest)[:LONGEST_REPORT]
    reading = replace(ctx.recogniser.read_report(text), kind=LOST_PERSON)
    return await take_in(said, ctx, await where(ctx), text, reading)


@button("search_confirm")
async def confirm(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    await ctx.pressed_case(pressed)
    case, search = await ctx.search(pressed.arg(0))
    person = await ctx.must_lead(case.origin)
    if not case.open:
        search.must_run(case.number)
    search = search.confirm(person.id, ctx.now, ctx.settings.search)
    return await _widen(case.record(Event.CONFIRMED, person.who, ctx.now), search, ctx)


@button("search_reject")
async def ask_why(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    await ctx.pressed_case(pressed)
    case, search = await ctx.search(pressed.arg(0))
    person = await ctx.must_lead(case.origin)
    search.must_run(case.number)
    await ctx.ask(pressed.chat, "rejected", str(case.id))
    text = _("{who}，{number} 为什么不是走失？请回一句话，会告诉上报人。").format(who=person.name, number=case.number)
    return [Send(pressed.chat, text, card=f"rejected:{case.id}", asks=True)]


@form("rejected")
async def reject(said: Said, ctx: Ctx) -> list[Outgoing]:
    """The reporter may send it back, one level up, where somebody else decides."""
    case, search = await ctx.search(ctx.draft.about)
    person = await ctx.must_lead(case.origin)
    if not has_words(said.text):
        raise Refused(_("请写一句原因，会告诉上报人。"))
    search.must_run(case.number)
    await ctx.store.threads.belongs(said.chat, said.message_id, case.id)
    outs = await end(search, Stage.REJECTED, ctx)
    return [*outs, *await settle(case, said.text, person, said, ctx)]


@button("search_renew")
async def renew(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    case, search = await ctx.search(pressed.arg(0))
    person = await ctx.must_answer_for(case.origin)
    await ctx.store.searches.save(search.renew(ctx.now, ctx.settings.search))
    case = await ctx.store.cases.save(case.record(Event.RENEWED, person.who, ctx.now))
    return await everywhere(ctx, case)


@due("search")
async def lapsed(lapsed: Due, ctx: Ctx) -> list[Outgoing]:
    case, search = await ctx.search(str(lapsed.id))
    match search.step(ctx.now, ctx.settings.search):
        case Step.WIDEN:
            return await _widen(case, search, ctx)
        case Step.ASK_AGAIN:
            return await _ask_again(case, search, ctx)
        case Step.WARN:
            return await _warn(case, search, ctx)
        case Step.EXPIRE:
            return await _expire(case, search, ctx)
        case Step.ERASE:
            return await _erase(case, search, ctx)
    return []


async def _widen(case: Case, search: Search, ctx: Ctx) -> list[Outgoing]:
    """The next ring: every group in it that was not told yet. A ring without any is skipped, and the card says so."""
    search = await ctx.store.searches.save(search.widen(ctx.settings.search))
    path = [rung.grid for rung in await ctx.rungs(case.origin)]
    village = beside(path)
    around = await ctx.store.grids.children(village.parent) if village and village.parent else []
    codes = tops(search.ring, path, [grid for grid in around if grid.code != (village and village.code)])
    told = await ctx.store.searches.chats(search.id)
    chats = [chat for chat in await ctx.store.chats.below(codes) if chat not in told]
    await ctx.store.searches.tell(search.id, chats, search.ring)
    event = Event.WIDENED if chats else Event.RING_SKIPPED
    case = await ctx.store.cases.save(case.record(event, None, ctx.now, search.ring.spoken))
    return [*copies(search, chats), *await everywhere(ctx, case)]


async def _ask_again(case: Case, search: Search, ctx: Ctx) -> list[Outgoing]:
    """Nobody has confirmed: the level above is asked as well, in private."""
    levels = confirmers(await ctx.rungs(case.origin), search.reporter)
    nearest = levels[: search.asked + 1][-1:]
    search = await ctx.store.searches.save(search.ask_again(ctx.settings.search))
    chats = [chat for rung in nearest for chat in rung.private_chats] or await ctx.owner_chats()
    text = _("{number} 有人走失，还没有人确认。请看卡片，点“确认寻人”或“不是走失”。").format(number=case.number)
    return [*await everywhere(ctx, case, chats), *(Send(chat, text) for chat in chats)]


async def _warn(case: Case, search: Search, ctx: Ctx) -> list[Outgoing]:
    await ctx.store.searches.save(search.warn(ctx.settings.search))
    rungs = await ctx.rungs(case.origin)
    chats = next((rung.private_chats for rung in rungs if rung.private_chats), ()) or await ctx.owner_chats()
    text = _("{number} 寻人 {when} 到期，到时会停下。还要找，请在卡片上点“继续找”。").format(
        number=case.number, when=ctx.clock(search.expires_at)
    )
    return [*await everywhere(ctx, case, chats), *(Send(chat, text) for chat in chats)]


async def _expire(case: Case, search: Search, ctx: Ctx) -> list[Outgoing]:
    outs = await end(search, Stage.EXPIRED, ctx)
    case = await ctx.store.cases.save(case.record(Event.SEARCH_OVER, None, ctx.now, _("到期")))
    return [*outs, *await everywhere(ctx, case)]


async def _erase(case: Case, search: Search, ctx: Ctx) -> list[Outgoing]:
    """What helps to find somebody who is still away is kept; else it goes, and the log says that it went."""
    if case.open:
        await ctx.store.searches.save(search.keep(ctx.now, ctx.settings.search))
        return []
    await ctx.store.erasure.erase(case.id)
    await ctx.store.searches.save(search.erase())
    return await everywhere(ctx, await ctx.store.cases.save(case.forget(ctx.now)))
