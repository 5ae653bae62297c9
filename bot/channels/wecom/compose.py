"""From what is to be said to what WeCom takes: words in its markdown, cards with buttons, lengths in bytes."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import islice

from bot.channels.wecom.frames import GROUP, Json
from domain.chat import Button, Location, Send
from domain.language import _
from domain.text import one_line

MARKDOWN_BYTES = 20_480
WELCOME_BYTES = 2_048
"""UTF-8, of a pushed message and of a greeting."""

TITLE_CHARS = 26
BODY_CHARS = 112
LABEL_CHARS = 10
"""What is shown of a card's title, of the words below it and of a button; WeCom cuts the rest without a word."""

BUTTONS = 6
"""On one card; where there are more, another card follows."""

SHORTEST_LINE = 24
"""A line gives way to the others down to here: times and names stay whole, and of a text it can be told which it is."""

STOPS = "。？！；，：", " "
"""Where a first line that is longer than a title may be parted: behind a mark, else at a blank."""

MAP = "https://uri.amap.com/marker?position={longitude:.6f},{latitude:.6f}&coordinate=wgs84"
"""A place has no message of its own here; this opens in every browser and in the map that most people have."""

# Words of people are shown as they are: what WeCom would take for markup, a mention or a link becomes its wide twin.
WIDE = str.maketrans({"<": "＜", ">": "＞", "*": "＊", "`": "｀", "[": "［", "]": "］", "_": "＿", "\\": "＼"})


def messages(out: Send, task: str, page: str, before: str | None = None) -> list[Json]:
    """What makes this a new message: words, cards with its buttons, or both where a card is too small for the words.
    `before` is what an older self of it, which stands above, has said already."""
    out = _called_by_name(out)
    if not out.buttons:
        return [markdown(part) for part in split(words(out), MARKDOWN_BYTES)]
    shown = _fits(out.text) and not out.location
    said = (
        []
        if shown or (before is not None and _says_the_rest(before, out.text))
        else [markdown(part) for part in split(words(out), MARKDOWN_BYTES)]
    )
    below = cards(out, task, page, bare=bool(said))
    return said + [{"msgtype": "template_card", "template_card": card} for card in below]


def cards(out: Send, task: str, page: str, *, bare: bool = False) -> list[Json]:
    """One, or several where there are more buttons than one has room for. `bare` below the words themselves: nothing
    is to be read twice."""
    buttons = [button for row in out.buttons for button in row]
    if not buttons:
        # Without a button WeCom knows only cards that lead somewhere.
        return [_card(out.text, task) | {"card_type": "text_notice", "card_action": {"type": 1, "url": page}}]
    groups = list(_in_groups(buttons, BUTTONS))
    names = [task, *(f"{task}-{n}" for n in range(2, len(groups) + 1))]
    return [
        _card(out.text, name, bare=bare or name != task)
        | {"card_type": "button_interaction", "button_list": [_button(b) for b in group]}
        for group, name in zip(groups, names, strict=True)
    ]


def answered(card: Json, text: str) -> Json:
    """The card as whoever pressed it sees it now: with the answer before its words, and its buttons as they were."""
    below = f"→ {text}\n{card.get('sub_title_text', '')}".strip()
    return card | {"sub_title_text": _shortened(below)}


def markdown(content: str) -> Json:
    return {"msgtype": "markdown", "markdown": {"content": content}}


def greeting(text: str) -> Json:
    return {"msgtype": "text", "text": {"content": cut(text, WELCOME_BYTES)}}


def words(out: Send) -> str:
    """All of it, a card's first line bold."""
    first, newline, rest = plain(out.text).partition("\n")
    lines = [f"**{first}**{newline}{rest}" if out.card and first else first + newline + rest]
    if out.location:
        lines.append(_place(out.location))
    return "\n".join(line for line in lines if line)


def plain(text: str) -> str:
    """Nobody's words are markup. A mark at the beginning of a line is one only before a blank."""
    lines = text.translate(WIDE).split("\n")
    return "\n".join("＃" + line[1:] if line.startswith(("# ", "##")) else line for line in lines)


def split(text: str, limit: int) -> Iterator[str]:
    """Parts within so many bytes, broken between lines where there are any, else anywhere between two characters."""
    while len(text.encode()) > limit:
        most = len(text.encode()[:limit].decode(errors="ignore"))
        at = text.rfind("\n", 0, most + 1)
        at = at if at >= most // 2 else most
        yield text[:at]
        text = text[at:].lstrip("\n")
    yield text


def cut(text: str, limit: int) -> str:
    """The text within so many bytes, with an ellipsis where something is missing."""
    if len(text.encode()) <= limit:
        return text
    return text.encode()[: limit - len("…".encode())].decode(errors="ignore") + "…"


def _fits(text: str) -> bool:
    """Whether a card shows all of it."""
    return len(_parted(text)[1]) <= BODY_CHARS


def _says_the_rest(before: str, text: str) -> bool:
    """Whether all that a card has no room for could be read above: nobody agrees to words that they were not shown."""
    _title, body = _parted(text)
    return set(body.split("\n")) <= {*before.split("\n"), *_shortened(body).split("\n")}


def _called_by_name(out: Send) -> Send:
    """Where an answer in words is awaited in a group, people have to be told that only what calls the bot is heard."""
    if not out.asks or not out.to.chat.startswith(GROUP):
        return out
    return replace(out, text=out.text + "\n" + _("回话时请先 @ 我，不然我听不到。"))


def _parted(text: str) -> tuple[str, str]:
    """What is a card's title, and the words below it. A first line that is too long goes on below."""
    title, _newline, rest = text.partition("\n")
    if len(title) <= TITLE_CHARS:
        return title, rest
    ends = (max(title.rfind(stop, 0, TITLE_CHARS) for stop in stops) + 1 for stops in STOPS)
    at = next(filter(None, ends), TITLE_CHARS)
    return title[:at].rstrip(), text[at:].lstrip()


def _card(text: str, task: str, *, bare: bool = False) -> Json:
    title, body = _parted(text)
    made: Json = {"main_title": {"title": one_line(title, TITLE_CHARS) or _("请看")}, "task_id": task}
    return made if bare or not body else made | {"sub_title_text": _shortened(body)}


def _shortened(body: str) -> str:
    """What a card shows of it. The longest lines give way: the last ones say how it stands and what can be done."""
    lines = body.split("\n")
    for n in sorted(range(len(lines)), key=lambda n: len(lines[n]), reverse=True):
        over = len("\n".join(lines)) - BODY_CHARS
        if over > 0:
            lines[n] = _cut(lines[n], max(len(lines[n]) - over, SHORTEST_LINE))
    return _cut("\n".join(lines), BODY_CHARS)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _button(button: Button) -> Json:
    return {"text": one_line(button.label, LABEL_CHARS), "style": 1, "key": button.data}


def _place(place: Location) -> str:
    address = MAP.format(longitude=place.longitude, latitude=place.latitude)
    return _("[在地图上看位置]({address})").format(address=address)


def _in_groups(buttons: Sequence[Button], size: int) -> Iterator[list[Button]]:
    rest = iter(buttons)
    while group := list(islice(rest, size)):
        yield group
