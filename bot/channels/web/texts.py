"""What the page itself says, in the village's language: the page holds no text of its own."""

from domain.language import _


def texts() -> dict[str, str]:
    return {"lang": _("zh-CN")}
