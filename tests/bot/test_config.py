"""A wrong config is explained by file, line and field, in words."""

from collections.abc import Callable
from datetime import time, timedelta
from pathlib import Path

import pytest

from bot.config import SECRET_VARIABLE, TOKEN_VARIABLE, WECOM_VARIABLE, ConfigError, load
from bot.config.modes import load as load_modes
from domain.chat import AccountId
from domain.digest import Hours
from domain.flood import Limits
from domain.kinds import HearsFirst, Urgency
from domain.quiet import QuietHours

ROOT = Path(__file__).parents[2]
OWN = (
    "token",
    "public_url",
    "lexicon",
    "templates",
    "surveys",
    "webhook_",
    "heartbeat_",
    "port = 9108",
    "bot_id",
    "secret",
)
"""Settings that have no default to show."""


@pytest.fixture
def written(tmp_path: Path):  # type: ignore[no-untyped-def]
    def write(text: str) -> Path:
        path = tmp_path / "config.toml"
        path.write_text(text, "utf-8")
        return path

    return write


def test_the_example_is_a_config() -> None:
    config = load(ROOT / "config.example.toml")
    assert config.language == "zh"
    assert config.web.port == 8080


def test_the_example_shows_the_defaults(written) -> None:  # type: ignore[no-untyped-def]
    """Every commented setting, uncommented, is what the program does without it."""
    shown = (ROOT / "config.example.toml").read_text("utf-8").split("# Kinds of reports")[0]
    lines = [line.removeprefix("# ") if " = " in line and line.startswith("# ") else line for line in shown.split("\n")]
    keep = [line for line in lines if not line.startswith(OWN)]
    assert load(written("\n".join(keep))) == load(written(""))


def test_a_kind_is_changed_and_a_kind_is_added(written) -> None:  # type: ignore[no-untyped-def]
    path = written(
        """
        [[kinds]]
        kind = "flood"
        acknowledge = "10m"

        [[kinds]]
        kind = "stray_dog"
        title = "流浪狗"
        words = ["野狗"]
        urgency = "urgent"
        hears_first = "officers"
        """
    )
    config = load(path)
    kinds = config.settings().kinds
    assert kinds["flood"].acknowledge == timedelta(minutes=10)
    assert kinds["flood"].resolve == timedelta(hours=24)
    reading = config.recogniser().read("村口有野狗")
    assert reading.sure
    dog = kinds[reading.kind or "other"]
    assert (dog.kind, dog.title, dog.urgency, dog.hears_first) == (
        "stray_dog", "流浪狗", Urgency.URGENT, HearsFirst.OFFICERS,
    )  # fmt: skip
    assert [kind.kind for kind in kinds][-1] == "other"


def test_the_night_and_the_flood_are_the_villages_own(written) -> None:  # type: ignore[no-untyped-def]
    settings = load(written("")).settings()
    assert settings.quiet == QuietHours(time(22), time(6))
    assert settings.flood == Limits(10, 60)
    later = load(written('[quiet]\nfrom = "23:30"\nuntil = "05:00"\n[flood]\nper_group = 20')).settings()
    assert later.quiet == QuietHours(time(23, 30), time(5))
    assert later.flood == Limits(10, 20)
    assert load(written("[quiet]\nenabled = false")).settings().quiet is None
    assert settings.duty_changes == time(8)
    assert load(written('[duty]\nchange = "07:30"')).settings().shift.change == time(7, 30)


def test_when_the_mailbox_is_emptied_and_how_soon_a_letter_is_answered(written) -> None:  # type: ignore[no-untyped-def]
    path = written(
        """
        [mailbox]
        collect = ["07:45"]
        answer = "3d"

        [[kinds]]
        kind = "wish"
        title = "心愿"
        hears_first = "mailbox"
        """
    )
    settings = load(path).settings()
    assert settings.collect == (time(7, 45),)
    assert [settings.kinds[kind].acknowledge for kind in ("suggestion", "wish")] == [timedelta(days=3)] * 2


