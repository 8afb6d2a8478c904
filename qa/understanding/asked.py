"""What the wording of a question asks for, read once its names are out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa.attributes import OFFICE, QUANTITY, attribute_asked
from qa.patterns import cue
from qa.topic import Topic, telling_words
from qa.understanding import cues
from qa.understanding.scan import Scan

_WHEN = r"(?:到?什么时候|啥时候|何时|几时|哪一?天|哪一?年|多久)"
_CARD = (
    ("doc_no", re.compile(r"(?<!依据的)发文字号|文号|发文号|几号文|文件号|文件编号|第?几号令|令号")),
    ("issued", re.compile(
        r"(?:什么时候|啥时候|何时|哪天|哪一天|哪年|哪一年|几月|几号|时间|日期)[^,]{0,6}(?:印发|发布|出台|下发|发文|公布|成文|发)"
        r"|哪年(?:哪月)?(?:哪[天日])?(?:印|发)的"
        r"|(?:是|在)(?:19|20)\d\d年(?:\d{1,2}月)?(?:\d{1,2}日)?(?:印发|发布|出台|下发|发文|公布|成文|发)的?"
        r"|(?:印发|发布|出台|下发|发文|公布|成文|落款)(?:的|是什么)?(?:时间|日期|是什么时候|是?哪天|是?几号|于何时)"
    )),
    ("issuer", re.compile(
        r"(?:谁|哪[两几三]个?(?:单位|部门|机关)(?:一起|联合|共同)?|哪个单位|哪个部门|哪里|哪级|哪个机关|哪几?家|哪(?:几个|些)(?:单位|部门|机关))[^,]{0,4}(?:印发|发布|出台|制定|下发|发文|发的|公布)"
        r"|(?:印发|发布|发文|制定)(?:机关|单位|部门|机构)|(?:是)?谁(?:印)?发的"
    )),
    ("title", re.compile(r"全称|标题(?!党)|全名|(?:完整|正式|官方)(?:的)?名称|叫什么|名称是什么")),
)  # fmt: skip
_OF_ITSELF = (  # words that may as well speak of what a document rules: only where nothing is left
    ("expires", re.compile(
        rf"{_WHEN}(?:就|会|才|将)*(?:失效|到期|过期|作废)|(?:失效|到期)的?(?:时间|日期|日)(?:是{_WHEN})?"
        rf"|有效期限?(?:是|为|有|到|至)*(?:{_WHEN}|多长(?:时间)?|几年|多少年|多少)?"
    )),
    ("effective", re.compile(
        rf"(?:从|自)?{_WHEN}(?:起|开始|正式|才|会)*(?:施行|实施|生效|执行)"
        rf"|(?:施行|实施|生效|执行)的?(?:时间|日期|日)(?:是{_WHEN})?|(?:施行|生效)(?:是|于|从)*{_WHEN}"
    )),
    ("validity", re.compile(
        r"(?:是否|是不是|还|仍|现在|目前|现行)+(?:都|是|继续)*(?:有效|管用|适用|能用)(?:的|吗)*|有效(?:吗|没有|不)"
        r"|(?:是否|是不是|有没有)?(?:已经?|被|都)*(?:失效|作废|过期|废止|废除|到期|取代|替代)了?(?:吗|没有|没$|么|$)"
        r"|(?:是否|是不是|有没有)(?:已经?|被|都)*(?:失效|作废|过期|废止|废除|到期|取代|替代)了?"
        rf"|(?:被(?:谁|什么|哪[个份些]|哪一[个份])[^,]{{0,4}}|{_WHEN}(?:被|会)*)(?:废止|取代|替代)的?"
    )),
    ("addressees", re.compile(
        r"主送(?:单位|机关|给|是|了|到|有)*(?:谁|哪里|哪些|什么|哪几[个家])?(?:单位|机关|部门|地方)?"
        r"|(?:发|印发|下发)给了?(?:谁|哪些)(?:单位|机关|部门|地方)?"
    )),
    ("interpreter", re.compile(
        r"(?:由|归)?(?:谁|哪个?(?:单位|部门|机关)|哪里|哪家)(?:来|负责)*解释|解释(?:权|机关|单位)(?:归|是|在)*(?:谁|哪里|哪个?(?:单位|部门|机关))?"
    )),
    ("attachments", re.compile(
        r"(?:有|含|带)?(?:哪些|什么|几[个份]|多少[个份]?)附件|(?:有没有|是否有|有)附件(?:吗|$)"
        r"|附件(?:都|分别)?(?:有|是|包括)(?:哪些|什么|几[个份]|多少[个份]?)(?=$|[,?!呢])|附件(?:清单|目录|名称)"
    )),
    ("repeals", re.compile(
        r"(?:同时)?(?:废止|取代|替代|代替|修改)了?(?:哪些|什么|哪[个份]|几[个份]|哪几[个份])(?:旧|老|原有)?的?"
        r"(?:文件|规定|办法|政策|制度|通知)?"
        r"|(?:哪些|什么|哪[个份])(?:旧|老|原有)?的?(?:文件|规定|办法|政策|制度|通知)(?:被|随之|同时)*(?:废止|取代|替代)"
    )),
)  # fmt: skip
_ITSELF = re.compile(
    r"(?:这|那|该|本|此|上述)(?:一?[份个部项]|些)?"
    r"(?:文件|政策|办法|通知|方案|意见|规定|细则|条例|计划|规划|措施|预案|要点|法规|规章)的?"
)
_QUOTED = re.compile('[“"「][^”"」]*[”"」]')  # what is quoted is not who asks
_SEVERAL_NAMES = re.compile(rf"分别|各自|{OFFICE}")  # 7所学校分别叫什么名字, 组长叫什么名字
_PLACE = re.compile(r"[\u4e00-\u9fff]{1,6}[省市区县]")


_BASIS = re.compile("依据|上级文件|上位文件|根据的")


@dataclass(frozen=True, slots=True)
class Asked:
    """The cues of a question.

    `count`, `items`, `sections` and `listing` ask the ledger for numbers and lists; `who` asks for
    units, `strong_who` in words that leave no doubt, `list_units` for many. `nouns` are words for
    the asked kind of fact.
    """

    who: bool
    strong_who: bool
    list_units: bool
    count_units: bool
    count: bool
    items: bool
    sections: bool
    listing: bool
    most: bool
    apply: bool
    enterprise: bool
    applicable: bool
    card: str
    attribute: str
    quantity: str
    nouns: re.Pattern[str] | None

    @property
    def structural(self) -> bool:
        """Whether the ledger or the outline answers, rather than a sentence."""
        return self.count or self.listing


def read_asked(scan: Scan, who: bool, titles: str = "") -> Asked:
    """The cues in what is left of a question; words for a document's card leave it.

    `titles` are those of the documents named, whose words are of no other matter.
    """
    text = scan.text
    card = next((n for n, pattern in _CARD if scan.take(pattern)), "") or _of_itself(scan, titles)
    if card == "doc_no" and _BASIS.search(text):
        card = ""  # 依据的上级文件文号: of another document
    if card == "title" and _SEVERAL_NAMES.search(text):
        card = ""
    if card:
        scan.take(_ITSELF)
    row = None if card or _whether(text) else attribute_asked(text)
    count_units = scan.sees(cues.COUNT_UNITS) or bool(cues.COUNT_UNITS.search(text))
    sections = scan.sees(cues.SECTIONS)
    count = scan.sees(cues.COUNT_ITEMS) or count_units or sections
    items = scan.sees(cues.ITEM_NOUN)
    quantity = None if count_units or sections or items else QUANTITY.search(text)
    mentions = scan.sees(cues.MENTIONING) and items and not who
    return Asked(
        who=who,
        strong_who=bool(cues.STRONG_WHO.search(text)),
        list_units=bool(cues.LIST_UNITS.search(text)),
        count_units=count_units,
        count=count,
        items=items,
        sections=sections,
        listing=scan.sees(cues.LIST_ITEMS) or mentions,
        most=scan.sees(cues.MOST),
        apply=_applies(text),
        enterprise=bool(cues.ENTERPRISE.search(text)),
        applicable=bool(cues.APPLICABLE.search(text)),
        card=card,
        attribute=card or (row.name if row else ""),
        quantity=_measure(quantity, text) if quantity else "",
        nouns=row.nouns if row else None,
    )


_PERSONS = re.compile("人员?(?:最少|至少|最多|需要|要|得)*(?:有)?几个")


def _measure(found: re.Match[str], text: str) -> str:
    """The measure word that is asked for: of persons 人, also where people say 几个."""
    return "人" if found["measure"] == "个" and _PERSONS.search(text) else found["measure"]


_FIGURE_ASKED = re.compile("多少|几|什么|啥|哪|何|多[久长大]|怎|如何")
_WHETHER = cue("(?:能|可以|允许|可否|能否|能不能|可不可以|有没有可能)[^,]{0,24}[吗么?]*$")


def _whether(text: str) -> bool:
    """`存储期限能延长吗`: whether something may be, not how long it is."""
    asks = cues.YES_NO.search(text) or "能不能" in text or "可不可以" in text
    return bool(asks and _WHETHER.search(text)) and not _FIGURE_ASKED.search(text)


def _applies(text: str) -> bool:
    """Whether somebody tells of itself and asks what there is for it, or only what it wants."""
    if not cues.ASKER.search(_QUOTED.sub(" ", text)):
        return False
    wishes = cues.WISH.search(text) and not _FIGURE_ASKED.search(text)
    asks = cues.YES_NO.search(text) or "谁" in text or text.endswith("呢")
    return bool(cues.BENEFIT.search(text) or (wishes and not asks))


def _of_itself(scan: Scan, titles: str) -> str:
    """The line of a card that is asked of a document itself, and not of a matter in it.

    Names may have taken words of the question (哪些文件), not those of a matter.
    """
    for name, pattern in _OF_ITSELF:
        if pattern.search(scan.text):
            rest = pattern.sub(" ", _ITSELF.sub(" ", scan.rest))
            left = [w for w in telling_words(_PLACE.sub(" ", rest)) if w not in titles]
            if not Topic.of(" ".join(left)).tells:
                scan.take(pattern)
                return name
    return ""
