"""What was personal of a case is gone from every table and from the bytes of the file, and nothing else is."""

from pathlib import Path

from domain.case import open_case
from domain.chat import ChatId, Medium
from domain.kinds import LOST_PERSON, Kinds
from domain.missing import Missing
from domain.search import Plan, open_search
from storage.searches import Sighting
from storage.store import Store
from storage.webchat import Message
from storage.webmedia import Kept
from tests.town import NOON

WEB = "web"
ROOM = ChatId(WEB, "grid-S")
GONE = ("王小明", "那张照片", "在加油站", "看见他了")
KEPT = ("明天停水", "楼道的灯")


async def test_the_web_chats_copies_are_erased_and_the_neighbours_talk_is_not(tmp_path: Path) -> None:
    path = tmp_path / "village.db"
    store = await Store.open(path)
    await _village(store)
    assert _standing(path, GONE + KEPT) == set(GONE + KEPT)
    async with store.transaction():
        await store.erasure.erase(1)
        search = await store.searches.get(1)
        assert search
        await store.searches.save(search.erase())
    assert _standing(path, GONE + KEPT) == set(KEPT)
    async with store.transaction():
        rows = await store.db.all("SELECT revision FROM web_messages ORDER BY id")
        assert not await store.db.all("SELECT 1 FROM web_media")
    revisions = [row["revision"] for row in rows]
    assert len(set(revisions)) == 4
    assert revisions[0] < min(revisions[1:]), "pages that were away learn that it changed"
    await store.close()


async def _village(store: Store) -> None:
    kind = Kinds()[LOST_PERSON]
    async with store.transaction():
        await store.db.run("INSERT INTO grids (code, name, level) VALUES ('S', '队', '小队')")
        kept = Kept(Medium.PHOTO, "image/jpeg", "那张照片".encode())
        photo = await store.webchat.media.keep(kept, None, NOON)
        await store.webchat.say(Message(ROOM.chat, NOON, "明天停水", account="a"))
        report = await store.webchat.say(Message(ROOM.chat, NOON, "王小明走失了", account="a", attachment=photo))
        case = open_case(
            kind, "S", "S", "王小明走失了", None, ROOM, NOON, report_message=str(report.id), attachments=(photo,)
        )
        await store.cases.add(case)
        await store.threads.belongs(ROOM, str(report.id), 1)
        await store.webchat.say(Message(ROOM.chat, NOON, "【寻人】王小明", card="photo:1:1", attachment=photo))
        await store.webchat.say(Message(ROOM.chat, NOON, "【线索】在加油站", card="sighting:1:1"))
        await store.searches.add(open_search(1, None, Missing(who="王小明", photo=photo), NOON, Plan()))
        await store.searches.sighted(1, Sighting(NOON, None, "看见他了"))
        await store.cases.add(open_case(kind, "S", "S", "楼道的灯坏了", None, ROOM, NOON))


def _standing(path: Path, words: tuple[str, ...]) -> set[str]:
    stored = b"".join(p.read_bytes() for p in path.parent.glob(f"{path.name}*"))
    return {word for word in words if word.encode() in stored}
