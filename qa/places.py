"""Places and years that a question or a filter names, and which documents are of them."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache
from itertools import chain
from typing import TYPE_CHECKING

from index.tokens import words
from settings import ROOT

if TYPE_CHECKING:
    from qa.knowledge import Knowledge

TABLE = ROOT / "data" / "regions.txt"
PROVINCES = frozenset(
    "北京 天津 上海 重庆 河北 山西 辽宁 吉林 黑龙江 江苏 浙江 安徽 福建 江西 山东 河南 "  # noqa: SIM905
    "湖北 湖南 广东 海南 四川 贵州 云南 陕西 甘肃 青海 台湾 内蒙古 广西 西藏 宁夏 新疆 香港 澳门".split()
)
_NAMED = re.compile(  # 贵州市场主体 names no 贵州市
    r"(?=([\u4e00-\u9fa5]{2,5}?)(省|市(?![场民值])|新区|区(?![域块间别])|县|自治区|自治州|州))"
)
_SELF_GOVERNED = "特别行政区|自治区|自治州|自治县|自治旗"
_ONE = re.compile(  # 广州市, 天河区, 沛县, 内蒙古自治区
    rf"[\u4e00-\u9fff]{{2,}}?(?:{_SELF_GOVERNED}|新区|[省市区县州盟旗])|[\u4e00-\u9fff]+?[县区]"
)
_KIND = re.compile(rf".{{0,12}}?(?:{_SELF_GOVERNED})|新区|[省市区县州盟旗]")  # 维吾尔自治区
_HERE = re.compile("这边|这儿|这里|这头|咱们?这|我们这|来这|到这|本地|本区|区里|你们[这那区]")
_PASSING = re.compile(  # 往湖州去的火车, 想去安徽设厂, 老家在四川
    r"(?:往|去|赴|开往|通往)[\u4e00-\u9fff]{2,3}(?=去|的(?:火车|高铁|铁路|动车|车|路|轨道|地铁)|设|办厂|开|投|盖|建)"
    r"|(?:我|我们|咱们|公司|我司|厂|企业|店|老家|家|户口|籍贯|学籍)(?:现在|目前|注册|登记)?(?:是|在|位于)[\u4e00-\u9fff]{2,3}"
    r"|(?:人住|家住|住在)[\u4e00-\u9fff]{2,3}"
    r"|老家[\u4e00-\u9fff]{2,3}的|(?:在[\u4e00-\u9fff]{2,3}|从[\u4e00-\u9fff]{2,3}过?来)(?:住|上班|工作|读书|做生意)的"
    r"|[\u4e00-\u9fff]{2,3}的?(?:老板|公司|企业|商家|客商|客户|专家|团队|同行|朋友)(?=.{0,10}(?:[想要]来|过来|来[这办设开]|不回老家))"
    r"|[跟和与同](?:[\u4e00-\u9fff]{2,3}、)*[\u4e00-\u9fff]{2,3}(?:的|那边)?(?:片区|园区|企业|同行)?(?:搭伙|联手|合作|联动|对接|打通)"
)
_NAME_GOES_ON = 2  # characters behind a place by which a longer name is known
_ONE_OF_SEVERAL = re.compile(r"\d{1,2}号线|第[一二三四五六七八九十\d]{1,3}届")  # 19号线, 第七届
_YEAR = re.compile(r"(?<!\d)(?:19|20)\d\d(?=年)")
_NUMBER = re.compile(  # 沪府发〔2024〕18号
    r"[\u4e00-\u9fff]{0,6}[〔\[(](?P<year>(?:19|20)\d\d)[〕\])]第?0*(?P<no>\d{1,4})号"
)


@cache
def _table() -> dict[str, frozenset[str]]:
    """Names known bare, those known only with 省、市、区 or 县 behind them, and whole names of counties."""
    rows = (line.partition(" = ") for line in TABLE.read_text("utf-8").splitlines())
    found: defaultdict[str, set[str]] = defaultdict(set)
    for kind, _, names in rows:
        found[kind].update(names.split())
    return {kind: frozenset(found[kind]) for kind in ("bare", "suffixed", "whole")}


def _with_kinds(text: str) -> list[str]:
    """The places that a text names with their kind behind them: 浦东新区, 安吉县."""
    known = _table()
    stems = known["bare"] | known["suffixed"]
    return [
        name
        for found in _NAMED.finditer(text)
        for name in [found[1] + found[2]]
        if found[1] in stems or (name in known["whole"] and _stands_as_words(name, text))
    ]


def _stands_as_words(name: str, text: str) -> bool:
    """Whether a name begins where a word does: 海城市 does not in 上海城市规划."""
    cut = words(text)
    return any("".join(cut[at:]).startswith(name) for at in range(len(cut)))


def strangers(question: str, known_text: str) -> Iterator[str]:
    """The places, years, document numbers, lines and editions of a question that do not stand in
    `known_text`, numbers first.

    A place with its kind behind it (浦东新区) must stand there so. One that somebody comes from or goes
    to is not asked of: 南京的公司想来这儿开分公司, 去湖州的高铁.
    """
    bare = _table()["bare"]
    asked = "" if _HERE.search(question) else _PASSING.sub(" ", question)
    named = _with_kinds(asked)
    tokens = [word for word in words(asked) if word in bare and not any(word in n for n in named)]
    years = years_in(question)
    numbers = (found[0] for found in _NUMBER.finditer(question) if not _printed(found, known_text))
    others = (found[0] for found in _ONE_OF_SEVERAL.finditer(question))
    away = (where for where in (*named, *tokens, *years, *others) if where not in known_text)
    return chain(numbers, away)


def years_in(text: str) -> list[str]:
    """The years that a text names in full: 2025年."""
    return [found[0] for found in _YEAR.finditer(text)]


def _printed(number: re.Match[str], known_text: str) -> bool:
    """Whether a document number stands in a text, in brackets of any kind."""
    printed = rf"[〔\[(（【]{number['year']}[〕\])）】]\s*第?0*{number['no']}号"
    return re.search(printed, known_text) is not None


def of_place(
    question: str, knowledge: Knowledge, allowed: Collection[str]
) -> tuple[str, ...] | None:
    """Ids of the documents of the places that a question names, the finest of each; None where it
    names none of a document, or where all documents are of them.

    上海闵行 names 闵行, 河北和吉林 both.
    """
    regions = {i: p.region for i, p in knowledge.policies.items() if p.region and i in allowed}
    named = {
        policy_id: own[0]
        for policy_id, region in regions.items()
        if (own := parts(region)[-1:]) and _names(question, own[0], knowledge.home_text)
    }
    above = {place for policy_id in named for place in parts(regions[policy_id])[:-1]}
    above |= {
        wide
        for wide in named.values()
        for fine in named.values()
        if any(f"{form}{fine[:2]}" in question for form in (wide, wide[:-1]))
    }
    found = tuple(sorted(i for i, own in named.items() if own not in above))
    return found if found and len(found) < len(allowed) else None


def parts(region: str) -> tuple[str, ...]:
    """The places that a name is made of, the largest first.

    >>> parts("江苏省徐州市沛县"), parts("内蒙古自治区"), parts("上海")
    (('江苏省', '徐州市', '沛县'), ('内蒙古自治区',), ())
    """
    return tuple(_ONE.findall(region))


def regions_of(place: str, regions: Collection[str]) -> tuple[str, ...]:
    """Those of the printed regions that are a place or lie in it, as far as the regions tell.

    A kind may be left out: 上海 is 上海市. A bare 天河区 lies in 广州市 where another region is
    广州市天河区, and no third one is 天河区 of another city.
    """
    wider = _wider(regions)
    return tuple(region for region in regions if _lies_in(place, wider[region]))


def _wider(regions: Iterable[str]) -> Mapping[str, tuple[str, ...]]:
    """Each region's parts, with those above it that all longer forms of it give."""
    made_of = {region: parts(region) or (region,) for region in regions}
    longer: defaultdict[tuple[str, ...], set[tuple[str, ...]]] = defaultdict(set)
    for row in made_of.values():
        for at in range(1, len(row)):
            longer[row[at:]].add(row)
    full = {chain: max(found, key=len) for chain, found in longer.items() if _agree(found)}
    return {region: full.get(chain, chain) for region, chain in made_of.items()}


