"""What a question names: policies, units with their roles, item numbers, sections, conditions.

Each function takes what it recognises out of the `Scan`, so that what remains is the matter.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from domain import Policy, Role
from index.tokens import normalise, words
from ingest.units import names_in
from qa.home import named_from
from qa.knowledge import Knowledge
from qa.reading import UnitAsk
from qa.text import longest_run, plain
from qa.topic import content_words, core_phrase
from qa.understanding import cues
from qa.understanding.called import called, first_of
from qa.understanding.headings import LEAST_RUN
from qa.understanding.scan import Scan

_TITLE = re.compile(r"《([^《》]{2,300})》")
_DOC_NO = re.compile(
    r"[\u4e00-\u9fa5]{2,6}[〔\[(]20\d\d[〕\])]第?(\d{1,4})号(?:文件|文)?|第?(\d{1,4})号(?:文件|文)"
)
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:年度?)?(?:的)?|(?<![\d第])(\d\d)年(?=的|那|版|方案|安排|文件|政策)(?:的)?"
)
_DOC_NOUN = re.compile(
    r"(?:的|这个|那个|那份|这份|那|这|里的?|版的?)*(?:实施方案|工作方案|方案|重点工作安排|工作安排|工作要点|要点|若干措施|若干意见|政府工作报告|工作报告|(?<=[\u4e00-\u9fff]{2})法(?![规律人院治制庭官则令学案])|批复|会议纪要|纪要|应急预案|预案|申报指南|指南|条例|实施细则|细则|公告|安排|行动计划|计划|规划|意见|办法|通知|文件(?!号)|政策|新闻稿?|那个(?!板块|部分|方面|章|单位|部门|任务|项目|平台|中心)|那份|那篇|(?=文号|文件号|发文))(?:里面?|中|当中|上)?(?:的)?"
)
_WHICH = re.compile("哪(?:些|个|几个|家|几家)$")
LONGEST_FORM = 30  # characters of a unit's name
LONGEST_NAME = 24  # characters of what a document is called, before its noun
LONGEST_LEAD = 12  # characters of a unit's name before a part of it that reads as another name
_ALSO_VERBS = ("安排", "规划", "计划", "公告", "批复", "通知")
_ENDS_NAME = re.compile(
    "$|[,、?!。里中上的和与及跟同比对是有讲说写谁哪怎如要共一分]|什么|多少项"
)  # 规划面积 is no name
_HOW = re.compile("(?:怎么|如何|怎样|咋)$")
_GENERIC_NOUNS = ("文件", "政策", "通知", "那个", "那份", "那篇", "计划")


_EACH = re.compile("各自|各是|各有|分别|都|两份|两个文件")


def take_policies(scan: Scan, knowledge: Knowledge) -> tuple[str, ...] | None:
    """The policies that a question names: by title, number, year or a word of the title; else None."""
    policies = list(knowledge.policies.values())
    named = [*_by_title(scan, policies), *_by_doc_no(scan, policies)]
    for ids in dict.fromkeys((named_from(scan.text, knowledge), frozenset(knowledge.policies))):
        among = [policy for policy in policies if policy.id in ids]
        words_of = knowledge.words_at_home if ids == knowledge.home else knowledge.own_words
        own = {policy_id: words_of[policy_id] for policy_id in words_of if policy_id in ids}
        away = bool(knowledge.home) and ids != knowledge.home
        nouns = _by_noun(scan, among, own, knowledge.unit_forms, whole=away)
        loose = [*nouns, *_by_year(scan, among)]
        named += loose
        if loose:
            break
    if not named:
        return None
    agreeing = set.intersection(*named)
    if not agreeing and _EACH.search(scan.text):  # 〔2024〕13号和〔2021〕7号各自的有效期
        agreeing = set.union(*named)
    return tuple(p.id for p in policies if p.id in (agreeing or named[0]))


def _by_title(scan: Scan, policies: Iterable[Policy]) -> Iterator[set[str]]:
    for found in scan.take(_TITLE):
        exact = {p.id for p in policies if plain(p.title) == found[1].strip()}
        if exact:
            yield exact
            continue
        asked = set(found[1])
        scores = {p.id: len(asked & set(plain(p.title))) / len(asked) for p in policies}
        best = max(scores.values(), default=0)
        if best >= 0.6:
            yield {policy_id for policy_id, score in scores.items() if score == best}


def _by_doc_no(scan: Scan, policies: Iterable[Policy]) -> Iterator[set[str]]:
    for found in scan.take(_DOC_NO):
        alike = {
            p.id for p in policies if p.doc_no and p.doc_no.endswith(f"{found[1] or found[2]}号")
        }
        if alike:
            yield alike


def _by_year(scan: Scan, policies: Iterable[Policy]) -> Iterator[set[str]]:
    policies = list(policies)
    for found in list(_YEAR.finditer(scan.text)):
        if not scan.free(found.start(), found.end()):
            continue
        year = int(found[1] or f"20{found[2]}")
        alike = {p.id for p in policies if p.year == year}
        if alike and not _is_target(scan.text, found, year, alike, policies):
            start = _name_before(scan.text[: found.start()], policies, alike)
            scan.blot(start, found.end())
            yield alike


def _is_target(
    text: str, found: re.Match[str], year: int, alike: set[str], policies: list[Policy]
) -> bool:
    """A year to reach (到2025年, 2025年底前), or one of which other documents speak, names none."""
    aims = text[: found.start()].endswith(("到", "至", "截至")) or _AIM.match(text, found.end())
    return bool(aims) or any(str(year) in p.text for p in policies if p.id not in alike)


_AIM = re.compile(r"底|末|年底|前|以前|之前|\d{1,2}月")


def _name_before(before: str, policies: list[Policy], alike: set[str]) -> int:
    """Where the name begins that stands right before a year: `虹桥2021`, `自贸区2024年`."""
    titles = [plain(policy.title) for policy in policies if policy.id in alike]
    for length in range(min(8, len(before)), 1, -1):
        name = before[-length:]
        if any(_in_title(name, title) for title in titles):
            return len(before) - length
    return len(before)


def _by_noun(
    scan: Scan,
    policies: Sequence[Policy],
    own: Mapping[str, set[str]],
    unit_forms: Mapping[str, tuple[str, ...]],
    *,
    whole: bool,
) -> Iterator[set[str]]:
    """`自贸区方案`, `虹桥那个文件`: words of one title alone, close before a noun for documents.

    `whole` wants all words between them in the title: among many documents from elsewhere, a word
    of some title stands before any noun.
    """
    for found in list(_DOC_NOUN.finditer(scan.text)):
        free = scan.free(found.start(), found.end()) and not _quoted(scan.text, found.start())
        if not free or covering_form(scan.text, found.start(), found.end(), unit_forms):
            continue  # 规划 in 区规划资源局 names no document
        before = re.split(
            r"[,;?!。\0《》“”]", scan.text[max(0, found.start() - LONGEST_NAME) : found.start()]
        )[-1]
        start, alike = _named_before(before, found.start(), own)
        noun = re.sub(
            r"^(?:的|这个|那个|那份|这份|那|这|里的?|版的?)+|(?:里面?|中|当中|上)?(?:的)?$",
            "",
            found[0],
        )
        first = found.start() - len(before)
        named = bool(noun) and noun not in _GENERIC_NOUNS
        if whole and len(alike) == 1:
            title = plain(next(p.title for p in policies if p.id in alike))
            between = scan.text[start : found.start()]
            if not all(_in_title(word, title) for word in words(between)):
                alike = set()
        if len(alike) == 1:  # 国务院关于 before the word of its own belongs to the name as well
            title = plain(next(p.title for p in policies if p.id in alike))
            start = min(start, first + first_of(before, title))
        elif named:
            length, alike = called(before, noun, policies)
            start = first + length
        done = noun in _ALSO_VERBS and not _ENDS_NAME.match(scan.text, found.end())
        if noun in _ALSO_VERBS and (_HOW.search(before) or scan.text.startswith("了", found.end())):
            continue  # 政策宣传怎么安排的, 这个板块安排了几项
        if not alike and named and noun != "法" and not done:
            holders = {p.id for p in policies if noun in p.title and not _of_another(before, p)}
            alike = holders if len(holders) < len(policies) else set()
            start = found.start()
        if alike:
            scan.blot(start, found.end())
            yield alike


def _of_another(before: str, policy: Policy) -> bool:
    """Whether the word right before a noun says that it is another document: 无废城市 before 方案."""
    cut = words(before)
    last = cut[-1] if cut else ""
    return bool(content_words(last)) and not _in_title(last, plain(policy.title))


def _quoted(text: str, at: int) -> bool:
    """Whether a place stands between quotes."""
    return text.count("“", 0, at) > text.count("”", 0, at)


def _named_before(before: str, end: int, own: Mapping[str, set[str]]) -> tuple[int, set[str]]:
    """The policies whose own title words stand in `before`, and where the first word begins."""
    marks = [
        (before.rfind(word), policy_id)
        for policy_id, title_words in own.items()
        for word in title_words
        if word in before
    ]
    if not marks:
        return end, set()
    ids = {policy_id for _, policy_id in marks}
    start = min(place for place, _ in marks)
    return end - len(before) + start, ids if len(ids) == 1 else set()


def by_own_word(topic: str, knowledge: Knowledge) -> tuple[str, ...] | None:
    """The one policy that all the words left over from a question call by words of its title."""
    return _own_word(topic, knowledge.words_at_home, knowledge) or _own_word(
        topic, knowledge.own_words, knowledge
    )


def _own_word(
    topic: str, own: Mapping[str, set[str]], knowledge: Knowledge
) -> tuple[str, ...] | None:
    left = content_words(topic)
    ids = [
        policy_id
        for policy_id, mine in own.items()
        if any(len(word) > 1 for word in left)
        and any(any(word in mine_word or mine_word in word for mine_word in mine) for word in left)
        and all(_in_title(word, plain(knowledge.policies[policy_id].title)) for word in left)
    ]
    return tuple(ids) if len(ids) == 1 else None


def _in_title(word: str, title: str) -> bool:
    """A short form counts: 自贸区 for 自贸试验区."""
    return word in title or (len(word) > 2 and word[:2] in title and word[-1] in title)


def take_units(
    scan: Scan, knowledge: Knowledge, policies: Collection[str] = ()
) -> tuple[list[tuple[int, UnitAsk]], tuple[str, ...]]:
    """Units of the ledger with their places in the question, and departments it does not hold.

    A short form (卫健委) means that of the documents named, else of those at home.
    """
    found: list[tuple[int, UnitAsk]] = []
    unknown: list[str] = []
    forms = knowledge.forms_in(policies or knowledge.home)
    in_prose = policies and not knowledge.stating & set(policies)
    known = knowledge.ground_of(policies) if in_prose else ""
    for start, end, name in list(names_in(scan.text)):
        if name in knowledge.printed:
            continue
        printed = scan.text[start:end]
        if not scan.free(start, end) or covering_form(scan.text, start, end, forms):
            continue
        if printed in known:
            continue  # of prose that prints no roles: a word of the matter like others
        scan.blot(start, end)
        unknown.append(printed)
    for start, _, form in list(scan.find_longest(forms)):
        if _WHICH.search(scan.text[:start]):
            continue  # 由哪些海关牵头 asks for units, and names none
        found.append((start, UnitAsk(form, forms[form])))
        prefix = next((p for p in knowledge.regions if scan.text[:start].endswith(p)), "")
        scan.blot(start - len(prefix), start)
    return found, tuple(dict.fromkeys(unknown))


def covering_form(text: str, start: int, end: int, forms: Mapping[str, tuple[str, ...]]) -> str:
    """The form of a unit that holds a span of a text: 市自然资源局榕城分局 around 市自然资源局."""
    for first in range(max(0, start - LONGEST_LEAD), start + 1):
        for last in range(min(len(text), first + LONGEST_FORM), end - 1, -1):
            if text[first:last] in forms:
                return text[first:last]
    return ""


def take_mentioned(scan: Scan, knowledge: Knowledge) -> tuple[str, ...]:
    """`提到长三角的任务`, `写了要配合市级部门`: words to look for in the text, where they stand so.

    Several are such of which one is enough: `写到外籍人士或外籍人员`.
    """
    for found in cues.QUOTED.finditer(scan.text):
        if normalise(found["words"]) in knowledge.normal_text:
            scan.blot(found.start("words"), found.end("words"))
            return (found["words"],)
    for found in cues.MENTIONED.finditer(scan.text):
        words = found["words"].strip("“”\"'")
        for phrases in ((words,), (core_phrase(words),), _alternatives(words)):
            said = [phrase for phrase in phrases if normalise(phrase) in knowledge.normal_text]
            if said and all(len(phrase) > 1 for phrase in said):
                for phrase in said:
                    at = scan.text.find(phrase, found.start())
                    if at >= 0:
                        scan.blot(at, at + len(phrase))
                return tuple(said)
    return ()


_OR = re.compile("或者?|、|以及|及|和|与")


def _alternatives(words: str) -> tuple[str, ...]:
    """`外籍人士或外籍人员`: each of them."""
    return tuple(core_phrase(piece) for piece in _OR.split(words))


@dataclass(frozen=True, slots=True)
class SaidRole:
    """A role in a question: its place, None for any role, whether said as a noun (牵头单位)."""

    place: int
    role: Role | None
    noun: bool


def take_roles(scan: Scan) -> list[SaidRole]:
    """The roles of a question in their order."""
    roles = []
    for found in scan.take(cues.ROLE):
        role = next(role for words, role in cues.ROLE_WORDS if re.fullmatch(words, found["word"]))
        roles.append(SaidRole(found.start(), role, bool(found["noun"])))
    return roles


def bind_roles(units: list[tuple[int, UnitAsk]], roles: list[SaidRole]) -> tuple[UnitAsk, ...]:
    """Each unit with the role that the wording ties to it.

    `A、B牵头,C配合` binds backwards; `牵头单位是A、配合单位是B` binds forwards. One unit with several
    roles (`区科委牵头几项、配合几项`) is bound to none: every role is asked of it.
    """
    if len(units) == 1 and len({said.role for said in roles if said.role}) != 1:
        return tuple(unit for _, unit in units)
    forwards = bool(units and roles) and roles[0].noun and roles[0].place < units[0][0]
    bound = []
    for place, unit in units:
        before = [said.role for said in roles if said.place < place]
        after = [said.role for said in roles if said.place > place]
        role = (before[-1:] or after[:1]) if forwards else (after[:1] or before[-1:])
        bound.append(replace(unit, role=role[0] if role else None))
    return tuple(bound)


def find_section(scan: Scan, knowledge: Knowledge, policies: Iterable[str]) -> tuple[str, ...]:
    """The clause ids of the headings that a question means by a good part of their words; they leave.

    A heading is meant when at least four characters of it, and no other heading's longer run, stand
    in the question.
    """
    question = scan.rest
    titles = knowledge.headings.sharing(question, set(policies))
    runs = {clause_id: longest_run(title, question) for clause_id, title in titles.items()}
    best = max(map(len, runs.values()), default=0)
    if best < LEAST_RUN:
        return ()
    chosen = tuple(clause_id for clause_id, run in runs.items() if len(run) == best)
    for run in {runs[clause_id] for clause_id in chosen}:
        scan.take(re.escape(run))
    return chosen


def whole_section(
    question: str, knowledge: Knowledge, policies: Iterable[str]
) -> tuple[tuple[str, ...], str]:
    """The headings that stand whole in a question, and the question without them."""
    titles = knowledge.headings.sharing(question, set(policies))
    there = {i: t for i, t in titles.items() if t in question}
    longest = max(there.values(), key=len, default="")
    if not longest:
        return (), question
    chosen = tuple(clause_id for clause_id, title in there.items() if title == longest)
    return chosen, question.replace(longest, " ")
