"""并案, 拆案: one thing reported by many is dealt with once; what was taken for the same can be taken out again."""

from domain.case import Case
from domain.chat import Outgoing, Pressed, Said
from domain.language import N_, _
from domain.people import Who
from domain.refused import Refused
from handlers.all_clear import follow
from handlers.cards import everywhere, tell_reporter
from handlers.discretion import way
from handlers.gathered import lost_a_voice, won_a_voice
from handlers.on_call import told_first
from handlers.routing import Ctx, button, words


@words("并案", "/merge", help=N_("并案 编号 编号 —— 前一件和后一件是同一件事"))
async def merge(said: Said, ctx: Ctx) -> list[Outgoing]:
    numbers = ctx.rest.split()
    if len(numbers) != 2:
        raise Refused(_("请写两个编号，例如：并案 13 12，就是把 #13 并入 #12"))
    case, into = await ctx.case_here(numbers[0]), await ctx.case_here(numbers[1])
    person = await ctx.must_work_on(case)
    await ctx.must_work_on(into)
    if ctx.settings.kinds[case.kind].private is not ctx.settings.kinds[into.kind].private:
        raise Refused(_("不公开的事不能和公开的事并在一起。"))
    return await one_thing(ctx, case, into, person.who)


async def one_thing(ctx: Ctx, case: Case, into: Case, by: Who) -> list[Outgoing]:
    """Somebody says that these are the same: whoever reported this one goes on with the other."""
    case, into = await join(ctx, case, into, by)
    text = _("{number} 和 {into} 是同一件事，一起处理，办好了告诉您。").format(number=case.number, into=into.number)
    outs = [*await follow(case, ctx), *await everywhere(ctx, case), *await won_a_voice(ctx, into)]
    return [*outs, *await tell_reporter(ctx, case, text)]


async def join(ctx: Ctx, case: Case, into: Case, by: Who | None) -> tuple[Case, Case]:
    """The one way in which a case becomes a part of another; the log of both says so."""
    case = await ctx.store.cases.save(case.merge(into, by, ctx.now))
    into = await ctx.store.cases.save(into.joined_by(case, ctx.now))
    await ctx.store.sameness.withdraw_offer(case.id)
    return case, into


@button("split")
async def split(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    return await _split(await ctx.pressed_case(pressed), ctx)


@words("拆案", "/split", help=N_("拆案 编号 —— 并错了，这是另一件事"))
async def split_in_words(said: Said, ctx: Ctx) -> list[Outgoing]:
    return await _split(await ctx.case_here(ctx.rest), ctx)


async def _split(case: Case, ctx: Ctx) -> list[Outgoing]:
    """Those who answer for it may say so, and its reporter."""
    person = await ctx.must_know_of(case)
    head = await ctx.store.cases.head(case.id)
    kind = await ctx.kind(case.kind, case.origin)
    case = await ctx.store.cases.save(case.split(head, person.who, kind, ctx.now))
    head = await ctx.store.cases.save(head.parted_from(case, ctx.now))
    rung = next((rung for rung in await way(ctx, case) if rung.grid.code == case.grid), None)
    return [*await everywhere(ctx, case, await told_first(ctx, case, rung)), *await lost_a_voice(ctx, head)]
