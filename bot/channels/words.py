"""Words that may save a life go without buttons and bold letters rather than not at all."""

from dataclasses import replace

from bot.channels import Never, Unreachable
from domain.chat import Send
from domain.quiet import LOUD


def words_alone(out: Send, refused: Never) -> Send | None:
    """What to try once more when a service refused it as it was; None where that would help nobody."""
    bare = replace(out, buttons=(), card=None, attachment=None, location=None)
    if isinstance(refused, Unreachable) or out.promise not in LOUD or not out.text or bare == out:
        return None
    return bare
