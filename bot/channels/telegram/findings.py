"""What is wrong with the bot on Telegram, and what to do about it, for whoever sets it up."""

from typing import NamedTuple

from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.transport import Api
from domain.language import _


class Finding(NamedTuple):
    """`wrong`: nothing comes in, or nothing goes out. Otherwise it depends on how the groups are set up."""

    sentence: str
    wrong: bool = True


async def findings(api: Api, url: str) -> list[Finding]:
    """Empty where all is well. `url` is where Telegram is to call the bot, if it is."""
    try:
        me = await api.call("getMe", {})
        webhook = await api.call("getWebhookInfo", {})
    except InvalidToken:
        return [Finding(_("Telegram 不认这个 token。请在 @BotFather 里发 /mybots，选中机器人，重新复制 API Token。"))]
    except TelegramError as error:
        unreached = _("连不上 Telegram（{why}）。请检查网络、[telegram] base_url 和环境变量 HTTPS_PROXY。")
        return [Finding(unreached.format(why=error))]
    found = []
    if webhook.get("url", "") not in ("", url):
        elsewhere = _("这个机器人的 webhook 指向别处，运行时会改过来。如果还有别的程序在用这个 token，请先停掉它。")
        found.append(Finding(elsewhere, wrong=False))
    elif url and webhook.get("last_error_message"):
        unreached = _("Telegram 打不开 webhook_url（{why}）。请检查域名、证书和代理。")
        found.append(Finding(unreached.format(why=webhook["last_error_message"])))
    if not me.get("can_read_all_group_messages"):
        # An admin of a group hears everything there in any case, and this cannot be seen from here.
        deaf = _(
            "隐私模式开着，机器人在群里只听得到命令。请在 @BotFather 里发 /setprivacy，选 {bot}，选 Disable，"
            "再把它移出群、重新请进群；或者在群里设它为管理员。"
        )
        found.append(Finding(deaf.format(bot="@" + str(me.get("username", ""))), wrong=False))
    return found
