"""What the page itself says, in the village's language: the page holds no text of its own."""

from domain.language import _


def texts() -> dict[str, str]:
    return {"lang": _("zh-CN"), "title": _("网格聊天"), **_entry(), **_rooms(), **_talk(), **_recording(), **_writing()}


def _entry() -> dict[str, str]:
    return {
        "enter_hint": _("有事在这里说，队长和网格长马上看到。请填邀请码和您的姓名。"),
        "enter_submit": _("进来"),
        "join_title": _("加入 {squad}"),
        "join_hint": _("请写上姓名和门牌。队长看到后会请您进来，以后有事就在这里说。"),
        "join_submit": _("请队长让我进来"),
        "code": _("邀请码"),
        "name": _("您的姓名"),
        "door": _("您家门牌"),
        "door_hint": _("例如：江滨里 12 号"),
        "emergency": _("急事请直接打：报警 110，火警 119，急救 120。"),
    }


def _rooms() -> dict[str, str]:
    return {
        "rooms": _("我的群"),
        "rooms_unread": _("我的群，{n} 条没看"),
        "unread": _("{n} 条没看"),
        "private_room": _("我和机器人"),
        "private_hint": _("只有您看得到"),
        "group_hint": _("群里的人都看得到"),
        "close": _("关上"),
        "leave": _("退出登录"),
        "leave_sure": _("退出以后，要有新的邀请码或二维码才能再进来。真的退出吗？"),
        "smaller": _("字小一点"),
        "larger": _("字大一点"),
        "connecting": _("正在连接…"),
        "no_line": _("没连上，正在重试。您写的话会留着。"),
        "elsewhere": _("您在别处打开了太多页面，这一页停了。刷新可以继续。"),
    }


def _talk() -> dict[str, str]:
    return {
        "messages": _("聊天内容"),
        "skip": _("跳到输入框"),
        "empty_group": _("还没有人说话。家里、楼里、路上有事，点下面的“上报”，说哪里、出了什么事。"),
        "empty_private": _("这里只有您和机器人。点“上报”说一件事，点“查询”看办到哪一步。"),
        "earlier": _("看更早的"),
        "bot": _("网格机器人"),
        "me": _("我"),
        "sending": _("还没发出去…"),
        "new_message": _("有新消息 ↓"),
        "card_changed": _("{title} 有新进展：{now}"),
        "card_moved": _("{title} 有新进展"),
        "photo_of": _("{name} 发的照片"),
        "voice_of": _("{name} 的语音"),
        "video_of": _("{name} 发的视频"),
        "file_of": _("{name} 发的文件，点一下保存"),
        "media_gone": _("看不到了"),
        "photo": _("照片"),
        "voice": _("语音"),
        "video": _("视频"),
        "file": _("文件"),
        "place": _("位置"),
        "reply": _("回复"),
        "reply_to": _("回复 {name}：{text}"),
        "reply_cancel": _("不回复这一条了"),
    }


def _recording() -> dict[str, str]:
    return {
        "speak": _("点一下说话"),
        "voice_on": _("正在录音"),
        "voice_done": _("说完了，发送"),
        "voice_cancel": _("不要了"),
        "voice_short": _("太短了。点一下再说话，说完再点一下。"),
        "voice_forbidden": _("用不了话筒。请允许浏览器用话筒，或者写字。"),
    }


def _writing() -> dict[str, str]:
    return {
        "quick": _("常用"),
        "report": _("上报"),
        # With the space behind them: what is said to the bot, which is not what stands on the button everywhere.
        "report_word": _("上报 "),
        "status_word": _("查询 "),
        "help_word": _("帮助 "),
        "report_hint": _("哪里、出了什么事？"),
        "status": _("查询"),
        "help": _("帮助"),
        "photo_or_file": _("照片、视频或文件"),
        "words": _("写在这里"),
        "words_hint": _("写在这里…"),
        "answer_here": _("请在这里回一句话"),
        "send": _("发送"),
        "too_long": _("太长了，最多 {n} 个字。请分几次发。"),
        "photo_too_large": _("照片太大了，最多 10 MB。"),
        "file_too_large": _("太大了，最多 20 MB。请拍短一点、录短一点再发。"),
        "too_many": _("一次最多 {n} 个，请分几次发。"),
        "uploading": _("正在传…"),
        "uploading_one": _("正在传第 {n} 个，共 {all} 个…"),
        "upload_failed": _("没传上去，请再试一次。"),
        "place_looking": _("正在找您的位置…"),
        "place_failed": _("找不到您的位置。请允许浏览器用定位，或写上地点。"),
    }
