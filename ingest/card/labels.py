"""The table that web pages print over a document: 发文机关, 成文日期, 文号, 失效日期 …

A label and its value stand on one line with a colon, in two cells, or on two lines.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from ingest.card.compact import printed, squeeze
from ingest.card.dates import DAY, without_time
from ingest.card.doc_numbers import doc_numbers
from ingest.card.lines import Line

KEYS = {
    "title": "标题|名称|文件名称|文件标题",
    "doc_no": "发文字号|文号|文件编号|发文文号|文件号|发文号",
    "issuer": "发文机关|发布机构|发布机关|发文单位|制发机关|发布单位|印发机关|制定机关|发文机构|颁布单位",
    "written": "成文日期|签发日期|发文日期|生成日期|成文时间|发文时间",
    "published": "发布日期|公布日期|公开日期|发布时间|发表时间|公开时间|颁布日期|印发日期|发表日期|时间|日期",
    "effective": "实施日期|生效日期|施行日期|执行日期|生效时间|实施时间|施行时间",
    "expires": "失效日期|废止日期|失效时间|废止时间|有效期至|有效期限至",
    "validity": "有效性|时效性|文件状态|是否有效|效力状态|有效状态|文件时效|公文时效|版本|状态",
}
_OTHERS = (  # labels of no use here, which are no part of the document either
    "来源|信息来源|文章来源|稿件来源|作者|编辑|责任编辑|浏览次数|访问次数|浏览量|阅读量|阅读次数|阅读|点击数|点击量|访问量|分享|分享到"
    "|字号|字体|字体大小|浏览字号|索引号|分类|主题分类|主题词|体裁分类|统一编号|公开方式|公开类别|公开属性|关键词|打印"
    "|组配分类|信息分类|更新时间|下载|搜索热词|当前位置|内容概述|语种|有效期|主题|类别|公开范围|信息类别"
)
_KEY_OF = {label: key for key, labels in KEYS.items() for label in labels.split("|")}
_LABEL = re.compile(
    r"(?<![\u4e00-\u9fff])[\[【(]?("
    + "|".join(
        r"\s*".join(label)
        for label in sorted([*_KEY_OF, *_OTHERS.split("|")], key=len, reverse=True)
    )
    + r")[\]】)]?\s*[:：]"
)
_CELLS = re.compile(r"\s*[\t|]\s*")
_DATE_KEYS = ("written", "published", "effective", "expires")
_DAY = re.compile(DAY)
VALIDITY = re.compile(
    r"(?:现行)?有效|尚未生效|未生效|已?失效|全文失效|已?废止|全文废止|部分(?:失效|有效|废止)|已?被?修[改订正]"
    r"|继续有效|正常"
)


def read_labels(lines: Sequence[Line]) -> tuple[dict[str, str], set[int]]:
    """The values printed by key, the first of each, and the numbers of the lines they stand on.

    A value must look like its key: a date for dates, a number for `doc_no`.
    """
    values: dict[str, str] = {}
    used: set[int] = set()
    for number, line in enumerate(lines):
        pairs = list(_pairs(line.text))
        if not pairs:
            continue
        used.add(number)
        label, value = pairs[-1]
        below = lines[number + 1].text if number + 1 < len(lines) else ""
        key = _KEY_OF.get(label, "")
        if not value and not is_label(below) and _fits(key, below):
            pairs[-1] = label, below
            used.add(number + 1)
        for label, value in pairs:
            key = _KEY_OF.get(label, "")
            if _fits(key, value):
                values.setdefault(key, printed(value))
    return values, used


def is_label(words: str) -> bool:
    """Whether a line begins with one of the labels and a colon."""
    return bool(_LABEL.match(words.strip()))


def _pairs(words: str) -> Iterator[tuple[str, str]]:
    """Each label of a line, without blanks, with what stands between it and the next."""
    found = list(_LABEL.finditer(words))
    if found and not words[: found[0].start()].strip():
        ends = [label.start() for label in found[1:]] + [len(words)]
        for label, end in zip(found, ends, strict=True):
            yield squeeze(label[1]), words[label.end() : end].strip(" \t|\u3000")
        return
    beside = words.split(maxsplit=1)
    if len(beside) == 2 and squeeze(beside[0]) in _KEY_OF:
        yield squeeze(beside[0]), beside[1].strip()
        return
    cells = [cell.strip() for cell in _CELLS.split(words)]
    for name, value in pairwise(cells):
        if squeeze(name).strip(":") in _KEY_OF:
            yield squeeze(name).strip(":"), value


def _fits(key: str, value: str) -> bool:
    plain = without_time(value)
    if key in _DATE_KEYS:
        return bool(_DAY.search(plain)) and len(plain) <= 24
    if key == "doc_no":
        return any(True for _ in doc_numbers(plain)) and len(plain) <= 80
    if key == "validity":
        return bool(VALIDITY.fullmatch(plain))
    return bool(key) and 2 <= len(plain) <= 200
