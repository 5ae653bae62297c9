"""我家安全: a household answers for itself, in its squad's group or in private, before anybody knocks."""

from collections.abc import Sequence

from domain.chat import Answer, Button, ChatId, Outgoing, Pressed, Promise, Rows, Said, Send
from domain.language import _
from domain.refused import Refused
from domain.survey import Choice, Means
from domain.sweep import Count, Entry, Sweep
from domain.sweep_words import Told, read_own
from handlers.report import where
from handlers.routing import Ctx, button, plain
from handlers.sweep_answer import answered, help_called
from handlers.sweep_card import answer_of, headline, must_still_run, the_sweep, time_left, wakes, what, worded


def ask_card(sweep: Sweep) -> str:
    return f"sweep_ask:{sweep.id}"


def asked_in_group(sweep: Sweep, count: Count, chats: Sequence[ChatId], ctx: Ctx) -> list[Outgoing]:
    """What the neighbours of a squad read: a button for each answer that is theirs to give. It leaves after all that
    the leaders are waiting for."""
    own = [choice for choice in sweep.survey.choices if choice.own]
    lines = [headline(sweep, count.name), time_left(sweep, ctx)]
    if sweep.running and own:
        lines.insert(1, _("请各家点一下，或回一句“我家{label}”。没回的，队长会来问。").format(label=own[0].label))
    rows: Rows = ()
    if sweep.running:
        rows = tuple(
            (Button(_("我家{label}").format(label=one.label), f"sweep_own:{sweep.id}:{one.code}"),) for one in own
        )
    text, card = worded(sweep, "\n".join(lines)), ask_card(sweep)
    return [Send(chat, text, rows, Promise.DIGEST, card, wakes=wakes(sweep)) for chat in chats] if own else []


@button("sweep_own")
async def pressed(pressed: Pressed, ctx: Ctx) -> list[Outgoing]:
    sweep = await the_sweep(pressed.number(0), ctx)
    choice = sweep.survey.choice(pressed.arg(1))
    if choice is None or not choice.own:
        raise Refused(_("这个按钮失效了。"))
    await ctx.store.outbox.adopt(pressed.chat, ask_card(sweep), pressed.message_id)
    number = pressed.number(2) if pressed.arg(2) else None
    told, outs = await _noted(sweep, choice, pressed, ctx, number=number)
    return [Answer(pressed.chat, pressed.press, told), *outs]


async def awaited(said: Said, ctx: Ctx) -> bool:
    """Whether it is a household's own answer where a sweep waits for one; else it is talk, or a report."""
    told = read_own(said.text, ctx.settings.surveys.word) if said.sender else None
    if told is None or said.sender is None:
        return False
    person = await ctx.store.people.by_account(said.sender.account)
    home = await ctx.store.sweep_doors.home_of(person.id) if person else None
    return bool(_meant(told, await _running(home, said, ctx)))


@plain(awaited, at_once=True)
async def typed(said: Said, ctx: Ctx) -> list[Outgoing]:
    told = read_own(said.text, ctx.settings.surveys.word)
    home = await ctx.store.sweep_doors.home_of(ctx.someone().id)
    meant = _meant(told, await _running(home, said, ctx)) if told else []
    if not told or not meant:
        raise Refused(_("现在没有摸排在问您家。有事请发：上报 哪里、出了什么事"))
    if len(meant) > 1:
        text = _("现在有几个摸排，您回的是哪一个？")
        return [Send(said.chat, text, tuple(_which(*one, told) for one in meant), reply_to=said.message_id)]
    ((sweep, choice),) = meant
    answer, outs = await _noted(sweep, choice, said, ctx, number=told.number, note=told.note)
    return [Send(said.chat, worded(sweep, answer), reply_to=said.message_id), *outs]


def _meant(told: Told, running: Sequence[Sweep]) -> list[tuple[Sweep, Choice]]:
    """The sweeps that this can be an answer to. Help is called at once by one that is no drill: who calls for it is not
    asked for the number of a sweep first."""
    answers = [(sweep, sweep.survey.said(told.word)) for sweep in running if told.sweep in (None, sweep.id)]
    meant = [(sweep, choice) for sweep, choice in answers if choice and choice.own]
    calls = [(sweep, choice) for sweep, choice in meant if choice.means is Means.HELP and not sweep.drill]
    return calls[:1] or meant


def _which(sweep: Sweep, choice: Choice, told: Told) -> tuple[Button]:
    """By title and number: two may ask the same. How many are behind the door need not be said again."""
    label = _("{what}（{number}）").format(what=what(sweep), number=sweep.number)
    count = f":{told.number}" if told.number is not None else ""
    return (Button(label, f"sweep_own:{sweep.id}:{choice.code}{count}"),)


async def _running(home: int | None, said: Said, ctx: Ctx) -> Sequence[Sweep]:
    """The sweeps that ask this household; of whom no door is known, those that ask in this group."""
    if home is not None:
        return await ctx.store.sweeps.running_for(home)
    chat = await ctx.store.chats.get(said.chat)
    return await ctx.store.sweeps.asking([chat.grid]) if chat and chat.grid else []


async def _noted(
    sweep: Sweep, choice: Choice, by: Said | Pressed, ctx: Ctx, *, number: int | None = None, note: str = ""
) -> tuple[str, list[Outgoing]]:
    must_still_run(sweep)
    home = await ctx.store.sweep_doors.home_of(ctx.someone().id)
    entry = await ctx.store.sweep_doors.get(sweep.id, home) if home is not None else None
    if entry is None and choice.means is Means.HELP and not sweep.drill:
        # Help is called first, be it for a door that nobody knows.
        case, outs = await help_called(sweep, choice.label, note, await where(ctx), by, ctx)
        return _("{number} 报上去了，正在叫人。请再说一句您在哪一户。").format(number=case.number), outs
    if home is None:
        raise Refused(_("还不知道您是哪一户，请把门牌告诉队长，由队长替您记。"))
    if entry is None:
        raise Refused(_("您家不在这次摸排里，不用回，谢谢您。"))
    after, outs = await answered(sweep, entry, choice, by, ctx, number=number, note=note, own=True)
    return _thanks(sweep, after), outs


def _thanks(sweep: Sweep, entry: Entry) -> str:
    noted = _("记下了：{door} {answer}。谢谢您。").format(door=entry.door, answer=answer_of(sweep, entry))
    if sweep.drill and sweep.survey.means(entry.answer) is Means.HELP:
        return noted + _("这是演练，没有叫人；真有事请发：求助 什么事")
    return noted