def _agree(chains: Collection[tuple[str, ...]]) -> bool:
    longest = max(chains, key=len)
    return all(longest[-len(chain) :] == chain for chain in chains)


def _lies_in(place: str, chain: tuple[str, ...]) -> bool:
    """Whether a place is one of a chain, or some of it in order; what stands above may be unsaid."""
    named = parts(place)
    above = next((at for at in range(1, len(named)) if _is(named[at], chain[0])), 0)
    return _named(place, chain) or (bool(above) and _named("".join(named[above:]), chain))


def _named(place: str, chain: tuple[str, ...]) -> bool:
    for one in chain:
        forms = (place[:end] for end in range(len(place), 1, -1))
        place = place.removeprefix(next((form for form in forms if _is(form, one)), ""))
    return not place


def _is(name: str, one: str) -> bool:
    """With its kind, 新疆维吾尔自治区, or without it, 新疆."""
    rest = one.removeprefix(name)
    return name == one or (len(name) > 1 and rest != one and bool(_KIND.fullmatch(rest)))


def _names(question: str, place: str, home_text: str) -> bool:
    """With its kind, 长宁区, or without it, 长宁; not as part of a longer name at home: 上海泰和诚."""
    forms = [place, place[:-1]] if len(place) > 2 else [place]
    at = next((at for form in forms if (at := question.find(form)) >= 0), -1)
    longer = question[at : at + len(place) + _NAME_GOES_ON]
    return at >= 0 and not (len(longer) > len(place) + 1 and longer in home_text)


def place_names(text: str) -> list[str]:
    """The administrative places that a text names, as it names them, each once, in order.

    >>> place_names("我们在浦东新区,总部在杭州")
    ['浦东新区', '杭州']
    """
    bare, named = _table()["bare"], _with_kinds(text)
    tokens = [w for w in words(text) if w in bare and not any(w in n for n in named)]
    return sorted(dict.fromkeys((*named, *tokens)), key=text.find)
