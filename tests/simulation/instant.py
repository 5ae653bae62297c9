"""Time that passes by being waited for: a loop that jumps to the next timer, and the wall clock of its town."""

import asyncio
import selectors
from collections.abc import Callable, Coroutine
from datetime import datetime, timedelta
from typing import Any, TypeVar

from tests.town import Clock

T = TypeVar("T")


TURN_SECONDS = 1e-9
"""A turn of the loop takes as long: a wait below the last digit of the time would else be waited for for ever."""


class _Jumping(selectors.SelectSelector):
    """Nothing ever comes from outside; to wait is to be there already."""

    def __init__(self) -> None:
        super().__init__()
        self.now = 0.0

    def select(self, timeout: float | None = None) -> list[Any]:
        if timeout is None:
            raise RuntimeError("everybody waits for everybody")
        self.now += max(timeout, TURN_SECONDS)
        return []


class InstantLoop(asyncio.SelectorEventLoop):
    def __init__(self) -> None:
        self._jumping = _Jumping()
        super().__init__(self._jumping)

    def time(self) -> float:
        return self._jumping.now

    def run_in_executor(self, _executor: Any, func: Callable[..., T], *args: Any) -> asyncio.Future[T]:
        """Work that is given away to a thread takes no time here either."""
        done: asyncio.Future[T] = self.create_future()
        try:
            done.set_result(func(*args))
        except Exception as error:  # noqa: BLE001 -- it is raised where it is waited for
            done.set_exception(error)
        return done


def run(story: Coroutine[Any, Any, T]) -> T:
    """Deaf to what tasks that nobody waits for any more say when they die."""
    with asyncio.Runner(loop_factory=InstantLoop) as runner:
        runner.get_loop().set_exception_handler(lambda _loop, _what: None)
        return runner.run(story)


class WallClock(Clock):
    """The neighbourhood's time. It runs with the loop's, and somebody may set it."""

    def pass_time(self, length: timedelta) -> None:
        self.moment += length

    def now(self) -> datetime:
        return self.moment + timedelta(seconds=self.monotonic())

    def monotonic(self) -> float:
        return asyncio.get_running_loop().time()
