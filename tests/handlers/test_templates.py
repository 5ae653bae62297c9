"""What was written in peace is filled in with a few words, and its end is ready with it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from bot.catalogue import translations
from bot.config import templates
from domain.language import speak
from domain.template import Template, Templates
from tests.handlers.test_alerts import BELOW_G3, groups_having
from tests.town import Town

ANSWERS = ["格美", "今晚 8 点", "侯官小学", "王主任 13800000000"]
TYPHOON = "台风格美今晚 8 点到我们这里。"


async def filled(town: Town, words: str, answers: list[str], who: str = "王主任") -> None:
    await town.says(who, words)
    for answer in answers:
        await town.says(who, answer)


async def sent(town: Town, place: str = "三网格") -> None:
    await town.presses("王主任", "提交")
    await town.says("王主任", place)


async def test_a_typhoon_from_the_first_word_to_every_group_and_its_end(township: Town) -> None:
    town = township
    await town.says("王主任", "预警 红 三网格 模板 台风")
    town.hears("王主任", "第 1 号 台风叫什么？", "（台风〔？〕＿＿到我们这里。）")
    await town.says("王主任", "格美")
    town.hears("王主任", "第 1 号 什么时候到我们这里？", "（台风格美〔？〕到我们这里。）")
    await town.says("王主任", "今晚 8 点")
    town.hears("王主任", "去哪里？", "（住危房、低洼处的，台风到之前转移到〔？〕。）")
    await town.says("王主任", "侯官小学")
    town.hears("王主任", "打给谁？")
    await town.says("王主任", "王主任 13800000000")
    town.hears("王主任", "【红色预警】三网格 · 第 1 号 · 草稿", "用的模板：台风", TYPHOON, "转移到侯官小学")
    town.silent()
    await sent(town)
    await town.presses("陈书记", "通过")
    for group in BELOW_G3:
        town.hears(group, "【红色预警】三网格", TYPHOON, "打王主任 13800000000")
    await town.presses("陈书记", "解除")
    for group in BELOW_G3:
        ended = [m.text for m in town.channel.chats[group] if "【解除】三网格的红色预警（第 1 号）解除了" in m.text]
        assert len(ended) == 2, "in the card's place, and said"
        assert all("\n台风格美过去了。出门当心断落的电线" in text for text in ended)


async def test_what_was_a_mistake_is_called_back_with_words_that_are_ready(township: Town) -> None:
    town = township
    await filled(town, "预警 橙 三网格 模板 泄洪", ["桥头水库", "今晚 6 点", "江边", "小学", "王主任 138"])
    await sent(town)
    await town.presses("陈书记", "通过")
    await town.presses("王主任", "撤销")
    assert groups_having(town, "请不要照做，也不要转发。\n桥头水库没有要放水，已经离开的可以回家。") == BELOW_G3
    assert groups_having(town, "今晚 6 点放水") == set(), "what was never right is not left to be read"


async def test_a_notice_of_dry_taps_is_over_when_the_water_is_back(township: Town) -> None:
    town = township
    await filled(town, "通知 三网格 模板 停水", ["三队全部", "明天 9 点到 15 点", "张队长 138"])
    await sent(town)
    assert groups_having(town, "三队全部明天 9 点到 15 点停水。") == BELOW_G3
    await town.presses("王主任", "解除")
    assert groups_having(town, "【解除】三网格的通知（第 1 号）解除了") == BELOW_G3
    assert groups_having(town, "水来了。先放一会儿，水清了再用。还没来水的打张队长 138。") == BELOW_G3


async def test_the_colour_is_the_templates_where_nobody_says_another(township: Town) -> None:
    town = township
    await filled(town, "预警 三网格 模板 高温", ["今天", "39 度", "活动室", "王主任 138"])
    town.hears("王主任", "【黄色预警】三网格")
    await town.says("王主任", "预警 蓝 三网格 模板 解除")
    town.hears("王主任", "第 2 号 什么过去了？")
    await filled(town, "通知 三网格 模板 台风", ANSWERS)
    town.hears("王主任", "【通知】三网格", TYPHOON)
    async with town.store.transaction():
        notice = await town.store.broadcasts.get(3)
    assert notice
    assert notice.colour is None, "a notice has none"


async def test_the_questions_survive_a_restart(township: Town) -> None:
    town = township
    await filled(town, "预警 红 三网格 模板 台风", ANSWERS[:2])
    town.restart()
    await filled(town, ANSWERS[2], ANSWERS[3:])
    town.hears("王主任", "草稿", TYPHOON)


async def test_they_are_listed_with_how_to_use_them_and_a_tap_begins_one(township: Town) -> None:
    town = township
    await town.says("王主任", "预警 模板")
    listed = town.hears("王主任", "模板有 10 个")
    lines = listed.text.splitlines()[1:]
    assert lines[0] == "台风：预警 橙色 三网格 模板 台风"
    assert lines[6] == "停水：通知 三网格 模板 停水"
    assert len(lines) == 10
    await town.presses("王主任", "停水")
    town.hears("王主任", "第 1 号 发到哪里？")
    await town.presses("王主任", "三网格")
    town.hears("王主任", "哪里停水？")
    for line in lines:
        await town.says("王主任", line.partition("：")[2])
        town.hears("王主任", "号 ", "（")
    town.silent()


@pytest.fixture
def in_english(township: Town) -> Iterator[Town]:
    speak(translations("en"))
    township.settings = replace(township.settings, templates=templates.load("en"))
    township.restart()
    yield township
    speak(translations("zh"))


async def test_a_village_that_speaks_english_uses_them_as_they_are_listed(in_english: Town) -> None:
    town = in_english
    await town.says("王主任", "/alert template")
    lines = town.hears("王主任", "There are 10 templates").text.splitlines()[1:]
    assert lines[0] == "Typhoon: /alert Orange 三网格 template Typhoon"
    for line in lines:
        await town.says("王主任", line.partition(": ")[2])
        town.hears("王主任", "For example" if "Gas" not in line else "Where is the leak?", "〔？〕")
    await filled(
        town, "/alert red 三网格 template flood release", ["Qiaotou", "at 6", "the bank", "the school", "Wang"]
    )
    town.hears("王主任", "Qiaotou lets out water: at 6.")
    town.hush()


async def test_a_template_named_before_its_place_asks_for_the_place(township: Town) -> None:
    town = township
    await town.says("王主任", "预警 模板 火灾")
    town.hears("王主任", "发到哪里？")
    await town.says("王主任", "十三队")
    town.hears("王主任", "哪里着火？")


async def test_a_drill_with_a_template_is_marked_at_both_ends_and_so_is_its_end(township: Town) -> None:
    town = township
    town.settings = replace(town.settings, drill_grids=frozenset({"S13"}))
    town.restart()
    await town.says("王主任", "演练 模板")
    town.hears("王主任", "停水：演练 颜色 三网格 模板 停水")
    await filled(town, "演练 红 三网格 模板 火灾", ["祠堂", "村口", "王主任 138"])
    await sent(town)
    await town.presses("陈书记", "通过")
    await town.presses("王主任", "撤销")
    texts = [m.text for m in town.channel.chats["十三队群"]]
    assert texts
    assert all(text.startswith("【演练】\n") and text.endswith("\n【演练】") for text in texts)
    assert any("祠堂没有着火" in text for text in texts)
    assert groups_having(town, "祠堂") == {"十三队群"}


@pytest.mark.parametrize(
    ("said", "refused"),
    [
        ("预警 红 三网格 模板 地震", "没有“地震”这个模板。有：台风、暴雨"),
        ("通知 三网格 模板", "没有“”这个模板"),
        ("预警 红 四网格 模板 台风", "不归您管"),
    ],
)
async def test_bad_input_is_refused_with_what_to_do(township: Town, said: str, refused: str) -> None:
    await township.says("王主任", said)
    township.hears("王主任", refused)
    township.silent()


async def test_a_notice_about_templates_of_another_kind_is_a_notice(township: Town) -> None:
    await township.says("王主任", "通知 三网格 模板工程明天开工")
    township.hears("王主任", "【通知】三网格", "模板工程明天开工")


async def test_an_answer_that_cannot_be_said_is_asked_again(township: Town) -> None:
    town = township
    await town.says("王主任", "预警 红 三网格 模板 台风")
    town.hush()
    for answer, why in (
        ("？", "请用文字回答"),
        ("演练区", "不要写“演练”"),
        ("{time}", "还有空没填"),
        ("水" * 81, "太长了"),
    ):
        await town.says("王主任", answer)
        town.hears("王主任", why)
    town.silent()
    await town.says("王主任", "格美")
    town.hears("王主任", "台风格美〔？〕到")


async def test_a_blank_that_is_left_keeps_it_from_being_submitted(township: Town) -> None:
    town = township
    await filled(town, "预警 红 三网格 模板 台风", ANSWERS[:3])
    assert "还没写完" in await town.presses_data("王主任", "alert_submit:1")
    assert groups_having(town, "格美") == set()


async def test_who_writes_in_their_own_words_says_nothing_at_the_end_that_they_did_not_write(township: Town) -> None:
    town = township
    await filled(town, "通知 三网格 模板 停水", ["三队全部", "明天", "张队长 138"])
    await town.presses("王主任", "改内容")
    await town.says("王主任", "后天停水")
    await sent(town)
    await town.presses("王主任", "撤销")
    assert groups_having(town, "【撤销】") == BELOW_G3
    assert groups_having(town, "照常用水") == set(), "it would speak of tomorrow"


async def test_a_correction_of_what_was_sent_leaves_the_end_without_its_blanks(township: Town) -> None:
    town = township
    await filled(town, "通知 三网格 模板 停水", ["三队全部", "明天", "张队长 138"])
    await sent(town)
    await town.presses("王主任", "更正")
    await town.says("王主任", "改为后天停水")
    await town.presses("王主任", "撤销")
    assert groups_having(town, "【撤销】") == BELOW_G3
    assert groups_having(town, "照常用水") == set()


async def test_the_blanks_are_filled_in_anew(township: Town) -> None:
    town = township
    await filled(town, "通知 三网格 模板 停水", ["三队全部", "明天", "张队长 138"])
    await town.presses("王主任", "改内容")
    await town.presses("王主任", "重新填空")
    town.hush()
    for answer in ("四队", "后天", "李队长 139"):
        await town.says("王主任", answer)
    town.hears("王主任", "草稿", "四队后天停水。")


async def test_a_template_that_leaves_the_file_takes_no_draft_with_it(township: Town) -> None:
    town = township
    await filled(town, "通知 三网格 模板 停水", ["三队全部"])
    town.settings = replace(town.settings, templates=Templates([Template("x", "别的", "别的", "不是")]))
    town.restart()
    await town.says("王主任", "明天停水")
    town.hears("王主任", "草稿", "明天停水")
    assert "失效" in await town.presses_data("王主任", "alert_template:notice:water_cut")
    await sent(town)
    await town.presses("王主任", "撤销")
    assert groups_having(town, "【撤销】三网格的通知（第 1 号）作废") == BELOW_G3


@pytest.mark.parametrize("who", ["李阿姨", "小林"])
async def test_residents_and_deputies_begin_none(township: Town, who: str) -> None:
    town = township
    await town.says(who, "预警 模板")
    town.hears(who, "要由队长、网格长或干部来发")
    assert "要由队长" in await town.presses_data(who, "alert_template:alert:fire")
    assert "失效" in await town.presses_data("王主任", "alert_template:alert:fire", chat="三网格群")
    assert "失效" in await town.presses_data("王主任", "alert_template:x:fire")
    await town.says("王主任", "预警 模板", chat="三网格群")
    town.hears("三网格群", "请私下对我发同样的话")
    town.silent()
