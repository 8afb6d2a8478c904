"""Questions that put documents, years or versions side by side: read here, composed in `compare.py`."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterator
from dataclasses import replace

from qa.knowledge import Knowledge
from qa.patterns import cue
from qa.reading import Aspect, Comparison, Kind, Reading, Shown
from qa.text import longest_run, plain
from qa.topic import Topic
from qa.understanding.leaning import LEANING, PRONOUN
from qa.understanding.mentions import bind_roles, by_own_word, take_policies, take_roles, take_units
from qa.understanding.scan import TAKEN, Scan

LEAST_TITLE = 4  # characters of a title that tell which of a year's documents is meant
_DOC = "(?:文件|政策|方案|通知|办法|意见|安排|规定|报告|规划|计划|要点|条例|文)"
_WHICH = f"(?:哪[一两几]?份{_DOC}?|哪[一两几]?[个些部](?!政策){_DOC}|哪一?年的?{_DOC})"
_SPEAKS = "(?:提到|提及|讲到|写到|说到|谈到|涉及|写了|讲了|说了|写明)[了过]?"

VERSIONS = cue(
    "[新旧老]版(?![图块权面])|(?:上|前|原)一?个?版本?",  # 新版和旧版, 上一版
    "(?:修订|修改|更新|改版)(?:前后|之前|以前)",  # 修订前后
    "(?:各个?|历史|不同|两个?)版本|版本(?:之间|变化|对比|差异|区别)",
)
CHANGED = cue("(?:修订|修改|更新|改|变|改动|变动)了?(?:什么|哪些|哪里|啥|哪几[条处项])")  # 改了什么
DIFFERENT = cue(
    "不同(?:之处|点|的地方)?(?=$|[,?!吗呢啊在于是])|有(?:什么|哪些|何|啥)不同|不一样",
    "区别|差异|差别|异同|两样|对比|对照|比对|比一比|比比看?|比较一下|差在哪",
    "(?:做|作|进行)一?个?比较|比较(?=$|[,?!])|^比较",
    "相比|一样吗|一致吗|相同吗|变化|变动",
    "(?:分别|各自?)(?:是?怎么|是?如何|都)(?:说|写|讲|提|规定|安排|要求)的?",  # 两份文件各怎么说
    "(?:分别|各自?)(?:写|表述|讲|说|规定|安排|给|提供|列)了?(?:些)?(?:什么|哪些|啥)|(?:提法|说法|表述|规定)(?:分别|各)是?(?:什么|啥)",
    "(?:分别|各自?)(?:是?怎么|是?如何)表述",
    "(?:分别|各自?)(?:有|说了?|提了?|讲了?)(?:些)?(?:什么|哪些)(?:提法|说法|规定|安排|内容|要求)?",
)
SAME = cue(
    "共同点|共同之处|相同点|相同之处|相同的|一样的|一致的|相同(?=$|[,?!])|共通",
    "都(?:提到|讲到|写到|支持|涉及|强调)了?(?:什么|哪些)",  # 两份文件都提到了什么
)
ADDED = cue(
    "(?:多|增加|新增|增添)(?:出来?)?了?(?:些|哪些|什么|啥|哪几[条项])",  # 比虹桥那份多了什么
    "独有的?|特有的?|新增|新提|没有(?:提到|讲到|写到)?的(?:是|有|内容)?",
)
LESS = cue("(?:少|缺|减少|删|删除|去掉|取消)了?(?:些|哪些|什么|啥|哪几[条项])")
WHICH = cue(
    # 哪份文件提到了低空经济, 提到低空经济的是哪份文件, 低空经济出现在哪份文件里
    rf"{_WHICH}(?:里面?|中|当中)?(?:都|也)?(?:有没有|是否)?{_SPEAKS}|哪[一两几]?份{_DOC}?(?:里面?|中)?(?:支持|有)(?!多)",
    rf"(?:谁|哪一?个){_SPEAKS}",
    rf"{_WHICH}.{{0,14}}(?:标明|列出|列明|列|写明|写|注明|明确|给出)了?(?P<units>(?:牵头|配合|责任)(?:单位|部门))",
    rf"{_SPEAKS}(?P<matter>.{{2,16}}?)的{_DOC}?(?:是|有)?{_WHICH}",
    rf"(?:只|仅|都)?(?:出现)?在{_WHICH}(?:里面?|中)?(?:出现|提到|讲到|写到|有|里|中)?",
)
BOTH = cue(rf"(?:都|是否|有没有|均){_SPEAKS}.{{2,}}")  # 两份文件都提到大零号湾吗
OF_ITEMS = cue("@item|哪|什么|啥|多少|几[项条]")
COUNT = cue(
    # 两份文件哪份任务多, 任务哪份多, 谁的任务多, 任务数量差多少
    r"(?:哪个|谁的?|哪份的?)(?P<bare>@item|条款|内容)(?:更|最|比较|要)?[多少](?=$|[,?!些一呢])",
    rf"{_WHICH}(?:里面?|中)?的?(?P<what>.{{0,10}}?)(?:更|最|比较|要)?[多少](?=$|[,?!些一呢])",
    "谁的(?P<whose>.{0,8}?)(?:更|最|比较|要)?[多少](?=$|[,?!些一呢])",
    "(?:数量|项数|条数|总数|任务数)(?:上)?(?:差|相差|有何|有什么|对比|比较|不同)|(?:多|少)(?:多少|几)[项条个]",
)
PAIR = cue(
    rf"(?:这|那)?[两二2][份个部项篇](?:不同的?)?{_DOC}?(?:里面?|中|当中|之间|间)?",
    "两者|二者|两边|两版|彼此",
)
SEVERAL = cue(
    rf"(?:这|那)?[几三四34][份个部篇]{_DOC}(?:里面?|中|之间)?",
    "各[份个]?(?:文件|政策|方案)|不同的?(?:文件|政策|年份|年度)",
)
OTHER = cue("另外?一?[份个](?:文件|政策|方案)?|(?:别|其他|其它)的?(?:文件|政策)")
EACH = cue("分别|各自|各(?=牵头|配合|负责|有|怎么|如何|是怎么|说|提)")
_NEWER = re.compile("新增|增加|新提|增添")
_TURNED = re.compile(
    r"^(?:和|与|跟|同|相比|相较|较|对比|比起).{2,40}?[,比]"
)  # 与虹桥方案相比,自贸区方案…
_FRAME = cue(
    rf"{_WHICH}|(?:有|都有|是)?(?:什么|哪些|哪里|啥|何)|分别|各自|之间|相比(?:于|较)?|比起来?|放在一起",
    "有没有|是否|这?方面|版本?|之处|地方|内容上?|规定上|政策上|提法|表述|说法|支持力?度?|力度|年度?|份",
)
_CARD = (
    ("doc_no", cue("文号|发文字号|文件编号")),
    ("issuer", cue("(?:印发|发布|发文|制定)(?:的)?(?:单位|机关|部门|主体)")),
    ("issued", cue("(?:印发|发布|成文|出台|发文)(?:的)?(?:时间|日期|年份)")),
    ("effective", cue("(?:施行|实施|生效|执行)(?:的)?(?:时间|日期)")),
    ("expires", cue("有效期限?|失效(?:时间|日期)")),
)
_CONNECTOR = re.compile(r"[和与跟同比、,;到至]|有?而|但是?|相较于?|较之|以及|对比")
_OF_UNITS = cue("(?P<units>(?:牵头|配合|责任)(?:单位|部门))的?(?:写法|列法|表述|标注|写明情况)")
_ITEMS = cue("第@n[项条]")
_YEAR = re.compile(
    r"(?<!\d)((?:19|20)\d\d)(?:年度?)?+(?:的|版)?(?![\d底末前])(?:政府)?(?:工作)?(?:"
    rf"{_DOC})?"
)
_PAIRED = re.compile(  # 虹桥和自贸区在人才方面…, 虹桥跟自贸区的保税政策…
    r"^(?:请|帮我|把|将|对比|比较|一下|看看)*(?P<x>[^,和与跟同比、]{2,14}?)(?:和|与|跟|同|比|、)"
    r"(?P<y>[^,和与跟同比、在对的有]{2,14}?)(?=在|对|的|有|比|相比|之间|,|关于|就|谁|哪|都|多|少|差|区别|不|$)"
)


def read_comparison(text: str, knowledge: Knowledge, allowed: Collection[str]) -> Reading | None:
    """The reading of a question that compares; None for any other.

    A word for comparing is not enough: documents, years or versions must be named, or spoken of as
    several. What is left of the question is its matter.
    """
    aspect = _aspect(text)
    if aspect is None:
        return None
    scan = Scan(text)
    if len(_ITEMS.findall(text)) > 1:
        return None  # 第36项和第42项有什么不一样: both items are told
    scan.take(VERSIONS)
    pair, several = bool(scan.take(PAIR)), bool(scan.take(SEVERAL))
    other = bool(scan.take(OTHER))
    shown = _shown(scan, aspect)
    sides = _sides(scan, knowledge, allowed)
    if pair and not other and len(sides) == 1:  # 两份文件对虹桥商务区…的说法: a word of the matter
        sides, scan = (), Scan(text)
        scan.take(VERSIONS)
        scan.take(PAIR)
        _shown(scan, aspect)
    if aspect is Aspect.VERSIONS and len(sides) > 1:
        aspect = Aspect.MATTER
    if aspect is Aspect.VERSIONS and not sides:
        own = by_own_word(_FRAME.sub(" ", CHANGED.sub(" ", scan.rest)), knowledge)
        sides = (own,) if own else ()
        if own:
            scan = Scan("")
    if other and len(sides) == 1:
        sides = (*sides, tuple(sorted(set(allowed) - set(sides[0]))))
    shown = _oriented(shown, text, sides, knowledge)
    units, _ = take_units(scan, knowledge) if aspect is Aspect.UNITS else ([], ())
    named = pair or several or other
    if aspect is Aspect.VERSIONS:
        named = bool(VERSIONS.search(text))
    if not _compares(aspect, sides, named, bool(units), bool(re.search(_WHICH, text))):
        return None
    if aspect is Aspect.VERSIONS and not VERSIONS.search(text) and _left(scan):
        return None
    roles = take_roles(scan) if aspect is Aspect.UNITS else []
    if aspect is not Aspect.WHICH:
        for pattern in (CHANGED, COUNT, _FRAME):
            scan.take(pattern)
    if aspect is Aspect.MATTER and (units_named := _OF_UNITS.search(scan.rest)):
        aspect, scan = Aspect.WHICH, Scan(units_named["units"])  # 责任单位的写法有什么区别
    line = _card_line(scan) if aspect is Aspect.MATTER else ""
    leans = bool(LEANING.search(text) or PRONOUN.search(text)) or (not sides and pair)
    return Reading(
        kind=Kind.COMPARE,
        text=text,
        topic="" if aspect in (Aspect.UNITS, Aspect.VERSIONS) else _matter(scan, aspect),
        policies=tuple(dict.fromkeys(one for side in sides for one in side)) or None,
        units=bind_roles(units, roles),
        attribute=line,
        roles=tuple(dict.fromkeys(said.role for said in roles if said.role)),
        comparison=Comparison(aspect, sides, shown, pair),
        leans=leans,
        complete=not leans,
    )


def _card_line(scan: Scan) -> str:
    """The line of a card that is asked for, where nothing else is left; its words leave."""
    for name, pattern in _CARD:
        rest = pattern.sub(" ", scan.rest)
        if pattern.search(scan.rest) and not Topic.of(rest).tells:
            scan.blot(0, len(scan.text))
            return name
    return ""


def follow_comparison(
    reading: Reading, past: Reading, documents: Collection[str]
) -> Reading | None:
    """What a question after a comparison, or a comparison after a question, takes from before it.

    `那共同点呢` shows other rows, `这两份文件有什么不同` the documents compared before, `另一份呢` the
    matter in the other document.
    """
    before = past.comparison
    if reading.comparison is not None and not reading.comparison.sides and before is not None:
        whole = replace(reading.comparison, sides=before.sides)
        return replace(
            reading, comparison=whole, policies=past.policies, topic=reading.topic or past.topic
        )
    if len(reading.text) > 16 or reading.units or reading.numbers:
        return None
    shown = _shown(Scan(reading.text), before.aspect) if before else Shown.ALL
    if before and shown is not Shown.ALL and not _names_matter(reading.text, before.aspect):
        return replace(past, text=reading.text, comparison=replace(before, shown=shown))
    compares = DIFFERENT.search(reading.text) or EACH.search(reading.text)
    if before and compares and not _names_matter(reading.text, before.aspect):
        whole = replace(before, aspect=Aspect.MATTER, shown=Shown.ALL)
        return replace(past, text=reading.text, comparison=whole)
    if not OTHER.search(reading.text) or not past.topic:
        return None
    if before is not None:
        return past
    others = tuple(sorted(set(documents) - set(past.policies or ())))
    return replace(past, policies=others, focus=()) if past.policies and others else None


def _names_matter(text: str, aspect: Aspect) -> bool:
    """Whether a question for other rows names a matter beside them."""
    scan = Scan(text)
    for pattern in (DIFFERENT, SAME, ADDED, LESS, EACH, _FRAME):
        scan.take(pattern)
    return Topic.of(_matter(scan, aspect)).tells


def _aspect(text: str) -> Aspect | None:
    """What kind of comparison the words may ask for; the first that fits."""
    compares = any(words.search(text) for words in (DIFFERENT, SAME, ADDED, LESS))
    several = PAIR.search(text) or SEVERAL.search(text)
    if several and BOTH.search(text) and not OF_ITEMS.search(text):
        return Aspect.WHICH
    if CHANGED.search(text) or (VERSIONS.search(text) and compares):
        return Aspect.VERSIONS
    if COUNT.search(text):
        return Aspect.COUNT
    if WHICH.search(text):
        return Aspect.WHICH
    if compares:
        return Aspect.MATTER
    return Aspect.UNITS if EACH.search(text) else None


def _compares(
    aspect: Aspect, sides: tuple[tuple[str, ...], ...], named: bool, units: bool, which: bool
) -> bool:
    if aspect is Aspect.VERSIONS:
        return len(sides) == 1 or named
    if aspect is Aspect.WHICH:
        return True
    if aspect is Aspect.COUNT and which:
        return True
    return (len(sides) > 1 or named) and (units or aspect is not Aspect.UNITS)


def _shown(scan: Scan, aspect: Aspect) -> Shown:
    """Which rows are asked for; the words for it leave."""
    asked = Shown.ALL
    for shown, pattern in (
        (Shown.SAME, SAME), (Shown.FIRST, ADDED), (Shown.SECOND, LESS), (Shown.DIFFERENT, DIFFERENT),
    ):  # fmt: skip
        if aspect in (Aspect.MATTER, Aspect.VERSIONS) and scan.take(pattern):
            asked = shown if asked is Shown.ALL else asked
    return Shown.ALL if asked is Shown.DIFFERENT else asked


def _oriented(
    shown: Shown, text: str, sides: tuple[tuple[str, ...], ...], knowledge: Knowledge
) -> Shown:
    """Whose the asked rows are: what is new is of the later year; `与A相比,B多了什么` asks of B."""
    if shown not in (Shown.FIRST, Shown.SECOND) or len(sides) != 2:
        return shown
    first, second = ({knowledge.policies[one].year or 0 for one in side} for side in sides)
    by_year = _NEWER.search(text) and first != second and min(len(first), len(second)) == 1
    turned = max(first) < max(second) if by_year else bool(_TURNED.search(text))
    other = Shown.SECOND if shown is Shown.FIRST else Shown.FIRST
    return other if turned else shown


def _left(scan: Scan) -> bool:
    """Whether something telling is left of a question about what changed in a document."""
    scan.take(CHANGED)
    return Topic.of(scan.rest).tells


def _matter(scan: Scan, aspect: Aspect) -> str:
    if aspect is Aspect.COUNT:
        return ""
    if aspect is Aspect.WHICH:
        rest = WHICH.sub(_asked_which, scan.rest)
        rest = re.sub(rf"(?:都|是否|有没有|均)?{_SPEAKS}|[吗么]$", " ", rest)
        return rest.strip(" ?!,。")
    return scan.rest.strip(" ?!,。、;的上")


def _asked_which(found: re.Match[str]) -> str:
    """What a question looks for in documents, where it stands among the words that ask."""
    return f" {found['matter'] or found['units'] or ''} "


def _sides(
    scan: Scan, knowledge: Knowledge, allowed: Collection[str]
) -> tuple[tuple[str, ...], ...]:
    """The documents that each name in a question may mean, name by name; the names leave."""
    text = scan.text
    groups: list[set[str]] = []
    for start, end in list(_segments(scan)):
        found = _named(scan, start, end, knowledge, allowed)
        if found:
            _add(groups, found)
    if len(groups) < 2:
        paired = _by_own_words(scan, knowledge)
        groups = paired if len(paired) > 1 else groups
    narrowed = [_narrowed(group, text, scan, knowledge) for group in groups]
    return tuple(tuple(sorted(group & set(allowed))) for group in narrowed if group & set(allowed))


def _segments(scan: Scan) -> Iterator[tuple[int, int]]:
    """The stretches between words that join two names; a title in its marks is never cut."""
    titles = [found.span() for found in re.finditer(r"《[^《》]*》", scan.text)]
    start = 0
    for found in _CONNECTOR.finditer(scan.text):
        if any(a < found.start() < b for a, b in titles):
            continue
        yield start, found.start()
        start = found.end()
    yield start, len(scan.text)


def _named(
    scan: Scan, start: int, end: int, knowledge: Knowledge, allowed: Collection[str]
) -> set[str]:
    """The documents that one stretch of a question names: by what `take_policies` knows, by a year."""
    piece = "".join(
        char if scan.free(start + place, start + place + 1) else TAKEN
        for place, char in enumerate(scan.text[start:end])
    )
    part = Scan(piece)
    named = set(take_policies(part, knowledge) or ())
    for place in range(len(piece)):
        if piece[place] != TAKEN and not part.free(place, place + 1):
            scan.blot(start + place, start + place + 1)
    for found in _YEAR.finditer(piece):
        alike = {p for p in allowed if knowledge.policies[p].year == int(found[1])}
        if alike and part.free(found.start(), found.end()):
            scan.blot(start + found.start(), start + found.end())
            named = named & alike or alike
    return named


def _add(groups: list[set[str]], found: set[str]) -> None:
    """One more name: of a document already named it says more, else it is another side."""
    for place, group in enumerate(groups):
        if group & found:
            groups[place] = group & found
            return
    groups.append(found)


def _by_own_words(scan: Scan, knowledge: Knowledge) -> list[set[str]]:
    """`虹桥和自贸区`: two documents by words of their titles alone."""
    found = _PAIRED.search(scan.text)
    if not found:
        return []
    groups: list[set[str]] = []
    for name in ("x", "y"):
        own = by_own_word(found[name], knowledge)
        if own:
            _add(groups, set(own))
    if len(groups) > 1:
        scan.blot(found.start("x"), found.end("y"))
    return groups


def _narrowed(group: set[str], text: str, scan: Scan, knowledge: Knowledge) -> set[str]:
    """Of several documents of a name, those whose title the question says most of."""
    runs = {one: longest_run(plain(knowledge.policies[one].title), text) for one in group}
    best = max(map(len, runs.values()))
    if best < LEAST_TITLE:
        return group
    chosen = {one for one, run in runs.items() if len(run) == best}
    for run in {runs[one] for one in chosen}:
        scan.take(rf"(?<={TAKEN}){re.escape(run)}|{re.escape(run)}(?={TAKEN})")
    return chosen
