"""A sentence of a chat model as a statement, where what it rests on bears it; else why not."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from domain import Clause
from index.tokens import normalise, pairs
from numerals import CHINESE_DIGITS, to_int
from qa.attributes import MEASURES
from qa.checking.verify import check, quote, supported
from qa.draft import Span, Statement
from qa.knowledge import Knowledge
from qa.model.material import Handle
from qa.text import sentences

OWN_SHARE = 0.5  # of a sentence's pairs of characters, that what it rests on must hold
SHORT_QUOTE = 40  # characters of a clause that is cited whole
_FIGURE = re.compile(rf"\d[\d,]*(?:\.\d+)?|[{CHINESE_DIGITS}十百千]+(?=[余多]?个?(?:{MEASURES}))")
_FORCE = tuple(  # what a sentence says, and what must be there for it
    (re.compile(said), re.compile(there))
    for said, there in (
        ("必须|应当|应该|务必|强制|有义务", "必须|应|须|务必|强制|义务"),  # 可以 is no 必须
        ("所有|全部|一律|任何|凡是|全体", "所有|全部|一律|任何|凡|各|全体|全面"),
        ("只能|只有|仅限|仅|唯一", "只|仅|唯一|限"),
        ("自动|当场|立即", "自动|当场|立即|即时|直接"),
        ("免费|无偿", "免费|无偿|免收|免予收费"),
        ("无条件|无需|不用", "无条件|无需|不用|免"),
        ("保证|一定能|肯定", "保证|肯定"),
        ("已经?(?:完成|建成|实现|启用|落地|发放)", "已"),  # 加快建设 is no 已建成
    )
)
_FIXED_END = "。：:；; "
_CITING = re.compile(
    r"[\[【［][^\]】］]*[\]】］]|[(（]\s*(?:[EF]\d+\s*[,，、;；]?\s*)+[)）]|\b[EF]\d+\b"
)
_QUOTES = str.maketrans(
    {"「": "“", "」": "”", "『": "“", "』": "”", "〝": "“", "〞": "”", "＂": '"'}
)
_PLAIN_QUOTES = re.compile(r'"([^"]*)"')
_FOREIGN = re.compile(r"[a-z][a-z0-9.:/@_+-]*[a-z0-9]|[a-z]")
_FRAME = re.compile(
    r"根据|按照|依据|文件|政策|规定|明确|要求|提出|写明|其中|包括|以及|主要|具体|分别|此外|同时|可以|需要|由|"
    r"负责|牵头|配合|责任|单位|部门|任务|措施|条款|该项|这项|一项|内容|方面|相关|有关|如下|的|是|为|和|与|及|在|对|将|等|了|第|项|条"
)


def founded(
    text: str, handles: Sequence[Handle], asked: str, knowledge: Knowledge
) -> Statement | None:
    """The statement that a sentence makes; None where its handles do not bear it.

    A fixed fact among them must stand in it as it is, and the rest of the sentence is borne by the
    spans. Beside what verification looks at, at least half of the rest must be in the words of what
    it rests on, it must be no more forceful, and its words in Latin letters must be there or asked.
    """
    told = _tidy(text)
    rest = told
    for handle in (handle for handle in handles if handle.fixed):
        words = _tidy(handle.statement.text).strip(_FIXED_END)
        if words not in rest:
            return None
        rest = rest.replace(words, "", 1)
    spans = tuple(dict.fromkeys(span for handle in handles for span in handle.statement.spans))
    statement = Statement(
        told,
        spans,
        tuple(count for handle in handles for count in handle.statement.counts),
        tuple(word for handle in handles for word in handle.statement.echoed),
    )
    own = "\n".join([*(handle.statement.text for handle in handles), *_quotes(spans, knowledge)])
    if not (
        _borne(rest, spans, knowledge) and _in_words_of(rest, own, asked) and _as_firm(rest, own)
    ):
        return None
    if not supported(statement, knowledge):
        return None
    return _narrowed(statement, knowledge) if not any(h.fixed for h in handles) else statement


def figures_of(text: str) -> set[str]:
    """The figures of a text, by their values where they have one."""
    found = _FIGURE.findall(unicodedata.normalize("NFKC", text))
    return {str(figure if (value := to_int(figure)) is None else value) for figure in found}


def _borne(text: str, spans: Sequence[Span], knowledge: Knowledge) -> bool:
    """The one call of verification for what a model wrote: no counts, no words of the question."""
    return not check(text, spans, knowledge)


def _tidy(text: str) -> str:
    """One line, without handles in it and with Chinese quotation marks, so that quotes are seen."""
    line = " ".join(unicodedata.normalize("NFC", text).split())
    return _PLAIN_QUOTES.sub(r"“\1”", _CITING.sub("", line).translate(_QUOTES)).strip()


def _quotes(spans: Sequence[Span], knowledge: Knowledge) -> list[str]:
    return [quote(span, knowledge) for span in spans]


def _in_words_of(text: str, own: str, asked: str) -> bool:
    known, plain = normalise(own), normalise(asked)
    if any(
        word not in known and not (word.isalnum() and word in plain)
        for word in _FOREIGN.findall(normalise(text))
    ):
        return False
    said = pairs(_FRAME.sub("，", text))
    return not said or sum(pair in known for pair in said) >= OWN_SHARE * len(said)


def _as_firm(text: str, own: str) -> bool:
    """Whether a sentence obliges, includes, promises no more than what it rests on."""
    return all(there.search(own) for said, there in _FORCE if said.search(text))


def _narrowed(statement: Statement, knowledge: Knowledge) -> Statement:
    """The same resting on single sentences of the clauses, where these bear it as well."""
    spans = list(statement.spans)
    for place, span in enumerate(spans):
        for smaller in _sentences(span, statement.text, knowledge.clauses[span.clause_id]):
            trial = [*spans[:place], smaller, *spans[place + 1 :]]
            if _borne(statement.text, trial, knowledge):
                spans = trial
                break
    return Statement(statement.text, tuple(dict.fromkeys(spans)))


def _sentences(span: Span, text: str, clause: Clause) -> list[Span]:
    """The sentences of a long span that share most with a text, the best first."""
    if span.end - span.start <= SHORT_QUOTE:
        return []
    words = clause.words(span.start, span.end)
    found = [Span(clause.id, start, end) for start, end in sentences(words, span.start)]
    wanted = set(pairs(text))
    held = {one: len(wanted & set(pairs(clause.words(one.start, one.end)))) for one in found}
    best = max(held.values(), default=0)
    return sorted((one for one in found if held[one] >= 0.8 * best), key=lambda one: -held[one])[:2]
