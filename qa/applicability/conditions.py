"""What a clause offers, and what bounds who may have it; each with its place in the text. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.applicability.kinds import kinds
from qa.applicability.thresholds import Bound, bounds_in
from qa.patterns import cue, one_of
from qa.text import sentences

LONGEST = 160  # characters of an offer that are quoted


class Offers(StrEnum):
    """How much a sentence holds out to an enterprise."""

    GIVES = "gives"  # 支持, 给予, 允许: something that it may have
    OPENS = "opens"  # 试点, 推广, 开展: something that it may take part in
    WORKS = "works"  # 建设, 完善: work of authorities in its field


class Bounded(StrEnum):
    """What a condition is about."""

    PLACE = "place"
    KIND = "kind"  # what sort of enterprise or person
    STANDING = "standing"  # what an authority grants, or a list holds
    FIELD = "field"  # the field of work
    FIGURE = "figure"  # persons, money, age
    ORIGIN = "origin"  # 非上海生源
    OPEN = "open"  # words that the clause does not explain: 符合条件的


@dataclass(frozen=True, slots=True)
class Condition:
    """A bound on who may have an offer, at `[start, end)` of the policy's text.

    `name` is the kind, standing, place or field that is meant, `bound` the figure. `served` marks
    the kind that others are to serve (服务中小微企业).
    """

    about: Bounded
    words: str
    start: int
    end: int
    name: str = ""
    bound: Bound | None = None
    served: bool = False


@dataclass(frozen=True, slots=True)
class Offer:
    """What a sentence holds out, at `[start, end)`; its conditions stand in the whole `sentence`."""

    how: Offers
    start: int
    end: int
    sentence: tuple[int, int]


_GIVES = cue(
    "(?<!政策)(?<!税收)(?<!资金)(?<!强)支持",  # 支持企业申请, not 争取政策支持
    one_of(
        "鼓励 允许 给予 予以 赋予 补贴 补助 资助 奖励 奖补 减免 免征 免收 免除 减按 减征 贴息 推荐 辅导 "
        "享受 优先 同等待遇 有权 可申请 可以申请 可享受 可申报 可以享受 可以按 可以向"
    ),
    "提供[^,，。；;]{0,30}(?:便利|优惠|补贴|资金|贷款|担保|保障|支持|场地|辅导|服务)",  # 提供签证便利
    "(?:压缩|缩短|延长|放宽|降低|简化)[^,，。；;]{0,20}(?:时限|期限|时间|门槛|成本|手续|费用|流程|材料)",
    "时限从[^,，。；;]{0,12}压缩",
)
_WHO = "企业|机构|主体|单位|公司|银行|人才|个人|法人|商户|平台|医院|高校|项目|个体工商户|居民"
_OPENS = cue(
    one_of("试点 推广 开展 拓展 吸引 集聚 引进 培育 招引 招商 入驻 承办 举办 探索 征集 面向"),
    f"推动[^,，。；;]{{0,20}}(?:{_WHO}|学校)",  # 推动外籍人员子女学校面向全国招生
)
_DENIES = cue("不得|禁止|严禁|不予|处以?[^。]{0,8}罚款|责令|骗取|违反|[?？]$")

_BEFORE = (  # what may stand before the name of an area
    "(?:支持|鼓励|推动|促进|针对|允许|对|在|为|至|赴|吸引|引导|组织|推荐|培育|引进|属于|位于|面向|更多|的|"
    r"[,，、；;。(（]|^)"
)
_INNER = (  # a character of a name: none of the verbs before it
    r"(?:(?!对|在|支持|鼓励|推动|推进|为|赴|向|争取|于|积极|配合|依托|建设|发展|加快|打造|联动|引进|符合|推广|"
    r"促进|吸引|的|与)[\u4e00-\u9fff])"
)
_ZONE = one_of(
    "园区 商务区 开发区 高新区 新片区 片区 自贸区 示范区 试验区 创新区 集聚区 功能区 产业园 科技园 地区 "
    "医学中心 全域 小镇 新区 枢纽 保税区"
)
_HERE = re.compile(  # 区域内, 本市注册的, 在区域内
    rf"{_BEFORE}(?P<here>(?:本|该|全)?(?:区域|辖区|园区|行政区域|区)(?:范围)?之?内"
    rf"|(?:本|全)(?:市|区|省|县|自治区|自治州)(?:范围)?内?"
    rf"(?=注册|登记|户籍|的?[^,，。；;]{{0,8}}(?:{_WHO})))"
)
_NAMED_AREA = re.compile(  # 虹桥商务区闵行区域内, 长三角区域内
    rf"{_BEFORE}(?P<name>{_INNER}{{2,14}}?(?:(?:{_ZONE})(?:{_INNER}{{0,3}}区域)?|区域|辖区)(?:范围)?之?内)"
)
_OF_AREA = re.compile(  # 新虹桥国际医学园区社会办医机构
    rf"{_BEFORE}(?P<name>{_INNER}{{2,14}}?(?:{_ZONE}))的?(?=[^。；;,，、与]{{0,12}}?(?:{_WHO}))(?!其他)"
)
_BODY = re.compile(  # 鼓励新虹桥国际医学中心发展…: one body by its name
    rf"(?:鼓励|支持|推动)(?P<name>{_INNER}{{3,14}}?(?:中心|集团|公司|学院|大学|园))(?=发展|提升|开展|建设|扩大|完善|做)"
)
_REGISTERED = re.compile(  # 注册地在高新区的, 在本市依法注册
    r"(?:依法)?(?:注册|登记|设立)(?:地|登记)?(?:和纳税(?:地|关系))?均?(?:在|于|地为)"
    r"(?P<name>[\u4e00-\u9fff]{2,12}?)(?:范围|行政区域)?(?:之?内)?(?=[,，、。的；;且并])"
)
_ASPIRED = re.compile(  # 申请成为海关高级认证企业: what is to be, not what must be
    "(?:申请|申报|争取|成为|成长为|认定为|评为|培育|创建|打造|纳入|晋升|入选|集聚|引进|吸引|依托|落户|加快)"
    "[^,，。；;]{0,14}$"
)
_ORIGIN = re.compile(r"非(?P<name>[\u4e00-\u9fff]{2,3})(?:生源|户籍)")
_FIELD = re.compile(  # 新型国际贸易和高端智能制造领域重点企业, 在航空航天等高端装备领域,
    r"(?P<name>[^,，。；;()（）]{2,40}?)(?:等)?(?:重点)?(?:领域|行业)"
    rf"(?=(?:的|重点|优质|相关|内)*(?:{_WHO}|专利|数据)|[,，])"
)
_FIELD_VERBS = re.compile(
    "^.*(?:推动|推进|促进|支持|鼓励|制定|开展|加强|加快|发展|面向|针对|聚焦|围绕|在|推荐|内|培育|引进|对|从事|属于)"
)
_FIELD_OPENS = re.compile("(?:面向|针对|聚焦|围绕|在|从事|属于)[^,，。；;]{2,40}$")
_SERVED = re.compile("(?:服务|面向|针对|惠及|帮助|扶持|帮扶|提供给)$")
_BESIDE = re.compile(  # 与公立医院合作, 依托高校, 创办科技型企业, 加大企业
    r"[与跟同由]$|与[\u4e00-\u9fff]{1,3}$|依托|创办|设立|建设|举办|环$|等$|[加扩做重更]$"
)
_IN_A_NAME = re.compile("总部|集聚|科技园|科创|源|[^,，。]{0,4}(?:合作|建设|科技园)|创新成果")
# Words that set a bound and leave open which: an example each.
_OPEN = cue(
    "(?:符合|满足|具备)[^,，。；;]{0,4}(?:下列|以下|如下)[^,，。；;:：]{0,4}(?:条件|要求)?之?一?",
    "[\u4e00-\u9fff]{0,4}条件(?=[:：])",  # 补贴条件：
    "符合(?:相关|有关|规定|一定|下列|以下|上述|法定|申请)?(?:条件|要求|规定|标准)的?",  # 符合条件的企业
    "满足[^,，。；;]{0,8}(?:条件|要求)下?",  # 在满足监管条件下
    "具备(?:相关|相应|一定)?(?:条件|资质|资格|能力)的?",  # 具备条件的
    "经(?:[\u4e00-\u9fff]{0,8})?(?:认定|批准|评审|核准|审核)(?:合格|通过)?的(?=[\u4e00-\u9fff])",  # 经认定的
    "贸易真实且信誉度高的?|(?:信誉度高|信用良好|信誉良好|依法纳税|诚信经营|资信良好)的?",
    "无[^,，。；;]{0,8}(?:不良|违法|违规|失信)[^,，。；;]{0,6}(?:记录|行为)的?",  # 无不良信用记录
    "特定(?:商品|区域|行业|项目)",  # 支持特定商品延长
    "凭?其?持有的?[^,，。；;]{2,16}(?:证书|证明|身份证|许可证|资质)",  # 凭其持有的外国人永久居留身份证
    "已?(?:纳入|列入|入选)[^,，。；;]{0,16}(?:名单|目录|名录|白名单)内?的(?=[\u4e00-\u9fff])",  # 纳入名单的
    "知名(?=[\u4e00-\u9fff]{0,6}(?:机构|企业|高校))",  # 知名仲裁机构
    "(?:连续|近)[一二两三四五六七八九十\\d]+年[^,，。；;]{2,20}的",  # 近三年无违法记录的
)


def offers_in(text: str, start: int, end: int) -> list[Offer]:
    """The sentences of a clause's body `[start, end)` of a policy's text, as what they hold out."""
    body = text[start:end]
    return [_offer(text, at, stop) for at, stop in sentences(body, start)]


def conditions_in(text: str, offset: int = 0) -> list[Condition]:
    """The conditions of a sentence, in its order; places count from `offset`.

    >>> [(c.words, c.about.value) for c in conditions_in("支持符合条件的区域内企业申请")]
    [('符合条件的', 'open'), ('区域内', 'place')]
    """
    found = [
        *_places(text),
        *_standings(text),
        *_figures(text),
        *_fields(text),
        *_origins(text),
        *_kinds(text),
        *_open(text),
    ]
    kept: list[Condition] = []
    for one in found:
        if not any(one.start < other.end and other.start < one.end for other in kept):
            kept.append(one)
    moved = (_moved(one, offset) for one in sorted(kept, key=lambda one: one.start))
    return list(moved)


def _offer(text: str, start: int, end: int) -> Offer:
    sentence = text[start:end]
    gives, opens = _GIVES.search(sentence), _OPENS.search(sentence)
    how = Offers.GIVES if gives else Offers.OPENS if opens else Offers.WORKS
    if _DENIES.search(sentence):
        how = Offers.WORKS
    stop = len(sentence.rstrip("。；;!？?"))
    first = gives or opens
    at = _phrase_start(sentence, first.start()) if first and stop > LONGEST else 0
    if stop - at > LONGEST:
        cut = max(sentence.rfind(mark, at + 1, at + LONGEST) for mark in ",，、")
        stop = cut if cut > at else at + LONGEST
    return Offer(how, start + at, start + stop, (start, end))


def _phrase_start(sentence: str, at: int) -> int:
    """The start of the phrase in which a cue stands, so that a quote says of what."""
    return max(sentence.rfind(mark, 0, at) for mark in ",，；;:：") + 1 if at else 0


def _moved(one: Condition, offset: int) -> Condition:
    return Condition(
        one.about, one.words, one.start + offset, one.end + offset, one.name, one.bound, one.served
    )


def _made(
    about: Bounded, text: str, start: int, end: int, name: str = "", **more: object
) -> Condition:
    return Condition(about, text[start:end], start, end, name, **more)  # type: ignore[arg-type]


def _places(text: str) -> Iterator[Condition]:
    for found in _REGISTERED.finditer(text):
        yield _made(Bounded.PLACE, text, found.start(), found.end(), found["name"])
    for pattern in (_NAMED_AREA, _OF_AREA, _BODY):
        for found in pattern.finditer(text):
            yield _made(Bounded.PLACE, text, *found.span("name"), found["name"])
    for found in _HERE.finditer(text):
        yield _made(Bounded.PLACE, text, *found.span("here"))


def _standings(text: str) -> Iterator[Condition]:
    for found in kinds().standings_in(text):
        if not _ASPIRED.search(text[: found.start]):
            yield _made(Bounded.STANDING, text, found.start, found.end, found.name)


def aspired_in(text: str) -> Iterator[str]:
    """Standings that a sentence helps to gain: who holds one has no need of it."""
    for found in kinds().standings_in(text):
        if re.search("(?:申请|申报|成为)[^,，。；;]{0,6}$", text[: found.start]):
            yield found.name


def _kinds(text: str) -> Iterator[Condition]:
    """Kinds that are the object of a sentence: not those named beside it (与公立医院合作)."""
    for found in kinds().kinds_in(text):
        before, after = text[max(0, found.start - 6) : found.start], text[found.end :]
        if not (_BESIDE.search(before) or _IN_A_NAME.match(after)):
            served = bool(_SERVED.search(before))
            yield _made(Bounded.KIND, text, found.start, found.end, found.name, served=served)


def _figures(text: str) -> Iterator[Condition]:
    for bound in bounds_in(text):
        yield _made(Bounded.FIGURE, text, bound.start, bound.end, bound.quantity, bound=bound)


def _fields(text: str) -> Iterator[Condition]:
    for found in _FIELD.finditer(text):
        verbs = _FIELD_VERBS.match(found["name"])
        start = found.start() + (verbs.end() if verbs else 0)
        opened = text[found.end() : found.end() + 1] not in (",", "，") or _FIELD_OPENS.search(
            text[: found.end("name")]
        )
        if opened and found.end("name") - start >= 2 and text[start : found.end("name")] != "重点":
            yield _made(Bounded.FIELD, text, start, found.end(), text[start : found.end("name")])


def _origins(text: str) -> Iterator[Condition]:
    for found in _ORIGIN.finditer(text):
        yield _made(Bounded.ORIGIN, text, found.start(), found.end(), found["name"])


def _open(text: str) -> Iterator[Condition]:
    for found in _OPEN.finditer(text):
        yield _made(Bounded.OPEN, text, found.start(), found.end())


def served_first(conditions: Iterable[Condition]) -> list[Condition]:
    """Where a sentence says whom others are to serve, what it says of those others bounds nobody.

    支持区域内银行参与业务,提升服务小微企业能力: for 小微企业, wherever the bank may be.
    """
    listed = list(conditions)
    if not any(one.served for one in listed):
        return listed
    others = {one.start for one in listed if one.about is Bounded.KIND and not one.served}
    return [
        one
        for one in listed
        if one.start not in others and not (one.about is Bounded.PLACE and one.end in others)
    ]
