"""Who asks: an enterprise or a person as described, for verdicts on what applies to it. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from qa.applicability.kinds import kinds
from qa.applicability.thresholds import QUANTITIES, Figure, figures_in
from qa.patterns import cue, one_of
from qa.places import place_names
from qa.text import plain
from qa.understanding import cues

_SEGMENT = re.compile(r"[^,，。;；!?！？\n]+")
_NOT = re.compile("没有?|不|无|未|非|没打算")
_PLAN = cue(
    "(?P<plan>(?:"
    + one_of("想要 想 打算 计划 准备 希望 需要 拟 争取 考虑 正在 要")
    + ")(?!问|知道|了解).+)"
)
_ZONE = one_of(
    "园区 商务区 开发区 示范区 高新区 新片区 片区 自贸区 试验区 保税区 综保区 联动创新区 集聚区 功能区 "
    "科技园 产业园 创业园 工业园 工业区 科学城 小镇 医学园 医学中心 街道 镇 湾 新城 地区"
)
_AT = one_of(
    "在 位于 注册在 注册地在 注册地为 设在 落户 落户在 落户到 落在 入驻 进驻 来 来到 搬到 搬来 迁到 迁入 "
    "总部在 到 进 是 开在"
)
_NAMED_ZONE = re.compile(  # 在虹桥商务区做…, 大零号湾的…
    rf"(?:(?:{_AT})|^|[,，、的])(?P<zone>(?:(?![我咱]们|公司|集团|在|是|来|到|想|入驻)[\u4e00-\u9fff“”]){{1,12}}?(?:{_ZONE})区?)"
)
_SET_UP = "(?:成立|注册|创办|创立|设立)"
_YEAR = re.compile(rf"(?P<year>(?:19|20)\d\d)年?{_SET_UP}|{_SET_UP}于?(?P<then>(?:19|20)\d\d)年?")
_ORIGIN = re.compile("非?[\u4e00-\u9fff]{2,3}(?:生源|户籍|籍)")  # 非上海生源
_OF_POLICIES = re.compile(  # 闵行的政策, 闵行有什么支持: where the documents are of, not the asker
    "[\u4e00-\u9fff]{2,6}?[省市区县]?(?:的|有|能|里|这边)[^,，]{0,10}(?:政策|支持|扶持|补贴|什么|哪些|优惠|文件)"
)
_QUESTION = re.compile("谁|哪|什么|啥|多少|几[个项家条]|怎么|如何|吗|呢|[?？]")
_SAME_AGAIN = re.compile("(?:适用|能用|可以|符合|行)(?:了|吗|么|不)|(?:的话|这样)呢")
LONGEST_REPLY = 60  # characters
_LEARNING = re.compile(r"申请|成为|认定|争取|想做|申报|想拿|办理|要做|想要")
_INDUSTRY = (
    # 做跨境电商的 · 从事离岸贸易
    re.compile(r"(?:主要|专门|专业)?(?:做|从事|主营|搞|经营|研发|生产|制造|造|开)(?:的是)?(?P<what>(?![到发给])[^,，。;；的]{2,16})"),
    # 一家低空无人机公司 · 智能制造企业
    re.compile(
        r"(?:是|一家|一个|一所|家)+(?P<what>[^,，。;；是家]{2,16}?)(?:的)?"
        r"(?:公司|企业|机构|平台|工厂|厂|团队|集团|医院|学校|事务所|商家|店)"
    ),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Profile:
    """An enterprise or a person, as understood.

    `text` is all that was said. `industry` and `plan` are its own words, `places` where it is or
    wants to be, without those that it denies. `kinds`, `standings` and `sectors` are names of
    `data/enterprises.toml`; `wanted` are standings that it does not hold yet. `employees` counts
    persons, `revenue` 万元 a year, `founded` is a year; `figures` are all figures of the text.
    """

    text: str
    industry: tuple[str, ...] = ()
    plan: tuple[str, ...] = ()
    places: tuple[str, ...] = ()
    kinds: frozenset[str] = frozenset()
    standings: frozenset[str] = frozenset()
    wanted: frozenset[str] = frozenset()
    sectors: frozenset[str] = frozenset()
    employees: float | None = None
    revenue: float | None = None
    founded: int | None = None
    figures: tuple[Figure, ...] = ()

    @property
    def all_kinds(self) -> frozenset[str]:
        """The kinds with those that they imply, and those that the size tells."""
        return kinds().whole((*self.kinds, *_by_size(self.employees)))

    @property
    def matter(self) -> str:
        """What to look for: the words without places, figures and the asking."""
        return _matter(self.text, self.places, self.figures)


def read_profile(description: str, regions: Iterable[str] = ()) -> Profile:
    """The profile behind a free description, as far as it tells; `regions` are known places."""
    text = plain(description)
    own = _own_part(text)
    figures = tuple(figures_in(text))
    named = kinds()
    held, wanted = _standings(text)
    return Profile(
        text=text,
        industry=tuple(dict.fromkeys(_industry(own))),
        plan=tuple(dict.fromkeys(_plans(text))),
        places=tuple(dict.fromkeys(_places(own, regions))),
        kinds=frozenset(_kinds_of(text)),
        standings=held,
        wanted=wanted - held,
        sectors=named.sectors_of(text),
        employees=next((f.value for f in figures if f.unit == "人"), None),
        revenue=_revenue(text, figures),
        founded=_founded(text),
        figures=figures,
    )


@dataclass(frozen=True, slots=True)
class Described:
    """An enterprise as it was given: a free text, fields, or both; what is empty is not told.

    `employees` counts persons, `revenue` 万元 a year, `founded` is a year.
    """

    text: str = ""
    industry: str = ""
    place: str = ""
    plan: str = ""
    employees: float | None = None
    revenue: float | None = None
    founded: int | None = None
    qualifications: tuple[str, ...] = ()

    @property
    def words(self) -> str:
        """All that was said in words, to be read as one description."""
        plan = self.plan.strip()
        told = (
            self.text,
            self.industry,
            plan and (plan if _PLAN.search(plan) else f"想{plan}"),
            *self.qualifications,
        )
        return "，".join(part.strip() for part in told if part.strip())


def profile_of(given: Described, regions: Iterable[str] = ()) -> Profile:
    """The profile behind what was given; fields stand above what the text tells.

    A qualification that the table does not know stays in the text, where a condition that repeats
    it is met.
    """
    read = read_profile(given.words, regions)
    held = {f.name for one in given.qualifications for f in kinds().standings_in(one)}
    industry, plan, place = given.industry.strip(), given.plan.strip(), given.place.strip()
    return replace(
        read,
        industry=(industry,) if industry else read.industry,
        plan=(plan,) if plan else read.plan,
        places=tuple(dict.fromkeys((*_places_of(place, regions), *read.places))),
        standings=read.standings | held,
        wanted=read.wanted - held,
        employees=read.employees if given.employees is None else given.employees,
        revenue=read.revenue if given.revenue is None else given.revenue,
        founded=read.founded if given.founded is None else given.founded,
    )


def tells_more(text: str, regions: Iterable[str] = ()) -> bool:
    """Whether a reply tells of an enterprise what was asked for: 我们注册在闵行,有200人.

    A question tells nothing, unless it only asks the same again: 在大零号湾的话适用吗.
    """
    if _QUESTION.search(text) and not _SAME_AGAIN.search(text):
        return False
    told = read_profile(text, regions)
    of_itself = told.places or told.standings or told.figures or told.founded or told.kinds
    return bool(of_itself) and len(text) <= LONGEST_REPLY


def _places_of(place: str, regions: Iterable[str]) -> tuple[str, ...]:
    """A place as a field gives it, with the places that it names: 闵行区大零号湾."""
    if not place:
        return ()
    return tuple(dict.fromkeys((place, *_places(f"在{place}", regions))))


def _own_part(text: str) -> str:
    """What the asker says of itself: without the segments that only ask what there is."""
    kept = [s for s in _SEGMENT.findall(text) if not _asks(s)]
    return "，".join(kept) or text


def _asks(segment: str) -> bool:
    asks = re.search("什么|哪|啥|吗|有没有|能否|是否|呢|多少|怎", segment)
    return bool(asks and cues.BENEFIT.search(segment) and not cues.ASKER.search(segment))


def _industry(own: str) -> Iterator[str]:
    for pattern in _INDUSTRY:
        for found in pattern.finditer(own):
            yield found["what"]


def _plans(text: str) -> Iterator[str]:
    for segment in _SEGMENT.findall(text):
        found = _PLAN.search(segment)
        if found and not _asks(segment) and not _NOT.search(segment[: found.start()][-3:]):
            yield found["plan"]


def _places(own: str, regions: Iterable[str]) -> Iterator[str]:
    """Zones and places of the segments that do not deny them: 没有来上海的打算."""
    for segment in _SEGMENT.findall(own):
        if re.search("没有?(?:来|去|到|打算|计划)|不(?:来|去|在|打算)", segment):
            continue
        taken = segment
        for found in _NAMED_ZONE.finditer(segment):
            yield found["zone"].strip("“”")
            taken = taken.replace(found["zone"], " ")
        taken = _OF_POLICIES.sub(" ", taken)
        known = next((name for name in regions if name in taken), "")
        if known:
            yield known
            taken = taken.replace(known, " ")
        yield from place_names(_ORIGIN.sub(" ", taken))


def _kinds_of(text: str) -> Iterator[str]:
    """Kinds by which the asker names itself; 非上海生源 and 与公立医院合作 name others."""
    for found in kinds().kinds_in(text):
        before = text[max(0, found.start - 3) : found.start]
        if not re.search("非$|不是$|[与和跟同给为招聘]$|合作$|引进$|市级$", before):
            yield found.name


def _standings(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """Standings that are held, and those that are wanted: 想申请AEO认证."""
    held, wanted = set(), set()
    for segment in _SEGMENT.findall(text):
        for found in kinds().standings_in(segment):
            before = segment[: found.start]
            denied = re.search("不是|还没|没有|尚未|未", before[-6:])
            if denied or _LEARNING.search(before) or _PLAN.search(before):
                wanted.add(found.name)
            else:
                held.add(found.name)
    return frozenset(held), frozenset(wanted)


def _revenue(text: str, figures: Iterable[Figure]) -> float | None:
    words = next(words for name, words, _ in QUANTITIES if name == "revenue")
    for figure in figures:
        before = re.split("[,，。;；]", text[: figure.start])[-1]
        if figure.unit == "元" and re.search(words, before):
            return figure.value
    return None


def _founded(text: str) -> int | None:
    found = _YEAR.search(text)
    return int(found["year"] or found["then"]) if found else None


def _by_size(employees: float | None) -> tuple[str, ...]:
    """What a number of persons tells of the size, where it is beyond the bounds of every trade.

    By GB/T 4754 trades: no enterprise of 1000 and more is a middle one in the trades that count
    persons (工信部联企业〔2011〕300号); below 20, one is small in nearly all of them.
    """
    if employees is None:
        return ()
    if employees >= LARGE:
        return ("大型企业",)
    return ("小微企业",) if employees < SMALL else ()


LARGE = 2000  # persons: the highest bound of a middle enterprise in any trade but property services
SMALL = 20  # persons


def _matter(text: str, places: Iterable[str], figures: Iterable[Figure]) -> str:
    left = text
    for figure in figures:
        left = left.replace(figure.said, " ")
    for place in places:
        left = left.replace(place, " ")
    return left
