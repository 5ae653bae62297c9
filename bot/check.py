"""`gridbot check`: what is wrong and what to do, in plain words, before the village finds out."""

import asyncio
import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass

from bot.channels.telegram import TelegramChannel
from bot.channels.wecom import answers
from bot.clock import SystemClock
from bot.config import Config, ConfigError, modes
from bot.serve import NO_CHANNEL, called_at, only_one, wecom_bot
from domain.chat import NOT_SPOKEN, Attachment
from domain.digest import Digest
from domain.language import _
from storage.database import StorageTrouble, trouble
from storage.store import Store

NAMED = 5
"""As many are named; the rest are counted."""


@dataclass(frozen=True)
class Finding:
    """`wrong`: the bot cannot do its work like this. Otherwise it is good to know."""

    sentence: str
    wrong: bool = False

    def __str__(self) -> str:
        return f"{'✗' if self.wrong else '·'} {self.sentence}"


async def check(config: Config) -> list[Finding]:
    """Empty of `wrong` ones where the bot can run."""
    found = [
        *_config(config),
        *await _telegram(config),
        *await _wecom(config),
        *await _port(config),
        *await _register(config),
    ]
    if not any(finding.wrong for finding in found):
        found.append(Finding(_("可以运行：gridbot run")))
    return found


def _config(config: Config) -> list[Finding]:
    found = []
    try:
        config.settings()
        config.robot_urls()
    except ConfigError as error:
        found += [Finding(line, wrong=True) for line in str(error).splitlines()]
    found += [Finding(sentence) for sentence in _digests(config)]
    if not config.owners:
        found.append(Finding(_("owners 是空的，没有人能发第一个邀请。请在配置里写上您的账号，例如 telegram:1001。")))
    if config.quiet.hours and config.quiet.hours.holds(config.duty.change):
        found.append(Finding(_("[duty] change 在安静时段里：交班的话要到早上才说。建议改到 until 以后。")))
    if not (config.telegram_token or config.wecom.bot_id or config.web.enabled):
        found.append(Finding(_(NO_CHANNEL), wrong=True))
    return found


def _digests(config: Config) -> list[str]:
    """An hour at night is no fault, but not what was meant."""
    quiet, hours = config.quiet.hours, config.digest.hours
    at_night = [digest for digest in Digest if quiet and (hour := hours.of(digest)) and quiet.holds(hour)]
    text = _('[digest] {digest} 在安静时段里，要等到早上才看得到。请改钟点，或写 "off"。')
    return [text.format(digest=digest.value) for digest in at_night]


async def _telegram(config: Config) -> list[Finding]:
    if not config.telegram_token:
        return [] if config.wecom.bot_id else [Finding(_("没有 Telegram 的 token，只用网页聊天。"))]
    telegram = config.telegram
    try:
        called = called_at(config)
    except ConfigError as error:
        return [Finding(str(error), wrong=True)]
    channel = TelegramChannel(
        config.telegram_token, telegram.base_url, telegram.pace, SystemClock(), _nothing, called=called
    )
    try:
        return [Finding(found.sentence, found.wrong) for found in await channel.check()]
    finally:
        await channel.close()


async def _wecom(config: Config) -> list[Finding]:
    """Without subscribing: that would take the bot away from where it runs."""
    try:
        bot = wecom_bot(config)
    except ConfigError as error:
        return [Finding(str(error), wrong=True)]
    if bot is None or await answers(config.wecom.url):
        return []
    text = _("连不上企业微信（{url}）。请检查网络、[wecom] url 和环境变量 HTTPS_PROXY。")
    return [Finding(text.format(url=config.wecom.url), wrong=True)]


async def _nothing(_kept: Attachment) -> bytes:
    raise NotImplementedError


async def _port(config: Config) -> list[Finding]:
    """Taken by this village's own bot, which runs already, is as it should be; by anybody else is not."""
    web = config.web
    if not web.enabled or not web.port:
        return []
    try:
        trial = await asyncio.get_running_loop().create_server(asyncio.Protocol, web.host, web.port)
    except OSError:
        text = _("端口 {port} 用不了：可能机器人已经在运行，或被别的程序占用。请换 [web] port 或关掉那个程序。")
        return [Finding(text.format(port=web.port), wrong=not _is_running(config))]
    trial.close()
    await trial.wait_closed()
    return []


def _is_running(config: Config) -> bool:
    try:
        with only_one(config.storage.path):
            return False
    except StorageTrouble:
        return True