def test_owners_and_the_token_from_the_environment(written, monkeypatch: pytest.MonkeyPatch) -> None:  # type: ignore[no-untyped-def]
    path = written('owners = ["telegram:1001"]\n[telegram]\ntoken = "1:file"')
    assert load(path).settings().owners == {AccountId("telegram", "1001")}
    assert load(path).telegram_token == "1:file"
    assert "1:file" not in repr(load(path))
    monkeypatch.setenv(TOKEN_VARIABLE, "1:environment")
    assert load(path).telegram_token == "1:environment"


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ('langauge = "en"', ["第 1 行", "langauge", "没有这个设置"]),
        ('\n[web]\nport = 99999', ["第 3 行", "web.port"]),
        ('[web]\nhost = "x"\nprot = 1', ["第 3 行", "web.prot", "没有这个设置"]),
        ('[[kinds]]\nkind = "flood"\nacknowledge = "10 minutes"', ["第 3 行", "kinds.0.acknowledge", "15m"]),
        ('[[kinds]]\nkind = "flood"\n[[kinds]]\nkind = "repair"\nresolve = "x"', ["第 5 行", "kinds.1.resolve"]),
        ('[[kinds]]\nkind = "dog"', ["新的事件类型 dog 要有 title"]),
        ('owners = ["1001"]', ["第 1 行", "owners", "telegram:1001"]),
        ('timezone = "Mars/Base"', ["第 1 行", "timezone", "Asia/Shanghai"]),
        ("language = zh", ["不是正确的 TOML", "line 1"]),
        ('[quiet]\nfrom = "25:00"', ["第 2 行", "quiet.from", "22:00 这样"]),
        ('[duty]\nchange = "8点"', ["第 2 行", "duty.change", "22:00 这样"]),
        ('[quiet]\nfrom = "06:00"', ["第 1 行", "quiet", "不能一样"]),
        ('[flood]\nper_person = 0', ["第 2 行", "flood.per_person"]),
        ('[storage]\npath = 5', ["第 2 行", "storage.path"]),
        ('[mailbox]\ncollect = ["8:30", "25:00"]', ["第 2 行", "mailbox.collect", "22:00 这样"]),
        ('[mailbox]\ncollect = []', ["第 2 行", "mailbox.collect"]),
        ('[telegram]\nwebhook_url = "village.example"', ["第 2 行", "telegram.webhook_url"]),
        ('[metrics]\nport = -1', ["第 2 行", "metrics.port"]),
        ('[audit]\nheartbeat = "x"', ["第 2 行", "audit.heartbeat", "没有这个设置"]),
        ('[help]\nwiden = "soon"', ["第 2 行", "help.widen", "15m"]),
        ('[[modes]]\nmode = "rice"', ["第 1 行", "modes", "新的模式 rice 要有 title"]),
        ('[[modes]]\nmode = "Rice"', ["第 2 行", "modes.0.mode"]),
        ('[[modes]]\nmode = "rice"\ntitle = "日常"', ["第 3 行", "modes.0.title", "不能是“日常”"]),
        ('[[modes]]\nmode = "rice"\ntitle = "双 抢"', ["第 3 行", "modes.0.title", "一个词"]),
        ('[[modes]]\nmode = "rice"\ntitle = "消防"', ["modes", "两个模式都叫“消防”"]),
        ('[[modes]]\nmode = "fire"\n[[modes]]\nmode = "flood"\npattern = "x"', ["第 5 行", "modes.1.pattern"]),
        ('[[modes]]\nmode = "flood"\npattern = "{title}{name}"', ["第 3 行", "modes.0.pattern"]),
        ('[[modes]]\nmode = "flood"\nmenu = ["report", "dance"]', ["第 3 行", "modes.0.menu", "没有 /dance 这个命令"]),
        ('[[modes]]\nmode = "flood"\nkinds.flod.acknowledge = "5m"', ["modes", "模式 flood：没有 flod 这个事件类型"]),
        ('[[modes]]\nmode = "flood"\nkinds.flood.acknowledge = "5"', ["第 3 行", "modes.0.kinds.flood.acknowledge"]),
        ('[[modes]]\nmode = "flood"\ngathers = ["dog"]', ["modes", "没有 dog"]),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said_by_line_and_field(written, text: str, says: list[str]) -> None:  # type: ignore[no-untyped-def]
    path = written(text)
    with pytest.raises(ConfigError) as error:
        load(path)
    for part in [str(path), *says]:
        assert part in str(error.value)


def test_the_webhooks_secret_comes_from_the_environment_the_file_or_is_new(written, monkeypatch) -> None:  # type: ignore[no-untyped-def]
    first, second = load(written("")), load(written(""))
    assert first.webhook_secret == first.webhook_secret != second.webhook_secret
    path = written('[telegram]\nwebhook_secret = "from-file"\n[audit]\nheartbeat_url = "https://beat.example/7"')
    assert load(path).webhook_secret == "from-file"
    assert {"from-file", "https://beat.example/7"} == set(load(path).secrets())
    assert "from-file" not in repr(load(path))
    monkeypatch.setenv(SECRET_VARIABLE, "from-environment")
    assert load(path).webhook_secret == "from-environment"
    monkeypatch.setenv(SECRET_VARIABLE, "with a space")
    with pytest.raises(ConfigError, match="webhook_secret"):
        _ = load(path).webhook_secret


