"""What a bot hands in, step by step, and the name it gets."""

import base64
import binascii
import hashlib
import secrets
from dataclasses import dataclass, field

from bot.demo.standin import rules
from bot.demo.standin.people import Json

PART_BYTES = 512 * 1024
MOST_PARTS = 100
LARGEST = {"image": 10 * 2**20, "video": 10 * 2**20, "voice": 2 * 2**20, "file": 20 * 2**20}


@dataclass
class _Upload:
    told: Json
    parts: dict[int, bytes] = field(default_factory=dict)


class Uploads:
    def __init__(self) -> None:
        self.media: dict[str, bytes] = {}
        self._kinds: dict[str, str] = {}
        self._open: dict[str, _Upload] = {}

    def take(self, cmd: str, body: Json) -> tuple[int, Json]:
        if cmd == "aibot_upload_media_init":
            return self._begin(body)
        upload = self._open.get(str(body.get("upload_id")))
        if upload is None:
            return rules.BAD_ARGUMENT, {}
        if cmd == "aibot_upload_media_chunk":
            return self._part(upload, body), {}
        return self._end(upload, str(body["upload_id"]))

    def knows(self, message: Json) -> bool:
        """Whether a message shows nothing, or something that was handed in as what it is shown as."""
        kind = message["msgtype"]
        return kind not in LARGEST or self._kinds.get(message[kind]["media_id"]) == kind

    def _begin(self, body: Json) -> tuple[int, Json]:
        size, parts = body.get("total_size"), body.get("total_chunks")
        sound = isinstance(size, int) and isinstance(parts, int) and 0 < parts <= MOST_PARTS
        if not sound or not body.get("filename") or not 0 < int(size or 0) <= LARGEST.get(str(body.get("type")), 0):
            return rules.BAD_ARGUMENT, {}
        name = secrets.token_hex(8)
        self._open[name] = _Upload(body)
        return rules.OK, {"upload_id": name}

    def _part(self, upload: _Upload, body: Json) -> int:
        """Counted from 0, as WeCom's own client does, or from 1, as its documentation does."""
        try:
            data = base64.b64decode(body["base64_data"], validate=True)
            upload.parts[int(body["chunk_index"])] = data
        except (KeyError, TypeError, ValueError, binascii.Error):
            return rules.BAD_ARGUMENT
        return rules.OK if 0 < len(data) <= PART_BYTES else rules.BAD_ARGUMENT

    def _end(self, upload: _Upload, name: str) -> tuple[int, Json]:
        data = b"".join(upload.parts[n] for n in sorted(upload.parts))
        told = upload.told
        digest = hashlib.md5(data, usedforsecurity=False).hexdigest()
        if len(data) != told["total_size"] or told.get("md5") not in (None, digest):
            return rules.BAD_ARGUMENT, {}
        del self._open[name]
        media_id = f"media-{secrets.token_hex(8)}"
        self.media[media_id], self._kinds[media_id] = data, str(told["type"])
        return rules.OK, {"type": told["type"], "media_id": media_id, "created_at": "1753400000"}
