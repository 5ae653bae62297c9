"""Where people take turns, a grid is seen with those whose turn it is: they hear first."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date

from domain.duty import Rota, called_first
from domain.people import Rung
from handlers.holidays import is_holiday
from storage.store import Store


async def present(rung: Rung, store: Store, day: date) -> Rung:
    """The same rung without those who are on leave on this day."""
    if not rung.rota:
        return rung
    away = (await store.duty.of([rung.grid.code]))[rung.grid.code].away
    return replace(rung, answerers=tuple(a for a in rung.answerers if (a.person, day) not in away))


def with_duty(rungs: list[Rung], rotas: Mapping[str, Rota], day: date) -> list[Rung]:
    """The same rungs, where a grid has a rota with those who are called first on this day."""
    holiday = is_holiday(day)

    def called(path: Sequence[Rung]) -> Rung:
        return replace(path[0], called=called_first(path, rotas, day, holiday)) if path[0].rota else path[0]

    return [called(rungs[n:]) for n in range(len(rungs))]
