"""How people come in: by an invitation or a squad's poster, and never faster than people do."""

from datetime import timedelta

from bot.channels.web.limits import SIGN_IN
from bot.clock import SystemClock
from domain.people import Role
from tests.bot.web.conftest import House, Phone


async def _invite(house: House, code: str, role: Role = Role.LEADER, grid: str = "S14", days: int = 7) -> None:
    async with house.store.transaction():
        await house.store.enrolment.invite(code, role, grid, SystemClock().now() + timedelta(days=days))


async def test_an_invitation_gives_an_account_and_the_bot_redeems_it(house: House) -> None:
    await _invite(house, "GOODCODE23")
    entered = await house.asks("POST", "/api/enter", json={"code": " goodcode23 ", "name": "周队长"})
    assert entered.status == 201
    async with house.line(house.url) as line:
        zhou = Phone(line)
        await zhou.greet(entered.said["token"])
        private = f"me-{entered.said['account']}"
        await zhou.hears(private, "周队长，您好！您现在是十四队的网格长/队长")
        await zhou.say("grid-S14", "大家好")
        await zhou.hears("grid-S14", "大家好")
    again = await house.asks("POST", "/api/enter", json={"code": "GOODCODE23", "name": "别人"})
    assert again.status == 422
    assert "邀请码" in again.said["text"]


async def test_a_wrong_or_late_invitation_gives_no_account(house: House) -> None:
    await _invite(house, "OLDCODE234", days=-1)
    for code in ("OLDCODE234", "NOSUCHCODE", ""):
        answer = await house.asks("POST", "/api/enter", json={"code": code, "name": "某人"})
        assert (answer.status, "token" in answer.said) == (422, False)


async def test_a_name_needs_letters_in_it(house: House) -> None:
    await _invite(house, "GOODCODE23")
    for name in ("", "  ", "🎉🎉", "\u202e\u200b"):
        answer = await house.asks("POST", "/api/enter", json={"code": "GOODCODE23", "name": name})
        assert (answer.status, answer.said["text"]) == (422, "请写上姓名。")


async def test_an_unknown_poster_says_what_to_do(house: House) -> None:
    answer = await house.asks("GET", "/api/posters/NOTHING")
    assert (answer.status, answer.said["text"]) == (422, "这个二维码失效了，请向队长要新的。")
    form = {"poster": "NOTHING", "name": "林大爷", "door": "1号"}
    assert (await house.asks("POST", "/api/join", json=form)).status == 422


async def test_who_is_signed_in_knocks_as_the_person_they_are(house: House) -> None:
    async with house.store.transaction():
        await house.store.enrolment.hang_poster("S13", "POSTER")
    joined = await house.asks("POST", "/api/join", token="zhao-token", json={"poster": "POSTER", "door": "2号"})
    assert joined.said == {"token": "zhao-token", "account": "zhao", "name": "赵阿姨"}
    async with house.phone("zhang") as zhang:
        await zhang.hears("me-zhang", "赵阿姨（2号）想加入 十三队")


async def test_whoever_leaves_is_not_known_any_more(house: House) -> None:
    assert (await house.asks("POST", "/api/leave", token="li-token")).status == 200
    async with house.phone("li") as li:
        assert await li.closed() == 4001


async def test_one_address_cannot_sign_in_a_thousand_people(house: House) -> None:
    form = {"code": "NOSUCHCODE", "name": "某人"}
    answers = [await house.asks("POST", "/api/enter", json=form) for _n in range(int(SIGN_IN.burst) + 3)]
    assert answers[0].status == 422
    assert answers[-1].status == 429
    assert int(answers[-1].headers["Retry-After"]) >= 1


async def test_a_session_is_kept_as_a_hash_only(house: House) -> None:
    await _invite(house, "GOODCODE23")
    token = (await house.asks("POST", "/api/enter", json={"code": "GOODCODE23", "name": "周队长"})).said["token"]
    async with house.store.transaction():
        rows = await house.store.db.all("SELECT * FROM web_sessions")
    assert not [row for row in rows if token in tuple(row)]
