"""What the wire makes of a place to ask and of a refusal, before anything is sent."""

import pytest

from bot.channels.telegram.transport import Flooded, _refuse_plainly, file_url


@pytest.mark.parametrize(
    ("base_url", "files"),
    [
        ("https://api.telegram.org/bot", "https://api.telegram.org/file/bot"),
        ("http://127.0.0.1:8081/bot", "http://127.0.0.1:8081/file/bot"),
        ("https://api.telegram.org/bot{token}/test", "https://api.telegram.org/file/bot{token}/test"),
    ],
)
def test_files_are_beside_the_methods(base_url: str, files: str) -> None:
    assert file_url(base_url) == files


@pytest.mark.parametrize(("parameters", "seconds"), [({"retry_after": 9}, 9), ({}, 1), ({"retry_after": 0}, 1)])
def test_a_flood_that_does_not_say_how_long_is_waited_out_briefly(parameters: dict[str, int], seconds: int) -> None:
    with pytest.raises(Flooded) as raised:
        _refuse_plainly(429, {"ok": False, "parameters": parameters})
    assert raised.value.seconds == seconds
