"""Whose turn it is: one lane a chat, in order, at most one message of it under way; the most pressing lane first."""

import heapq
from collections import defaultdict
from dataclasses import replace

from domain.chat import Promise
from domain.pace import Pacer
from storage.sending import Queued

Lane = tuple[str, str]
"""A chat, or one press in it: the answer to a press waits for nothing that is said in the chat."""

_PRESSING = 0

# An alert and its correction keep their order among themselves, and both go before all else.
_RANK = {Promise.LIFE: _PRESSING, Promise.CORRECTION: _PRESSING, Promise.CARD: 1, Promise.REPLY: 2, Promise.DIGEST: 3}


class Lanes:
    """What waits, by lane. Times are the pacer's seconds."""

    def __init__(self, pacer: Pacer) -> None:
        self._pacer = pacer
        self._waiting: defaultdict[Lane, list[tuple[int, int, Queued]]] = defaultdict(list)
        self._ready: list[tuple[int, int, Lane]] = []
        self._asleep: list[tuple[float, Lane]] = []
        self._sleeping: set[Lane] = set()
        self._under_way: set[Lane] = set()

    def add(self, queued: Queued) -> None:
        lane = _lane(queued)
        rank = _RANK[queued.promise]
        heapq.heappush(self._waiting[lane], (rank, queued.id, queued))
        if rank == _PRESSING:
            # It may have a place already, where what slept here had none.
            self._sleeping.discard(lane)
        self._offer(lane)

    def take(self, now: float, room: int) -> list[Queued]:
        """Those whose turn it is, at most `room`; each counts as said from now on, until `free`."""
        self._wake(now)
        taken: list[Queued] = []
        while len(taken) < room and self._ready:
            rank, number, lane = self._ready[0]
            paced = not lane[1]
            if paced and self._pacer.bot_ready_at() > now:
                break
            heapq.heappop(self._ready)
            if lane in self._under_way or lane in self._sleeping or not self._heads(lane, rank, number):
                continue
            pressing = rank == _PRESSING
            ready_at = self._pacer.chat_ready_at(lane[0], pressing=pressing) if paced else self._pacer.silent_until()
            if ready_at > now:
                self._sleep(lane, ready_at)
                continue
            taken.append(heapq.heappop(self._waiting[lane])[2])
            self._under_way.add(lane)
            if paced:
                self._pacer.sent(lane[0], now)
        return taken

    def free(self, queued: Queued) -> None:
        """It is under way no more, however it ended."""
        lane = _lane(queued)
        self._under_way.discard(lane)
        if self._waiting[lane]:
            self._offer(lane)
        else:
            del self._waiting[lane]

    def forgo(self, queued: Queued) -> None:
        """It was called back before it left: those behind it do not wait for it."""
        chat, press = _lane(queued)
        if not press:
            self._pacer.unsaid(chat)
        self.free(queued)

    def move(self, old: str, new: str) -> None:
        """The chat has a new id; what waits for it goes there, in the order it had."""
        for *_, queued in self._waiting.pop((old, ""), []):
            self.add(replace(queued, chat=queued.chat._replace(chat=new)))

    def next_at(self) -> float | None:
        """When to look again though nothing happened; None where only something new can change it."""
        times = [self._asleep[0][0]] if self._asleep else []
        if self._ready:
            times.append(self._pacer.bot_ready_at())
        return min(times, default=None)

    def _offer(self, lane: Lane) -> None:
        if lane not in self._under_way and lane not in self._sleeping:
            rank, number, _ = self._waiting[lane][0]
            heapq.heappush(self._ready, (rank, number, lane))

    def _heads(self, lane: Lane, rank: int, number: int) -> bool:
        waiting = self._waiting.get(lane)
        return waiting is not None and waiting[:1] != [] and waiting[0][:2] == (rank, number)

    def _sleep(self, lane: Lane, until: float) -> None:
        self._sleeping.add(lane)
        heapq.heappush(self._asleep, (until, lane))

    def _wake(self, now: float) -> None:
        while self._asleep and self._asleep[0][0] <= now:
            lane = heapq.heappop(self._asleep)[1]
            self._sleeping.discard(lane)
            if self._waiting.get(lane):
                self._offer(lane)


def _lane(queued: Queued) -> Lane:
    return (queued.chat.chat, queued.press or "")