def test_a_missing_file_says_what_to_copy(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match=r"config\.example\.toml"):
        load(tmp_path / "none.toml")


def test_a_village_changes_a_mode_and_adds_one(written) -> None:  # type: ignore[no-untyped-def]
    own = """
        [[kinds]]
        kind = "dog"
        title = "流浪狗"
        [[modes]]
        mode = "flood"
        kinds.flood.acknowledge = "2m"
        kinds.dog.acknowledge = "3m"
        [[modes]]
        mode = "rice"
        title = "双抢"
        pattern = "【双抢】{title}"
    """
    modes = load(written(own)).settings().modes
    assert [mode.name for mode in modes] == ["flood", "beach", "waste", "fire", "election", "rice"]
    flood, shipped = modes.get("flood"), load_modes("zh").get("flood")
    assert flood
    assert shipped
    assert flood.card == shipped.card
    assert {kind: timers.acknowledge for kind, timers in flood.kinds.items()} == {
        "flood": timedelta(minutes=2), "dog": timedelta(minutes=3), "help": timedelta(minutes=10),
    }  # fmt: skip


def test_the_modes_that_come_with_the_bot_are_complete_in_both_languages() -> None:
    chinese, english = load_modes("zh"), load_modes("en")
    for zh, en in zip(chinese, english, strict=True):
        assert (zh.name, zh.menu, zh.kinds, zh.gathers, zh.quiet) == (en.name, en.menu, en.kinds, en.gathers, en.quiet)
        assert zh.card
        assert len(en.card) <= 400
        assert en.card.isascii() or "“" in en.card


def test_a_digest_has_an_hour_or_is_off(written) -> None:  # type: ignore[no-untyped-def]
    config = load(written('[digest]\nmorning = "06:45"\nevening = "off"\n'))
    assert config.settings().digests == Hours(time(6, 45), None)
    with pytest.raises(ConfigError, match="时刻请写成 22:00 这样"):
        load(written('[digest]\nmorning = "half past seven"\n'))


# -- robots ----------------------------------------------------------------------------------------------------------

URL = "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=693a91f6-7xxx"


def test_a_robots_address_is_in_the_file_or_in_the_environment_and_a_secret(  # type: ignore[no-untyped-def]
    written, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GRIDBOT_ROBOT_35_2", f"{URL}2")
    config = load(written(f'[[robots]]\ngrid = "350121107201"\nurl = "{URL}"\n[[robots]]\ngrid = "35-2"'))
    assert config.robot_urls() == {"350121107201": URL, "35-2": f"{URL}2"}
    assert {URL, f"{URL}2", "693a91f6-7xxx", "693a91f6-7xxx2"} <= set(config.secrets())
    assert "693a91f6" not in repr(config)


@pytest.mark.parametrize(
    "url",
    [
        "qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
        "http://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=a",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send",
        "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=",
        "693a91f6-secret",
    ],
)
def test_a_robots_address_that_is_none_is_told_by_its_line_and_not_shown(written, url: str) -> None:  # type: ignore[no-untyped-def]
    with pytest.raises(ConfigError) as raised:
        load(written(f'[[robots]]\ngrid = "1"\nurl = "{URL}"\n[[robots]]\ngrid = "2"\nurl = "{url}"'))
    assert "第 6 行，robots.1.url：这不是群机器人的地址" in str(raised.value)
    assert url not in str(raised.value).replace("https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=……", "")


def test_a_robot_without_an_address_and_a_grid_with_two(written) -> None:  # type: ignore[no-untyped-def]
    config = load(written('[[robots]]\ngrid = "35.1"'))
    with pytest.raises(
        ConfigError, match=r"\[\[robots\]\] 35.1：没有地址，请写上 url，或设环境变量 GRIDBOT_ROBOT_35_1"
    ):
        config.robot_urls()
    with pytest.raises(ConfigError, match="1 写了两个群机器人"):
        load(written(f'[[robots]]\ngrid = "1"\nurl = "{URL}"\n[[robots]]\ngrid = "1"\nurl = "{URL}"'))


def test_the_secret_of_wecom_is_better_kept_in_the_environment(
    written: Callable[[str], Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv(WECOM_VARIABLE, raising=False)
    path = written('[wecom]\nbot_id = "aib-1"\nsecret = "from-file"')
    assert load(path).wecom_secret == "from-file"
    assert "from-file" not in repr(load(path))
    monkeypatch.setenv(WECOM_VARIABLE, "from-environment")
    assert load(path).wecom_secret == "from-environment"
    assert "from-environment" in load(path).secrets()
    with pytest.raises(ConfigError, match=r"wecom\.url"):
        load(written('[wecom]\nurl = "https://nowhere"'))
