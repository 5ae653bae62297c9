"""WeCom as the house sees it: what is said there comes in, what is promised goes out, and doubt is called doubt."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta
from typing import Any

import structlog

from bot.channels import Doubt, Fetch, Health, Later, Never, Receive, Unable
from bot.channels.carrier import Missing
from bot.channels.wecom import compose
from bot.channels.wecom.client import Client
from bot.channels.wecom.ear import Ear
from bot.channels.wecom.enclosures import Enclosed, Enclosures
from bot.channels.wecom.frames import CHANNEL, PUSH, UPDATE, WELCOME, Json, address
from bot.channels.wecom.line import Declined
from bot.channels.wecom.media import Cellar
from bot.channels.wecom.moments import Moments
from bot.channels.wecom.refusals import LATE, judged
from bot.channels.wecom.standing import Rhythm, Standing
from bot.channels.wecom.translate import ENTERED, TASK, translate
from bot.channels.words import words_alone
from bot.clock import Clock
from domain.chat import Answer, ChatId, Entitle, Incoming, Menu, Outgoing, Promise, Send, Withdraw
from domain.language import _
from domain.pace import Pace, Pacer, Window
from domain.quiet import LOUD
from storage.store import Store

PACE = Pace(windows=(Window(30), Window(1_000, 3_600.0)))
"""In each chat, private ones too (WeCom: frequency of the smart bot). Over all chats no limit is published."""

KEPT = timedelta(minutes=2)
"""WeCom keeps nothing for a bot that is away. What is shorter nobody can tell from a line that is just made anew."""

CHANGES_EVERY = timedelta(minutes=3)
"""A card cannot change in place, so each of its versions is one message more for everybody."""

PAGE = "https://work.weixin.qq.com/"
"""Where a card leads that has no buttons any more; WeCom insists that it leads somewhere."""

MOST_BEGUN = 100
"""Messages of several parts that a pause of the service may have interrupted."""

MOST_CARDS = 2_000
"""Cards whose words are remembered, for a press and for their next self: those of some busy days. Of the oldest, the
answer to a press is said in the chat, and their next self in full."""

log = structlog.get_logger()


class WeComChannel:
    name = CHANNEL
    pace = PACE
    keeps: timedelta | None = KEPT
    changes_every: timedelta | None = CHANGES_EVERY

    def __init__(
        self,
        bot_id: str,
        secret: str,
        url: str,
        store: Store,
        clock: Clock,
        fetch: Fetch,
        *,
        page: str = PAGE,
        rhythm: Rhythm = Rhythm(),  # noqa: B008 -- frozen
    ) -> None:
        """`fetch` brings what a channel keeps; `page` is where cards without buttons lead."""
        self.health = Health()
        self._bot_id = bot_id
        self._page = page
        self._moments = Moments(clock)
        self._cellar = Cellar(store, clock, secure=url.startswith("wss:"))
        self._client = Client(bot_id, secret, url, rhythm, Standing(clock, self.health, rhythm))
        self._ear = Ear(self._cellar, self._moments)
        self._enclosures = Enclosures(self._client, fetch, clock)
        self._clock = clock
        self._counted = Pacer(PACE)
        self._cards: dict[str, Json] = {}
        self._texts: dict[str, str] = {}
        self._begun: dict[Send, tuple[int, str]] = {}

    def translate(self, payload: Any) -> Incoming | None:
        return translate(payload, self._bot_id)

    async def run(self, receive: Receive) -> None:
        async with asyncio.TaskGroup() as tasks:
            tasks.create_task(self._ear.keep(receive))
            tasks.create_task(self._client.run(self._ear.heard))

    async def close(self) -> None:
        await self._cellar.close()

    async def fetch(self, file_id: str) -> bytes:
        return await self._cellar.fetch(file_id)

    async def deliver(self, out: Outgoing, edits: str | None) -> str | None:
        if isinstance(out, Withdraw):
            raise Never("WeCom takes nothing back")
        if isinstance(out, Entitle):
            raise Unable(_("企业微信不让机器人改群名，请群里的人自己改"))
        if isinstance(out, Menu):
            # There are no menus: what a chat may be asked is said in 帮助.
            return None
        if isinstance(out, Answer):
            await self._answer(out)
            return None
        if out.reply_to and out.reply_to.startswith(ENTERED):
            return await self._greet(out, out.reply_to)
        try:
            return await self._show(out, edits)
        except Never as error:
            if (words := words_alone(out, error)) is None:
                raise
            log.warning("wecom_refused_form", why=str(error))
            return await self._show(words, None)

    async def _answer(self, out: Answer) -> None:
        """In their own copy of the card, where the moment is open; else in the chat. Where the card has changed under
        the press, or there are no words, the changed card is the answer."""
        if not out.text or await self._told_apart(out):
            return
        try:
            await self._push(out.to, compose.markdown(compose.plain(out.text)))
        except Later as error:
            if error.everyone:
                raise
            # It belongs to its moment, and is not worth that all others wait for it.
            raise Never(str(error)) from error

    async def _told_apart(self, out: Answer) -> bool:
        """Whether whoever pressed sees the answer on the card that they pressed."""
        press = self._moments.press(out.press)
        if press and self._moments.used(press):
            # What the card says now is the answer; a line for each tap would push the card out of sight.
            return True
        card = self._cards.get(press.task) if press else None
        if press is None or card is None or (req_id := self._moments.take(press.task)) is None:
            return False
        return await self._update(compose.answered(card, out.text), req_id, [press.account])

    async def _greet(self, out: Send, entered: str) -> str:
        """Somebody opened the talk and has said nothing: in this moment, and in no other, they may be spoken to."""
        req_id = self._moments.take(entered)
        if req_id is None:
            raise Never("too late to greet")
        await self._ask(WELCOME, compose.greeting(out.text), req_id)
        return entered

    async def _show(self, out: Send, edits: str | None) -> str:
        if edits and await self._changed(out, edits):
            return edits
        return await self._say(out, None if out.promise in LOUD else edits)

    async def _changed(self, out: Send, task: str) -> bool:
        """Whether the card could be changed where it was pressed a moment ago."""
        req_id = self._moments.take(task)
        if req_id is None:
            return False
        (card, *more) = compose.cards(out, task, self._page)
        if more or not await self._update(card, req_id):
            return False
        self._remember_card(card)
        return True

    async def _update(self, card: Json, req_id: str, accounts: Sequence[str] = ()) -> bool:
        """For all who see it, or for these accounts only."""
        change: Json = {"response_type": "update_template_card", "template_card": card}
        try:
            await self._client.ask(UPDATE, change | ({"userids": list(accounts)} if accounts else {}), req_id)
        except Declined as error:
            if error.code not in LATE:
                log.warning("wecom_refused_change", why=str(error))
            return False
        return True

    async def _say(self, out: Send, older: str | None) -> str:
        """The words with their buttons, then what goes with them. What its older self has shown is not shown again."""
        enclosed = None
        if out.attachment and not older:
            try:
                enclosed = await self._enclosures.of(out.attachment, urgent=out.promise is Promise.LIFE)
            except Missing as missing:
                out = replace(out, text=f"{out.text}\n{missing.sentence}".strip(), attachment=None)
        task = await self._say_all(out, enclosed, self._texts.get(older or ""))
        if out.card:
            self._texts[task] = out.text
            _forget_oldest(self._texts)
        return task

    async def _say_all(self, out: Send, enclosed: Enclosed | None, before: str | None) -> str:
        """Where a message has several parts, a pause of the service does not say again what was already said."""
        begun, task = self._begun.pop(out, (0, TASK + secrets.token_hex(12)))
        some = out.text or out.location or out.buttons
        parts = compose.messages(out, task, self._page, before) if some else []
        parts += [enclosed.message] if enclosed else []
        for number, part in enumerate(parts):
            if number < begun:
                continue
            try:
                await self._push(out.to, part)
            except Later:
                if number:
                    self._remember(out, number, task)
                raise
            except (Never, Doubt) as error:
                if not number:
                    raise
                # The words are out: what goes with them may be missing, and is not worth saying them again.
                log.warning("wecom_part_lost", why=str(error))
        return task

    def _remember(self, out: Send, number: int, task: str) -> None:
        self._begun[out] = number, task
        if len(self._begun) > MOST_BEGUN:
            del self._begun[next(iter(self._begun))]

    async def _push(self, to: ChatId, message: Json) -> None:
        known, now = address(to), self._clock.monotonic()
        if known is None:
            raise Never("no chat of WeCom's")
        # What takes several messages counts as so many: whoever says too much is not heard for a whole window.
        if (ready := self._counted.chat_ready_at(to.chat, pressing=True)) > now:
            raise Later("enough was said there", ready - now)
        self._counted.sent(to.chat, now)
        await self._ask(PUSH, known._asdict() | message)
        if card := message.get("template_card"):
            self._remember_card(card)

    def _remember_card(self, card: Json) -> None:
        """As it stands now, for the answer to a press of it."""
        self._cards[card["task_id"]] = card
        _forget_oldest(self._cards)

    async def _ask(self, cmd: str, body: Json, req_id: str = "") -> None:
        try:
            await self._client.ask(cmd, body, req_id)
        except Declined as error:
            raise judged(error) from error


def _forget_oldest(cards: dict[str, Any]) -> None:
    if len(cards) > MOST_CARDS:
        del cards[next(iter(cards))]
