"""The questions in one message: where it asks again, and what is asked of two things at once."""

from __future__ import annotations

import re

from ingest.units import names_in
from qa.patterns import cue
from qa.text import plain

_PIECE = re.compile(r"[^?!。;,、\n]+[?!。;,、\n]*")
_OUTER = "?!。;,、 \n"
_INTERROGATIVE = re.compile(
    r"谁|哪|什么|啥|多少|几(?!个月|年来)|(?<!任)何|怎么|怎样|如何|是否|是不是|有没有|吗|呢|咋|多久|多大|多长|干嘛|干啥|[是为][?]$"
)
_HOW_MANY = cue(  # 哪个板块最多,几项: how many is of the question before it
    "(?:一共|总共|共|各|各自|分别|都)?(?:有|是)?(?:多少|几)(?:@each|[个家])?[呢啊]?",
    "(?:哪一?[个份边家省市区]|谁)的?(?:更|要|比较)?[高低多少大小快慢长短](?:一?[些点])?",  # 谁高
)
_OF_IT = cue("[它其]|他们|(?:这|该)个?(?:单位|部门|局|委)")  # 区商务委呢,它参与吗
_CARD_NOUN = (
    "(?:发文字号|文号|标题|(?:印发|发布|成文|落款|施行|实施|生效)(?:日期|时间)"
    "|(?:印发|发布|发文)(?:单位|机关|部门)|有效期限?)"
)
_SEVERAL_LINES = cue(  # 文号、印发日期各是什么, 文号和落款日期?
    f"(?P<first>{_CARD_NOUN})(?:、|和|与|及|以及)(?P<second>{_CARD_NOUN})"
    "(?:(?:各|分别|都)*(?:是|为)?(?:什么|多少|啥|哪些?)|[^,?]{0,2}(?=[?]?$))"
)
_ALIKE = "(?:一样|相同|同一[个家](?:单位|部门)?|不同|不一样|区别)"
_TWO_MATTERS = cue(  # AEO认证和离岸经贸两项,牵头单位一样吗: who, of the one and of the other
    "^(?P<a>[^,]{2,18}?)(?:和|跟|与)(?P<b>[^,和跟与]{2,20}?)(?:这?两项|那项|这项)?,?(?:都[^,]{2,12},)?的?"
    f"(?P<role>牵头|配合)(?:单位|部门)?(?:是不是|是否|是|有)?(?:什么|啥)?{_ALIKE}[吗呢么嘛]?",
    "^(?P<a2>[^,]{2,18}?)(?:和|跟|与)(?P<b2>[^,和跟与]{2,20}?)(?:这?两项|那项|这项)?,?"
    "(?:是不是|是否|是)?(?:由|归)?同一[个家](?:单位|部门)(?P<role2>牵头|配合)的?[吗呢么嘛]?",
)
_OF_TWO = cue(  # 个人和小微企业的期限各是多少
    "^(?P<a>[^,?]{2,24}?)(?:和|与|跟)(?P<b>[^,?和与跟]{2,24}?),?(?P<of>的?[^,?的]{0,14}?)(?:各自?|分别)"
    "(?P<ask>(?:是|为|归|由|要|有)?(?:多少|几|谁|什么|多久|多长|哪)[^,?]{0,10})[?]?$"
)
_COMPARES = re.compile(r"任务|文件|方案|办法|安排|通知|意见|规定|政策|条例|第|20\d\d")
_REMARK = re.compile(r"[(（](?:含|包括|即|也就是|不含|不算|仅|例如|比如)[^()（）]*[)）]")


def split_parts(question: str) -> list[str]:
    """The questions in one message: pieces that each ask, with the pieces before them that do not.

    `低空经济谁牵头,补贴多少?` is two; `我们做芯片,有哪些政策?` is one.
    """
    parts: list[str] = []
    pending, before = "", "?"
    question = _REMARK.sub("", plain(question))
    question = _SEVERAL_LINES.sub(r"\g<first>是什么?\g<second>是什么", question)
    question = _TWO_MATTERS.sub(_of_each, question)
    question = _OF_TWO.sub(_asked_of_two, question)
    for piece in _PIECE.findall(question):
        pending += piece
        whole_sentence = piece.endswith("?") and before[-1] in "?!。;"
        of_it = parts and parts[-1].rstrip(_OUTER).endswith("呢") and _OF_IT.match(pending)
        if of_it or (parts and _HOW_MANY.fullmatch(pending.strip(_OUTER))):
            parts[-1] += pending
            pending = ""
        elif _INTERROGATIVE.search(piece) or whole_sentence:
            parts.append(pending)
            pending = ""
        before = piece
    if pending.strip(_OUTER):
        parts = [*parts[:-1], parts[-1] + pending] if parts else [pending]
    return [part.strip(_OUTER) for part in parts if part.strip(_OUTER)] or [question]


def _asked_of_two(found: re.Match[str]) -> str:
    """The same asked of two matters, as two questions; of units, roles and documents it is one."""
    one, other, of, ask = (found[name] for name in ("a", "b", "of", "ask"))
    if _COMPARES.search(found[0]) or any(any(names_in(matter)) for matter in (one, other)):
        return found[0]
    return f"{one}{of}{ask}?{other}{of}{ask}?"


def _of_each(found: re.Match[str]) -> str:
    """A question on who has a role in two matters as one on each; of two units it is none."""
    one, other, role = (found[name] or found[f"{name}2"] for name in ("a", "b", "role"))
    units = any(any(names_in(matter)) for matter in (one, other))
    return found[0] if units else f"{one}的{role}单位是谁?{other}的{role}单位是谁?"
