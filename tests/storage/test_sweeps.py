"""An answer costs the same in a squad as in a county: no statement looks through a whole sweep."""

from tests.handlers.swept import begun, doors_known
from tests.town import Town


async def test_an_answer_looks_at_its_household_its_squad_and_the_way_up(town: Town) -> None:
    await doors_known(town)
    await begun(town)
    asked: list[str] = []
    connection = town.store.db._connection
    await connection.set_trace_callback(asked.append)
    await town.presses("张队长", "需帮助")
    await town.says("李阿姨", "我家安全", chat="十三队群")
    await town.says("张队长", "3号 安全")
    await connection.set_trace_callback(None)
    looks = [one for one in asked if "sweep" in one and not one.lstrip().startswith("--")]
    assert len(looks) > 10
    async with town.store.transaction():
        for look in looks:
            if not look.lstrip().startswith(("SELECT", "UPDATE", "WITH")):
                continue
            plan = [str(row["detail"]) for row in await town.store.db.all(f"EXPLAIN QUERY PLAN {look}")]
            whole = [step for step in plan if "(sweep=?)" in step or step.startswith(("SCAN asked", "SCAN counts"))]
            assert not whole, (look, plan)


async def test_counts_are_those_of_the_answers(town: Town) -> None:
    """However often somebody thinks again."""
    await doors_known(town)
    await begun(town)
    for answer in ("safe", "help", "unreached", "moved", "unreached", "away", "help", "safe"):
        for household in (7, 3, 11):
            who = "张队长" if household < 11 else "王主任"
            await town.presses_data(who, f"sweep_tick:1:{household}:{answer}")
            async with town.store.transaction():
                rows = await town.store.db.all("SELECT answer FROM sweep_households WHERE answer IS NOT NULL")
                top = await town.store.sweep_counts.top(1)
            given = [row["answer"] for row in rows]
            assert top
            assert top.unreached == given.count("unreached")
            assert top.help == given.count("help")
            assert top.done == len(given) - given.count("unreached")
