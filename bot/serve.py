"""From the config to a running bot: the file is locked, the tree is opened, the channels are built and let in."""

from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from bot.app import App, run_until_told
from bot.channels import Channel, Fetch, Never
from bot.channels.robot import ROBOT, RobotChannel
from bot.channels.telegram import Called, TelegramChannel
from bot.channels.web import WebChannel
from bot.channels.wecom import PAGE, WeComChannel
from bot.clock import SystemClock
from bot.config import WECOM_VARIABLE, Config, ConfigError
from bot.heartbeat import Heartbeat
from bot.watch import Porch, Watch
from domain.chat import HOUSE, Attachment
from domain.language import N_, _
from storage.database import StorageTrouble
from storage.store import Store

NO_CHANNEL = N_(
    "没有可用的渠道：请在 [telegram] 写 token，或在 [wecom] 写 bot_id 和 secret，或把 [web] enabled 设为 true"
)


async def serve(config: Config) -> None:
    """Run until told to stop."""
    async with opened(config.storage.path) as store:
        if not config.robots:
            await dismiss_robots(store)
        heartbeat = Heartbeat(config.audit.heartbeat_file, config.heartbeat_url)
        app = App(store, config.settings(), SystemClock(), recogniser=config.recogniser(), heartbeat=heartbeat)
        for channel in channels(config, app):
            app.add(channel)
        for porch in porches(config, app):
            app.run_beside(porch.run)
        await run_until_told(app)


async def dismiss_robots(store: Store) -> None:
    """Groups whose robots the config names no more are told nothing: nobody would say it there."""
    async with store.transaction():
        await store.chats.hear_only(ROBOT, {})


@asynccontextmanager
async def opened(path: Path) -> AsyncIterator[Store]:
    """The store of this file, for this process alone: two bots on one file would say everything twice."""
    with only_one(path):
        store = await Store.open(path)
        try:
            yield store
        finally:
            await store.close()


@contextmanager
def only_one(path: Path) -> Iterator[None]:
    lock = FileLock(f"{path}.lock", mode=0o600)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock.acquire(timeout=0)
    except Timeout:
        raise StorageTrouble(_("另一个机器人正在用数据库 {path}。请先停掉它。").format(path=path)) from None
    except OSError as error:
        raise StorageTrouble(
            _("写不了 {path} 所在的目录：{why}。请检查权限和磁盘。").format(path=path, why=error.strerror)
        ) from error
    try:
        yield
    finally:
        lock.release()


def fetcher(store: Store, opened: Mapping[str, Channel]) -> Fetch:
    """Brings a picture from whichever channel keeps it, or from the house where the bot made it itself."""

    async def fetch(picture: Attachment) -> bytes:
        if picture.channel == HOUSE:
            async with store.transaction():
                kept = await store.files.get(picture.file_id)
            if kept is None:
                raise Never("no such picture")
            return kept
        if picture.channel not in opened:
            raise Never(f"no channel {picture.channel}")
        return await opened[picture.channel].fetch(picture.file_id)

    return fetch


def porches(config: Config, app: App) -> list[Porch]:
    """The port for those who watch, if they have one of their own."""
    metrics = config.metrics
    if metrics.port is None:
        return []
    return [Porch(metrics.host, metrics.port, Watch(app).routes(here_only=False))]


def called_at(config: Config) -> Called | None:
    """Where Telegram is to call the bot, if it is: at the web chat's port, which must be open then."""
    url = config.telegram.webhook_url
    if url is None:
        return None
    if not config.web.enabled:
        raise ConfigError(_("webhook_url 要用网页聊天的端口，请把 [web] enabled 设为 true，或去掉 webhook_url"))
    return Called(url, config.webhook_secret)


def wecom_bot(config: Config) -> tuple[str, str] | None:
    """The bot on WeCom and its secret, if there is one; half of the two is a mistake."""
    bot_id, secret = config.wecom.bot_id, config.wecom_secret
    if bot_id and secret:
        return bot_id, secret
    if bot_id:
        raise ConfigError(
            _("[wecom] 有 bot_id，没有 secret。请写上，或放进环境变量 {name}").format(name=WECOM_VARIABLE)
        )
    if secret:
        raise ConfigError(_("企业微信有 secret，[wecom] 里没有 bot_id。两个都在机器人的“API 模式”页面上。"))
    return None


def channels(config: Config, app: App) -> list[Channel]:
    """The services this village uses, as its config names them."""
    opened: dict[str, Channel] = {}
    fetch = fetcher(app.store, opened)
    machines = Watch(app).routes(here_only=True)
    if config.telegram_token:
        called = called_at(config)
        telegram = TelegramChannel(
            config.telegram_token, config.telegram.base_url, config.telegram.pace, app.clock, fetch, called=called
        )
        machines += telegram.routes()
        opened["telegram"] = telegram
    if bot := wecom_bot(config):
        page = config.web.public_url or PAGE
        opened["wecom"] = WeComChannel(*bot, config.wecom.url, app.store, app.clock, fetch, page=page)
    if config.web.enabled:
        web = config.web
        opened["web"] = WebChannel(
            app.store, app.clock, config.settings(), web.host, web.port, web.public_url, fetch, machines=machines
        )
    if not opened:
        raise ConfigError(_(NO_CHANNEL))
    if robots := config.robot_urls():
        opened[ROBOT] = RobotChannel(app.store, robots)
    return list(opened.values())
