"""What is wrong with the bot on Telegram, and what to do about it, for whoever sets it up."""

from typing import NamedTuple

from telegram.error import InvalidToken, TelegramError

from bot.channels.telegram.transport import Api
from domain.language import _


class Finding(NamedTuple):
    """`wrong`: nothing comes in, or nothing goes out. Otherwise it depends on how the groups are set up."""

    sentence: str
    wrong: bool = True


async def findings(api: Api) -> list[Finding]:
    """Empty where all is well."""
    try:
        me = await api.call("getMe", {})
        webhook = await api.call("getWebhookInfo", {})
    except InvalidToken:
        return [Finding(_("Telegram 不认这个 token。请在 @BotFather 里发 /mybots，选中机器人，重新复制 API Token。"))]
    except TelegramError as error:
        unreached = _("连不上 Telegram（{why}）。请检查网络、[telegram] base_url 和环境变量 HTTPS_PROXY。")
        return [Finding(unreached.format(why=error))]
    found = []
    if webhook.get("url"):
        elsewhere = _(
            "这个机器人设了 webhook，所以收不到消息。请停掉另一个程序，再打开 {method} 一次（把 TOKEN 换成您的）。"
        )
        found.append(Finding(elsewhere.format(method="https://api.telegram.org/botTOKEN/deleteWebhook")))
    if not me.get("can_read_all_group_messages"):
        # An admin of a group hears everything there in any case, and this cannot be seen from here.
        deaf = _(
            "隐私模式开着，机器人在群里只听得到命令。请在 @BotFather 里发 /setprivacy，选 {bot}，选 Disable，"
            "再把它移出群、重新请进群；或者在群里设它为管理员。"
        )
        found.append(Finding(deaf.format(bot="@" + str(me.get("username", ""))), wrong=False))
    return found
