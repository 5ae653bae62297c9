"""Warnings in the Common Alerting Protocol: read from a file of another service, and written for one."""

from collections.abc import Iterable
from datetime import datetime
from functools import cache
from importlib.resources import files

from lxml import etree

from domain.cap import CapAlert, Info, Reference, written
from domain.language import _
from domain.refused import Refused

NAMESPACE = "urn:oasis:names:tc:emergency:cap:1.2"

LARGEST = 1_000_000
"""Bytes of a message: pictures are linked from it, not put into it; the longest known are some tens of thousands."""

_LANGUAGE = "en-US"
"""Of an info that names none (CAP 1.2, section 3.2.2)."""


def read(content: bytes) -> CapAlert:
    """The message in this file; Refused says in words, with the line, what is wrong with it."""
    if len(content) > LARGEST:
        raise Refused(_("文件太大：{n} 字节，最多 {most}。").format(n=len(content), most=LARGEST))
    # Nothing outside the file is read and nothing in it is replaced: no entity can grow or look elsewhere.
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False)
    try:
        root = etree.fromstring(content, parser)
    except etree.XMLSyntaxError as error:
        raise Refused(_("不是完整的 XML，第 {line} 行：{why}").format(line=error.lineno or 1, why=error.msg)) from error
    if root.getroottree().docinfo.doctype:
        raise Refused(_("文件里有 DOCTYPE 声明，为了安全不读。CAP 文件不需要它。"))
    if root.tag != f"{{{NAMESPACE}}}alert":
        raise Refused(_("这不是 CAP 1.2 的预警文件：最外面应是 {name}。").format(name=f"alert（{NAMESPACE}）"))
    schema = _schema()
    if not schema.validate(root):
        fault = schema.error_log[0]
        why = fault.message.replace(f"{{{NAMESPACE}}}", "")
        raise Refused(_("不合 CAP 1.2，第 {line} 行：{why}").format(line=fault.line, why=why))
    return _alert(root)


def write(alert: CapAlert) -> bytes:
    """The message as a file."""
    root = etree.Element(f"{{{NAMESPACE}}}alert", nsmap={None: NAMESPACE})
    _add(root, "identifier", alert.identifier)
    _add(root, "sender", alert.sender)
    _add(root, "sent", alert.sent)
    _add(root, "status", alert.status)
    _add(root, "msgType", alert.message)
    _add(root, "scope", alert.scope)
    _add(root, "references", " ".join(map(str, alert.references)))
    for info in alert.infos:
        _write_info(etree.SubElement(root, f"{{{NAMESPACE}}}info"), info)
    _schema().assertValid(root)
    content: bytes = etree.tostring(root, encoding="UTF-8", xml_declaration=True, pretty_print=True)
    return content


@cache
def _schema() -> etree.XMLSchema:
    return etree.XMLSchema(etree.fromstring((files(__package__) / "cap-1.2.xsd").read_bytes()))


def _alert(root: etree._Element) -> CapAlert:
    return CapAlert(
        _text(root, "identifier"),
        _text(root, "sender"),
        _text(root, "sent"),
        _text(root, "status"),
        _text(root, "msgType"),
        _text(root, "scope"),
        tuple(_references(_text(root, "references"))),
        tuple(_info(element) for element in root.findall(f"{{{NAMESPACE}}}info")),
    )


def _references(written_: str) -> Iterable[Reference]:
    for reference in written_.split():
        parts = reference.split(",")
        if len(parts) != 3:
            raise Refused(_("references 要写成 发布者,编号,时间，这一个不是：{what}").format(what=reference))
        yield Reference(*parts)


def _info(element: etree._Element) -> Info:
    areas = element.findall(f"{{{NAMESPACE}}}area")
    codes = [code for area in areas for code in area.findall(f"{{{NAMESPACE}}}geocode")]
    return Info(
        _text(element, "language") or _LANGUAGE,
        _texts(element, "category"),
        _text(element, "event"),
        _text(element, "urgency"),
        _text(element, "severity"),
        _text(element, "certainty"),
        _texts(element, "responseType"),
        _moment(element, "onset"),
        _moment(element, "expires"),
        _text(element, "headline"),
        _text(element, "description"),
        _text(element, "instruction"),
        _text(element, "senderName"),
        "、".join(_text(area, "areaDesc") for area in areas),
        tuple((_text(code, "valueName"), _text(code, "value")) for code in codes),
    )


def _write_info(element: etree._Element, info: Info) -> None:
    _add(element, "language", info.language)
    for category in info.categories:
        _add(element, "category", category)
    _add(element, "event", info.event)
    for response in info.responses:
        _add(element, "responseType", response)
    _add(element, "urgency", info.urgency)
    _add(element, "severity", info.severity)
    _add(element, "certainty", info.certainty)
    _add(element, "onset", written(info.onset) if info.onset else "")
    _add(element, "expires", written(info.expires) if info.expires else "")
    _add(element, "senderName", info.sender_name)
    _add(element, "headline", info.headline)
    _add(element, "description", info.description)
    _add(element, "instruction", info.instruction)
    area = etree.SubElement(element, f"{{{NAMESPACE}}}area")
    _add(area, "areaDesc", info.area)
    for name, value in info.geocodes:
        code = etree.SubElement(area, f"{{{NAMESPACE}}}geocode")
        _add(code, "valueName", name)
        _add(code, "value", value)


def _add(parent: etree._Element, name: str, text: str) -> None:
    """What is empty is left out: every element that must be there has something to say."""
    if text:
        etree.SubElement(parent, f"{{{NAMESPACE}}}{name}").text = text


def _text(element: etree._Element, name: str) -> str:
    return (element.findtext(f"{{{NAMESPACE}}}{name}") or "").strip()


def _texts(element: etree._Element, name: str) -> tuple[str, ...]:
    return tuple((found.text or "").strip() for found in element.findall(f"{{{NAMESPACE}}}{name}"))


def _moment(element: etree._Element, name: str) -> datetime | None:
    text = _text(element, name)
    return datetime.fromisoformat(text) if text else None
