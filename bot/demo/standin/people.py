"""What people do on WeCom, as the frames that its service makes of it."""

import base64
import secrets
import time
from dataclasses import dataclass, field
from typing import Any

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

Json = dict[str, Any]

PADDED_TO = 32


@dataclass
class People:
    """Makes the frames; every picture is put behind an address of its own, encrypted with a key of its own."""

    bot_id: str
    bot_name: str = "网格助手"
    base_url: str = ""
    kept: dict[str, bytes] = field(default_factory=dict)
    """What stands at the addresses, encrypted."""
    made: int = 0

    def text(self, words: str) -> Json:
        return {"msgtype": "text", "text": {"content": words}}

    def voice(self, words: str) -> Json:
        return {"msgtype": "voice", "voice": {"content": words}}

    def file(self, data: bytes, kind: str = "file") -> Json:
        return {"msgtype": kind, kind: self.put(data)}

    def mixed(self, words: str, *pictures: bytes) -> Json:
        shown = [{"msgtype": "image", "image": self.put(picture)} for picture in pictures]
        return {"msgtype": "mixed", "mixed": {"msg_item": [self.text(words), *shown]}}

    def put(self, data: bytes) -> Json:
        key = secrets.token_bytes(32)
        filled = PADDED_TO - len(data) % PADDED_TO
        cipher = Cipher(algorithms.AES256(key), modes.CBC(key[:16])).encryptor()
        name = secrets.token_hex(8)
        self.kept[name] = cipher.update(data + bytes([filled]) * filled) + cipher.finalize()
        return {"url": f"{self.base_url}/media/{name}", "aeskey": base64.b64encode(key).decode()}

    def body(self, user: str, chat: str | None, content: Json, **more: Any) -> Json:
        """`chat` None is the private talk with the bot."""
        self.made += 1
        where = {"chatid": chat, "chattype": "group"} if chat else {"chattype": "single"}
        return {
            "msgid": f"M{self.made:06d}-{secrets.token_hex(4)}",
            "aibotid": self.bot_id,
            **where,
            "from": {"userid": user},
            "create_time": int(time.time()),
            **content,
            **more,
        }

    def event(self, user: str, chat: str | None, kind: str, about: Json | None = None) -> Json:
        event: Json = {"eventtype": kind}
        if about is not None:
            event[kind] = about
        return self.body(user, chat, {"msgtype": "event", "event": event})

    def called(self, words: str, chat: str | None) -> str:
        """In a group the bot hears only what calls it by its name."""
        return f"@{self.bot_name} {words}" if chat else words
