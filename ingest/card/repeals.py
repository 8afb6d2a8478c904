"""What a document puts out of force, replaces or amends, as its own sentences say.

`《甲办法》（沪府发〔2010〕5号）和《乙规定》同时废止`, `决定废止《甲办法》`, `原沪府发〔2010〕5号文停止执行`.
Patterns are for text without blanks; book marks nest.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from domain import Repeal
from ingest.card.compact import Compact, compact, printed
from ingest.card.dates import DAY
from ingest.card.doc_numbers import doc_numbers
from ingest.card.lines import Lines
from ingest.card.repeal_lists import read_lists

Kind = Literal["repeals", "replaces", "amends"]
BACK = 3000  # characters that a sentence of many titles may reach back
HEAD = 300  # characters that hold a title
AHEAD = 20000  # characters of a list that follows

_THIS = r"本[\u4e00-\u9fff]{1,8}"
_ENDED = (
    r"废止|(?:停止|终止|不再)(?:执行|施行|实施|使用|适用|生效)|失效|作废"
    rf"|[被由]?{_THIS}(?:取代|代替|替代)"
)
_HINT = re.compile(
    r"废\s*止|[停终]\s*止\s*[执施实使]|不\s*再\s*[执施实适]|失\s*效|作\s*废|取\s*代|代\s*替|为\s*准|修\s*改"
)
_FILL = (
    r"(?:等?(?:上述|以上)?[\d一二三四五六七八九十两]*[件个部项]?(?:行政|规范性|地方性|政策性?)?(?:文件|规定|办法|规章|法规|政策)?)?"
    rf"[,]?(?:(?:[自从]|于|在)(?:{DAY}|本[\u4e00-\u9fff]{{1,8}}(?:施行|实施|印发|发布|公布|生效)?(?:之日)?|即日|同日)起?)?"
    r"(?:有效期)?(?:已?届?满)?[,]?"
    r"(?:也|均|都|一并|同时|即行|即|随之|相应|自行|自动|现|予以|宣布|正式|全部|全文|一律|应当|已经?|已)*"
)
_AFTER = re.compile(rf"{_FILL}(?:{_ENDED})(?![的者前后]|或者?)")
_AFTER_NUMBER = re.compile(rf"\)?文?件?{_AFTER.pattern}")
_PART = re.compile(
    r"[中的]?第[\d一二三四五六七八九十百、至和第条款项()]+[条款项](?:的?规定)?"
    r"|[中的](?:有关|关于|相关|相应)[^。;,《》]{0,30}?(?:规定|内容|条款)"
)
_OVERRULED = re.compile(
    r"[^《》。]{0,40}(?:不一致|不符|抵触|不相符)[^《》。;]{0,12}以本[\u4e00-\u9fff]{1,8}为准"
)
_BEFORE = re.compile(r"(?:废止|取代|代替|替代)(?:了|原|下列|以下)?$")
_LISTS = re.compile(
    r"(?:(?:下列|以下)[^。《]{0,30}(?:予以)?(?:废止|失效|停止执行)|废止(?:的|下列|以下)[^。《]{0,30}):"
)
_AMENDS = re.compile(r"(?:作如下修改|作出如下修改|作了?修改)")
_JOINT = re.compile(r"^(?:[、,;和及与或]|以及)[^《》。;]{0,160}$")  # 和2007年6月11日发布的
_TITLE = re.compile(r"^[^。]*?关于修改《(?=[^》]*》的?(?:决定|通知)(?!.{0,4}修[正订]))")
_AMENDMENT = re.compile(r"^(?:的|等)?(?:第.{1,3}次)?(?:修正|修订|修改|批准|通过)")
_BRACKET = re.compile(r"\([^()《》]{0,200}(?:\([^()]{0,80}\)[^()《》]{0,200}){0,4}\)")
_CITES = re.compile(r"(?:根据|依据|按照|依照|遵照|按|适用|参照|结合|贯彻落实?)[^《》。;,]{0,30}$")


@dataclass(frozen=True, slots=True)
class _Item:
    """A title in book marks at `[start, end)` with the number in brackets behind it."""

    start: int
    end: int
    title: tuple[int, int] | None
    number: tuple[int, int] | None


def read_repeals(lines: Lines) -> tuple[Repeal, ...]:
    """Every document named as put out of force or amended, in order, each once."""
    text = lines.source
    found = {one.start: one for one in _amended_by_title(text)}
    done = -1
    for hint in _HINT.finditer(text):
        if hint.start() < done:
            continue
        start, done = _sentence_start(text, hint.start()), _sentence_end(text, hint.end())
        window = compact(text, start, done)
        listed = _LISTS.search(compact(text, start, hint.end() + 60).text)
        for item, kind in _named(window.text):
            one = _repeal(text, window, item, kind)
            found.setdefault(one.start, one)
        for one in _listed(text, hint.end()) if listed else ():
            found.setdefault(one.start, one)
            done = max(done, one.end)
    for one in read_lists(lines):
        found.setdefault(one.start, one)
    first = {
        (one.title, one.doc_no, one.kind): one for _, one in sorted(found.items(), reverse=True)
    }
    return tuple(sorted(first.values(), key=lambda one: one.start))


def _amended_by_title(text: str) -> Iterator[Repeal]:
    """关于修改《甲条例》的决定, in the title of the document itself."""
    head = compact(text, 0, HEAD)
    found = _TITLE.search(head.text)
    for item in _items(head.text):
        if found and item.start == found.end() - 1:
            yield _repeal(text, head, item, "amends")


def _sentence_start(text: str, at: int) -> int:
    return max(text.rfind("。", 0, at) + 1, at - BACK)


def _sentence_end(text: str, at: int) -> int:
    stop = text.find("。", at)
    return min(stop if stop >= 0 else len(text), at + BACK)


def _named(words: str) -> Iterator[tuple[_Item, Kind]]:
    items = list(_items(words))
    for number, item in enumerate(items):
        after = _AFTER.match(words, item.end)
        part = _PART.match(words, item.end)
        if after:
            kind: Kind = "replaces" if re.search("[取替]代|代替", after[0]) else "repeals"
            yield from ((one, kind) for one in _list_up_to(words, items, number))
        elif part and _AFTER.match(words, part.end()):
            yield item, "amends"
        elif _OVERRULED.match(words, item.end) or _AMENDS.match(words, item.end):
            yield from ((one, "amends") for one in _list_up_to(words, items, number))
        before = _BEFORE.search(words[max(item.start - 8, 0) : item.start])
        if before:
            kind = "repeals" if "废止" in before[0] else "replaces"
            yield from ((one, kind) for one in _list_from(words, items, number))
    yield from ((item, "repeals") for item in _bare_numbers(words, items))


def _list_up_to(words: str, items: Sequence[_Item], last: int) -> Iterator[_Item]:
    """The items of the list that ends with one: those before it, as far as 、 and 和 reach."""
    taken = [items[last]]
    for number in range(last, 0, -1):
        before = items[number - 1]
        gap = words[before.end : items[number].start]
        if _AMENDMENT.match(gap):  # 《…的决定》修正的《…》: the first is not put out of force
            continue
        if not _JOINT.match(gap):
            break
        taken.append(before)
    for item in taken:
        if not _CITES.search(words[max(item.start - 40, 0) : item.start]):
            yield item


def _list_from(words: str, items: Sequence[_Item], first: int) -> Iterator[_Item]:
    yield items[first]
    for before, item in pairwise(items[first:]):
        gap = words[before.end : item.start]
        if not re.fullmatch(r"[、,;]|和|及|与|以及|[、,;]?[\d一二三四五六七八九十]+[、.]", gap):
            return
        yield item


def _listed(text: str, start: int) -> tuple[Repeal, ...]:
    """The documents that a colon introduces, each with no more than its number before it."""
    size = 1000
    while True:
        window = compact(text, start, start + size)
        items, end = [], window.text.find(":") + 1
        for item in _items(window.text):
            gap = window.text[end : item.start]
            if len(gap) > 60 or re.search("[。:]", gap[1:]):
                break
            items.append(item)
            end = item.end
        if end < len(window.text) - 200 or start + size >= len(text) or size >= AHEAD:
            return tuple(_repeal(text, window, item, "repeals") for item in items)
        size *= 4


def _items(words: str) -> Iterator[_Item]:
    """The titles in book marks, outermost ones, each with its brackets."""
    depth = start = 0
    for found in re.finditer("[《》〈〉<>]", words):
        opens = found[0] in "《〈<"
        if opens:
            start = found.start() if not depth else start
            depth += 1
        elif depth:
            depth -= 1
            if not depth and words[start] == "《":
                yield _with_number(words, start, found.end())


def _with_number(words: str, start: int, end: int) -> _Item:
    title = start + 1, end - 1
    bracket = _BRACKET.match(words, end)
    if not bracket:
        return _Item(start, end, title, None)
    spans = doc_numbers(bracket[0])
    span = next(((end + first, end + last) for first, last in spans), None)
    return _Item(start, bracket.end(), title, span)


def _bare_numbers(words: str, items: Sequence[_Item]) -> Iterator[_Item]:
    """原沪府发〔2010〕5号文停止执行: a number without a title."""
    for start, end in doc_numbers(words):
        inside = any(item.start <= start < item.end for item in items)
        if not inside and _AFTER_NUMBER.match(words, end):
            yield _Item(start, end, None, (start, end))


def _repeal(text: str, window: Compact, item: _Item, kind: Kind) -> Repeal:
    def words(span: tuple[int, int] | None) -> str | None:
        if not span:
            return None
        start, end = window.span(*span)
        return printed(text[start:end])

    start, end = window.span(item.start, item.end)
    return Repeal(kind, words(item.title), words(item.number), start, end)