async def _register(config: Config) -> list[Finding]:
    try:
        store = await Store.open(config.storage.path)
    except StorageTrouble as error:
        return [Finding(str(error), wrong=True)]
    try:
        async with store.transaction():
            return [
                *await _tree(store),
                *await _modes(store, config),
                *await _robots(config, store),
                *await _messages(store),
            ]
    except sqlite3.Error as error:
        return [Finding(str(trouble(error, str(config.storage.path))), wrong=True)]
    finally:
        await store.close()


async def _tree(store: Store) -> list[Finding]:
    if not await store.grids.count():
        return [Finding(_("还没有网格。请导入：gridbot import grids 文件"), wrong=True)]
    found = []
    roots = await store.grids.roots()
    if len(roots) > 1:
        text = _("最上面的网格有 {n} 个，应该只有一个：{names}。请在导入文件里给多余的写上 parent。")
        found.append(Finding(text.format(n=len(roots), names=_named([grid.name for grid in roots])), wrong=True))
    found += _counted(await _missing(store))
    return found


async def _missing(store: Store) -> list[tuple[str, list[str]]]:
    """What of the village is not as it should be, and the names of those concerned."""
    unreachable = await store.chats.all_unreachable()
    return [
        (
            _("{n} 个小队超过 10 户，队长顾不过来，建议拆分：{names}"),
            [f"{grid.name}（{doors}）" for grid, doors in await store.grids.oversized()],
        ),
        (
            _("{n} 个最下面的网格没有能接单的人，上报会直接到上级：{names}。请用 gridbot invite 请队长加入。"),
            [grid.name for grid in await store.grids.without_answerers()],
        ),
        (
            _("{n} 个最下面的网格没有群：{names}。请在群里发“绑定 编号”，或贴出 gridbot qr 的二维码。"),
            [grid.name for grid in await store.grids.without_chat()],
        ),
        (
            _("{n} 个小队的名册上没有住户，摸排问不到他们：{names}。请导入：gridbot import households 文件"),
            [grid.name for grid in await store.grids.without_households()],
        ),
        (
            _("{n} 个会话送不到：{names}。请把机器人重新请进群，或请本人给机器人发一句话。"),
            [chat.title or chat.id.chat for chat in unreachable if chat.unreachable != NOT_SPOKEN],
        ),
        (
            _("{n} 个会话还没对机器人说过话，机器人不能先开口：{names}。请在那里 @机器人 说一句，例如：@机器人 帮助"),
            [chat.title or chat.id.chat for chat in unreachable if chat.unreachable == NOT_SPOKEN],
        ),
        (
            _("{n} 个网格的值班表里有叫不到的人：{names}。请本人给机器人发一句话，或请队长重新排班。"),
            [f"{grid}（{person}）" for grid, person in await store.duty.out_of_reach()],
        ),
        (
            _("{n} 个小队的居民在外部群里，可是没有人能转发：{names}。请队长先私下对机器人说一句话。"),
            await store.passings.nobody_asked(),
        ),
    ]


def _counted(missing: Sequence[tuple[str, Sequence[str]]]) -> list[Finding]:
    return [Finding(text.format(n=len(names), names=_named(names))) for text, names in missing if names]


async def _modes(store: Store, config: Config) -> list[Finding]:
    """What holds somewhere and left the config since has neither name nor timers any more."""
    known = {mode.name for mode in modes.load(config.language, config.modes)}
    lost = sorted({change.mode for change in (await store.modes.running()).values()} - known)
    text = _("有网格正在 {names} 模式，配置里已经没有了。请写回 [[modes]]，或让网格长说：模式 网格名 日常")
    return [Finding(text.format(names=_named(lost)))] if lost else []


async def _robots(config: Config, store: Store) -> list[Finding]:
    """What is told to a group that no grid has reaches nobody."""
    strange = [robot.grid for robot in config.robots if not await _is_open(robot.grid, store)]
    text = _("[[robots]] 里的 {names} 不是网格，那里的群机器人什么也不会说。请核对编号。")
    return [Finding(text.format(names=_named(strange)), wrong=True)] if strange else []


async def _is_open(code: str, store: Store) -> bool:
    grid = await store.grids.get(code)
    return grid is not None and grid.closed_at is None


async def _messages(store: Store) -> list[Finding]:
    counted = (
        (
            _("{n} 条收到的消息没处理成，已留着。请看 gridbot deliveries 和日志里的 update_broke。"),
            await store.inbox.aside(),
        ),
        (_("{n} 条消息不知道送到没有。请看 gridbot deliveries。"), await store.outbox.count("doubt")),
        (_("{n} 条消息没送到。请看 gridbot deliveries。"), await store.outbox.count("dead")),
    )
    return [Finding(text.format(n=n)) for text, n in counted if n]


def _named(names: Sequence[str]) -> str:
    shown = "、".join(names[:NAMED])
    return shown if len(names) <= NAMED else _("{names} 等").format(names=shown)
