"""并案: one thing reported twice is dealt with once, and both reporters hear the end."""

from domain.chat import Outgoing, Said
from domain.language import N_, _
from domain.refused import Refused
from handlers.all_clear import follow
from handlers.cards import everywhere, tell_reporter
from handlers.routing import Ctx, words


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
    case = await ctx.store.cases.save(case.merge(into, person.who, ctx.now))
    text = _("{number} 和 {into} 是同一件事，一起处理，办好了告诉您。").format(number=case.number, into=into.number)
    outs = [*await follow(case, ctx), *await everywhere(ctx, case)]
    return [*outs, *await tell_reporter(ctx, case, text)]
