"""When a document takes effect and how long it holds, as its own sentences say.

`本办法自2019年1月1日起施行，有效期5年。` Only sentences about the document itself count (本办法,
本通知, 现予公布), not those about what it rules. Patterns are for text without blanks.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from ingest.card.compact import compact
from ingest.card.dates import DAY, LENGTH, add, last_day, read_day

BEFORE, AFTER = 100, 160  # characters of a statement around its anchor
APART = 40  # characters; a statement reaches further than that

_KIND = (
    "修正案|办法|规定|细则|条例|通知|意见|方案|预案|规则|规程|通告|公告|决定|决议|措施|政策|计划|规划|纲要|指引|指南|标准|法"
    "|制度|解释|章程|规范|准则|目录|令|批复|函|清单|举措|要点|若干|文件|导则|守则|须知|大纲|分类|流程|安排|协议"
)
_SELF = rf"本《?(?:(?!的)[\u4e00-\u9fff]){{0,8}}?(?:{_KIND})》?(?:\([^()]{{1,40}}\))?"
_ISSUE = r"(?:印发|发布|公布|颁布|下发|签发|签署|通过|批准|发文|出台|发出|公告|公开发布|公布施行)"
_WHEN = (
    rf"(?P<day>{DAY})|即日"
    rf"|(?:[\u4e00-\u9fff]{{2,8}}?(?=批准|公布|发布))?(?P<issue>{_ISSUE})(?:之日|当日|之时)?"
)
_LATER = rf"(?:(?:起)?满?(?P<later>{LENGTH})(?:之?后|以后|期?满(?:之日)?后?))?"
_ACTS = r"(?:施行|实施|执行|生效|试行|适用|起效|有效)"
_EFFECT = re.compile(
    rf"(?P<from>[自从于])(?:{_WHEN})(?:零时|\d{{1,2}}时)?(?:起)?{_LATER}(?:起)?(?:正式|开始|,)?{_ACTS}"
)
_SUBJECT = re.compile(
    rf"(?:{_SELF}(?:[^。;《]{{0,60}}[,])?"
    r"|(?:现(?:予以?|将[^。;]{0,80}?)?|予以?)(?:公布|发布|印发|公告)(?:给你们)?[^。;《]{0,24},)$"
)
_AT_ONCE = re.compile(rf"{_SELF}(?:从)?(?:印发|发布|公布)(?:之日)?(?:起)?{_ACTS}")
_ANCHOR = re.compile(
    r"[自从于]\s*(?:(?:[12１２]\s*){1}[\d０-９]|[一二]\s*[〇○零九]|即\s*日|"
    r"(?:印|发|公|颁|下|签|通|批|出)\s*\S)|[准布发]\s*之\s*日|有\s*效\s*期|试\s*行\s*期|执\s*行\s*期|至\s*[12]\d{3}"
)
_UNTIL = (
    re.compile(rf"有效期限?(?:截止?)?(?:至|到|为至)(?P<day>{DAY})"),
    re.compile(rf"有效期限?(?:为|是)?[自从]?(?P<first>{DAY})起?(?:至|到|-)(?P<day>{DAY})"),
    re.compile(
        rf"{_ACTS}(?:期限?)?(?:截止?)?(?:为|是)?(?:[自从]?(?P<first>{DAY})起?)?(?:至|到|-)(?P<day>{DAY})"
    ),
    re.compile(rf"(?P<first>{DAY})起?(?:至|到|-)(?P<day>{DAY})止?{_ACTS}"),
    re.compile(
        rf"(?:有效期|试行期|执行期|实施期|施行期)限?(?:为|是|暂定为?|:)?(?P<length>{LENGTH})"
    ),
    re.compile(rf"(?:暂定)?试行(?P<length>{LENGTH})"),
)
_DRAWN = r"(?:由[^。;《]{1,80}(?:起草|制定|制订|编制|负责解释|组织实施),)?"  # 本方案由区发改委起草，有效期至…
_OWN = re.compile(rf"{_SELF}(?:的)?[,]?{_DRAWN}(?:自{DAY}(?:起)?)?$")


@dataclass(frozen=True, slots=True)
class Validity:
    """What the sentences say: `effective` as a day, or `on` as what it counts from (印发, 发布, 通过)
    with what comes after it; `expires` as a day or `lasts` as a length (`5年`)."""

    effective: date | None = None
    on: str = ""
    later: str = ""
    expires: date | None = None
    lasts: str = ""

    def begins(self, issued: date | None, released: date | None) -> date | None:
        """The first day in force. `issued` is the day of issue (印发) of which sentences speak,
        `released` that of publication (发布, 公布)."""
        if self.effective or not self.on:
            return self.effective
        day = issued if self.on in ("印发", "下发", "签发", "发文") else released
        return add(day, self.later) if day and self.later else day

    def ends(self, begins: date | None) -> date | None:
        """The last day in force, for a first one."""
        if self.expires or not self.lasts or not begins:
            return self.expires
        return last_day(begins, self.lasts)


def read_validity(text: str) -> Validity:
    """The first statement of effect and the first of duration that are about the document."""
    effect = Validity()
    until = Validity()
    for words in _windows(text):
        if not (effect.effective or effect.on):
            effect = _effect(words) or effect
        if not (until.expires or until.lasts):
            until = _until(words) or until
        if (effect.effective or effect.on) and (until.expires or until.lasts):
            break
    first = effect.effective or (None if effect.on else until.effective)
    return Validity(first, effect.on, effect.later, until.expires, until.lasts)


def _windows(text: str) -> Iterator[str]:
    """The surroundings of what may be a statement, without blanks; those near each other once."""
    done = 0
    for found in _ANCHOR.finditer(text):
        if found.start() >= done:
            done = found.start() + APART
            yield compact(text, max(found.start() - BEFORE, 0), found.end() + AFTER).text


def _effect(words: str) -> Validity | None:
    once = _AT_ONCE.search(words)
    for found in _EFFECT.finditer(words):
        before = words[: found.start("from")]
        if not _SUBJECT.search(before):
            continue
        if found["day"]:
            day = read_day(found["day"])
            return Validity(effective=day) if day else None
        return Validity(on=found["issue"] or "印发", later=found["later"] or "")
    return Validity(on="印发") if once else None


def _until(words: str) -> Validity | None:
    """The end that is told of the document itself."""
    for pattern in _UNTIL:
        for found in pattern.finditer(words):
            if not _is_own(words, found.start()):
                continue
            values = found.groupdict()
            if values.get("length"):
                return Validity(lasts=values["length"])
            day = read_day(values["day"])
            if day:
                return Validity(effective=read_day(values.get("first") or ""), expires=day)
    return None


def _is_own(words: str, at: int) -> bool:
    """Whether what stands there is said of the document: 本办法 …, in this sentence or the last."""
    before = words[:at]
    sentences = before.split("。")
    near = "。".join(sentences[-2:]) if not sentences[-1] else sentences[-1]
    return bool(_OWN.search(before) or (_EFFECT.search(near) and re.search(_SELF, near)))
