"""Names of people in what others wrote of them: found so that they can be left out."""

import re
from collections.abc import Sequence

from domain.text import clean

_CALLED = re.compile(
    r"^(?:我们?家?的?|他|她)?(?:[大小]?(?:儿子|女儿|孙子|孙女|外孙女?|孩子|小孩|弟弟|妹妹))?"
    r"(?:的?名字)?(?:叫做?|是|姓名)?[:：\s]*"
)
"""What people write before a name: 我儿子叫…, 名字是…."""

_LONG_NUMBERS = re.compile(r"\d[\d\s-]{5,}[\dXx]")
"""Telephone and identity numbers."""

# 百家姓, and a few that are common now and not in it.
_FAMILIES = frozenset(
    "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许何吕施张孔曹严华金魏陶姜戚谢邹喻柏水窦章云苏潘葛奚范彭郎鲁韦昌马苗凤花方俞任袁柳"
    "鲍史唐费廉岑薛雷贺倪汤滕殷罗毕郝邬安常乐于时傅皮卞齐康伍余元卜顾孟平黄和穆萧尹姚邵湛汪祁毛禹狄米贝明臧计伏成戴谈宋茅庞熊纪舒"
    "屈项祝董梁杜阮蓝闵席季麻强贾路娄危江童颜郭梅盛林刁钟徐邱骆高夏蔡田樊胡凌霍虞万支柯昝管卢莫经房裘缪干解应宗丁宣邓郁单杭洪包"
    "诸左石崔吉钮龚程嵇邢滑裴陆荣翁荀羊惠甄曲家封芮羿储靳汲邴糜松井段富巫乌焦巴弓牧隗山谷车侯宓蓬全郗班仰秋仲伊宫宁仇栾暴甘厉"
    "戎祖武符刘景詹束龙叶幸司韶郜黎蓟薄印宿白怀蒲台从鄂索咸籍赖卓蔺屠蒙池乔阴胥能苍双闻莘党翟谭贡劳逄姬申扶堵冉宰郦雍却璩桑桂濮牛寿"
    "通边扈燕冀郏浦尚农温别庄晏柴瞿阎充慕连茹习宦艾鱼容向古易慎戈廖庾终居衡步都耿满弘匡国文寇广禄阙东欧殳沃利蔚越夔隆师巩厍聂晁勾"
    "敖融冷訾辛阚那简饶空曾毋沙乜养鞠须丰巢关蒯相查后荆红游竺权逯盖益桓公肖代涂"
)
_DOUBLE = frozenset(
    ["欧阳", "司马", "上官", "诸葛", "司徒", "夏侯", "东方", "皇甫", "尉迟", "公孙", "慕容", "令狐", "长孙", "宇文"]
)


_AFTER = re.compile(r"[\s\d，,。.;；、（(]")
"""What ends a name: 王小明，8 岁."""


def _name(who: str) -> str:
    return _AFTER.split(_CALLED.sub("", clean(who)), maxsplit=1)[0]


def family_name(who: str) -> str:
    """The family name of what is surely a name, and nothing otherwise."""
    name = _name(who)
    if not 2 <= len(name) <= 4 or not all("\u4e00" <= c <= "\u9fff" for c in name):
        return ""
    if name[:2] in _DOUBLE:
        return name[:2]
    return name[0] if name[0] in _FAMILIES and len(name) <= 3 else ""


_NAMED = re.compile(
    r"(?:叫做?|名字是|姓名|儿子|女儿|孙子|孙女|外孙女?|孩子|小孩|弟弟|妹妹|老伴|爸爸|妈妈|爷爷|奶奶)[:：\s]*"
    r"([\u4e00-\u9fff]{2,3})"
)


def named_in(text: str) -> str:
    """A name that stands in a report after the word for whose it is; empty where there surely is none."""
    found = (match[1] for match in _NAMED.finditer(text))
    return next((name for name in found if family_name(name)), "")


def written_names(who: str) -> Sequence[str]:
    """The name as it was written, and the given name alone: the longer first."""
    name = _name(who)
    family = family_name(who)
    given = name[len(family) :] if family else ""
    return [part for part in (name, given) if len(part) > 1]


def without_numbers(words: str) -> str:
    """Without the numbers by which somebody could be called or known."""
    return _LONG_NUMBERS.sub("…", words)
