"""Titles of official documents: what ends one, who stands before 关于, what a notice issues.

Form: issuers, 关于, matter, kind (GB/T 9704-2012, 7.3.1). Words here have no blanks but those
that `ingest.card.compact.printed` leaves.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ingest.card.compact import fold

_LETTERS = "通知|意见|决定|决议|命令|令|公报|公告|通告|通报|议案|报告|请示|批复|复函|函|答复|纪要"
_RULES = (
    "条例|规定|办法|细则|规则|章程|方案|规划|纲要|计划|要点|措施|预案|指引|指南|标准|规范|准则|制度|目录"
    "|清单|解释|法典|法|举措|政策|守则|安排|手册|导则|大纲|实施意见|若干规定|行动|清单|分工|说明|机制|须知"
)
_EDITION = r"(?:\([^()]{1,30}\))*"
_ENDS = re.compile(rf"(?:{_LETTERS}|{_RULES}){_EDITION}$")
_FORWARDS = re.compile(r"(?:印发|转发|批转|下发|公布|发布)(?!.*(?:条例|办法|规定)$)")
_LETTER_ENDS = re.compile(rf"(?:{_LETTERS}){_EDITION}$")
RULES_END = re.compile(rf"(?:{_RULES}|意见|宣言|倡议){_EDITION}$")
_UNIT_ENDS = (
    "政府|国务院|中央|办公厅|办公室|委员会|办|委|局|厅|部|署|院|行|会|中心|处|社|司|组|联|法院|检察院|指挥部"
    "|公司|集团|总队|支队|大队|馆|站|所|大学|学院|学校|医院|街道|镇|乡|庭|海关|联席会议|总部|人大|政协|军区"
    "|基金|银行|台|园区|管理区|开发区|新区"
)
_HAN = r"[\u4e00-\u9fff]"
_UNIT = re.compile(
    rf"{_HAN}{{1,40}}?(?:\([^()]{{1,20}}\){_HAN}{{1,20}}?)?(?:{_UNIT_ENDS})(?:\([^()]{{2,40}}\))?"
)
_GROUP = re.compile(r"等.{0,3}[部单机][门位关构]$|等[\d一二三四五六七八九十两]+[部个家]?.{0,2}$")
_ISSUES = re.compile(
    r"(?:印发|公布|发布|下发)[^《〈]{0,8}?(?P<open>[《〈])?(?P<title>.+?)(?(open)[》〉])"
    rf"(?:的(?:通知|函|通告|公告|决定|命令|通报){_EDITION}|(?<=[》〉]))$"
)
_VERBS = r"关于|印发|转发|批转|下达|公布|发布|对(?=.*(?:答复|复函|批复))|令$|公告$|通告$|决定$"
_HEADING = re.compile(rf"(?P<units>[^《》,。:;]{{2,200}}?)(?:{_VERBS})")
_REPOST = re.compile(r"^[(【\[](?:转载|转发|转)[)】\]]")
_SITE = re.compile(
    r"(?:\s+[-|–—]{1,3}\s*|[-_|]{1,2})(?=[^-_|–—)）》]*"
    r"(?:网站|门户|公开平台|政府网|公开网|信息网|官网|人民网|新华网)\s*$)[^-_|–—]*$"
)
_EDITED = re.compile(r"\((?:[^()]*(?:修订|修正|年版|修改)[^()]*)\)$")


@dataclass(frozen=True, slots=True)
class Issuers:
    """Units named together; `more` where the words say that others are not named (等三部门)."""

    names: tuple[str, ...] = ()
    more: bool = False


def is_complete(title: str) -> bool:
    """Whether words can be a whole title: they end with a kind, and all brackets are closed.

    >>> is_complete("关于印发实施方案"), is_complete("关于印发实施方案的通知")
    (False, True)
    """
    plain = fold(title)
    if plain.count("《") != plain.count("》") or plain.count("(") != plain.count(")"):
        return False
    if "关于" in plain and _FORWARDS.search(plain.partition("关于")[2][:4]):
        return bool(_LETTER_ENDS.search(plain))
    return bool(_ENDS.search(plain))


def is_unit(words: str) -> bool:
    """Whether words are the name of a unit, in its own or its short form."""
    return bool(_UNIT.fullmatch(fold(words).replace(" ", "")))


def read_units(words: str) -> Issuers:
    """Units printed side by side, with blanks or 、 between them; none unless all words are units.

    >>> read_units("市发展改革委等三部门")
    Issuers(names=('市发展改革委',), more=True)
    """
    plain = words.strip()
    group = _GROUP.search(fold(plain))
    pieces = re.split(r"[\s、,，]+", plain[: group.start() if group else None])
    names = [name for name in pieces if name]
    if not names or not all(is_unit(name) for name in names):
        return Issuers()
    return Issuers(tuple(names), bool(group))


def issuers_of(title: str) -> Issuers:
    """The units that a title begins with: before 关于, 印发 or 转发."""
    found = _HEADING.match(fold(title))
    return read_units(title[: found.end("units")]) if found else Issuers()


def issued_title(title: str) -> tuple[str, bool] | None:
    """What a notice issues (`关于印发X的通知`) and whether book marks say so; None for others.

    >>> issued_title("市政府关于印发《实施方案》的通知"), issued_title("关于印发暂行办法的函")
    (('实施方案', True), ('暂行办法', False))
    """
    found = _ISSUES.search(fold(title))
    if not found or re.search("[》〉].*[《〈]", found["title"]):
        return None
    start, end = found.span("title")
    return title[start:end].strip(), bool(found["open"])


def clean(title: str) -> str:
    """A web page's title without the name of its site and without (转载).

    >>> clean("（转载）关于做好供养工作的通知 - 某市人民政府门户网站")
    '关于做好供养工作的通知'
    """
    cut = _SITE.sub("", title)
    kept = cut if cut.strip() else title
    mark = _REPOST.match(fold(kept))
    return kept[mark.end() :].strip() if mark else kept.strip()


def title_key(title: str) -> str:
    """What is equal for two namings of one document: without issuers, notice, marks and edition.

    >>> title_key("市民政局关于印发〈救助办法（2024年修订）〉的通知") == title_key("《救助办法》")
    True
    """
    plain = re.sub(r"\s", "", fold(title).strip("《》"))
    inner = issued_title(plain)
    if inner:
        plain = inner[0]
    elif issuers_of(plain).names:
        plain = plain[plain.find("关于") :] if "关于" in plain else plain
    plain = _EDITED.sub("", plain).removeprefix("中华人民共和国")
    return re.sub("[《》〈〉“”\"']", "", plain)


def edition_free(title: str) -> bool:
    """Whether a title names no edition of itself, such as （2024年修订）."""
    return not _EDITED.search(fold(title))
