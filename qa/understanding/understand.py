"""A question's text to a `Reading`: what is named is taken out, what is left says the matter."""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable
from dataclasses import dataclass, replace

from domain import Role
from numerals import to_int
from qa.attributes import CLAIMED, QUANTITY
from qa.knowledge import Knowledge
from qa.places import of_place, strangers, years_in
from qa.reading import Bounds, ItemNumber, Kind, Numbered, Reading, UnitAsk
from qa.text import plain
from qa.topic import Topic, content_words
from qa.understanding import cues
from qa.understanding.asked import Asked, read_asked
from qa.understanding.bounds import NEGATED, take_bounds
from qa.understanding.comparing import read_comparison
from qa.understanding.due import Due, take_due
from qa.understanding.leaning import DONE, LEANING, PRONOUN
from qa.understanding.mentions import (
    SaidRole,
    bind_roles,
    by_own_word,
    find_section,
    take_mentioned,
    take_policies,
    take_roles,
    take_units,
    whole_section,
)
from qa.understanding.numbered import take_numbers
from qa.understanding.scan import Scan
from qa.understanding.scope import out_of_scope
from qa.understanding.worth import Worth, take_worth

_LITERAL = re.compile(r"[“\"‘「]([^”\"’」]{1,30})[”\"’」]")
_OF_A_MATTER = (
    "date",
    "deadline",
    "duration",
    "money",
    "area",
    "address",
)  # 低空经济任务什么时候完成
SAYS_TITLE = 0.75  # of a matter's weight, that a title must hold to be of it
_STRUCTURAL = (
    Kind.SELECT,
    Kind.DUE,
    Kind.AMOUNT,
    Kind.RANK,
    Kind.UNITS,
    Kind.SECTIONS,
    Kind.CARD,
    Kind.ITEM,
)

_OF_ITSELF = (Kind.SECTIONS, Kind.CARD, Kind.ABOUT, Kind.DUE, Kind.AMOUNT, Kind.RANK)


@dataclass(frozen=True, slots=True)
class Named:
    """All that a question names."""

    policies: tuple[str, ...] | None
    mentioned: tuple[str, ...]
    units: list[tuple[int, UnitAsk]]
    unknown: tuple[str, ...]
    bounds: Bounds
    numbers: tuple[ItemNumber, ...]
    roles: list[SaidRole]
    claim: bool
    claimed: int | None
    due: Due | None = None
    worth: Worth | None = None
    titled: str = ""  # the title of an item, as it stands in the question
    quoted: tuple[str, ...] = ()
    said: str = ""
    coined: bool = False  # whether a term that the documents coined is left
    place: int = 0  # in an order from the most; 0 where none is asked for


def understand(part: str, knowledge: Knowledge, allowed: Collection[str]) -> Reading:
    """Read one question on its own; what it leaves to the conversation stays open."""
    text = cues.GREETING.sub("", part) or part
    text = cues.ONE_ROLE.sub(r"\g<role>", cues.OTHER_ROLE.sub("", text))
    if out_of_scope(text, knowledge.whole_text):
        return Reading(Kind.DECLINE, part)
    if (compared := read_comparison(text, knowledge, allowed)) is not None:
        return compared
    scan = Scan(text)
    named, asked = _read(scan, knowledge)
    section, policies = _section(scan, named, asked, knowledge, allowed)
    topic = _topic_left(scan, named, asked, knowledge.regions)
    topic = f"{named.titled} {topic}".strip()
    named = replace(named, coined=any(term in topic for term in knowledge.coined))
    if asked.structural and policies and _of_title(topic, policies, knowledge):
        topic = ""
    kind = _kind(text, named, asked, topic, section)
    if _of_whole(text, kind, named, topic):
        kind = Kind.ABOUT
    of_itself = kind is Kind.FACT and asked.card and not (named.units or named.numbers)
    if of_itself and (alone := _by_its_title(topic, policies or allowed, knowledge)):
        kind, policies, topic = Kind.CARD, (alone,), ""
    focus = _by_title(named, kind, policies, knowledge, allowed)
    if kind is Kind.UNCLEAR and (asked.attribute or asked.quantity):
        focus, _ = whole_section(text, knowledge, named.policies or allowed)
        kind = Kind.FACT if focus or (named.policies and asked.quantity) else kind
    if policies is None and kind in _STRUCTURAL and not cues.MENTIONING.search(text):
        policies = by_own_word(topic, knowledge)
        topic = "" if policies else topic
    if kind is not Kind.APPLY:  # what applies to a place may be of the one above
        of_places = of_place(_without_units(text, named), knowledge, allowed)
        policies = _narrowed(policies, of_places)
    leans = bool(LEANING.search(text) or PRONOUN.search(text))
    ground = knowledge.ground_of(policies) if policies else knowledge.ground
    away = tuple(strangers(text.replace(named.due.said, " ") if named.due else text, ground))
    anchors = tuple(dict.fromkeys((*away, *years_in(topic))))
    return Reading(
        kind=kind,
        text=text,
        topic=topic,
        policies=policies,
        numbers=named.numbers,
        units=bind_roles(named.units, named.roles),
        unknown_units=named.unknown,
        roles=_roles(named, kind),
        bounds=named.bounds,
        section=section,
        count=asked.count,
        most=asked.most or named.place > 0,
        place=named.place or 1,
        claim=named.claim,
        claimed=named.claimed,
        literal=named.mentioned or named.quoted,
        either=len(named.mentioned) > 1,
        focus=focus,
        attribute=asked.attribute,
        quantity=asked.quantity,
        due=named.due,
        worth=named.worth,
        elsewhere=next((n for n in away if not _spoken_of(n, kind, policies, knowledge)), ""),
        anchors=anchors if kind is not Kind.APPLY else (),
        leans=leans,
        complete=not leans and _complete(named, asked, kind),
    )


def _narrowed(
    named: tuple[str, ...] | None, of_places: tuple[str, ...] | None
) -> tuple[str, ...] | None:
    """The documents named, those of the places named where a loose name (管理办法) is of several."""
    if named is None or of_places is None:
        return of_places if named is None else named
    return tuple(one for one in named if one in of_places) or named


def _spoken_of(
    name: str, kind: Kind, policies: tuple[str, ...] | None, knowledge: Knowledge
) -> bool:
    """Whether a document that may answer speaks of a place or a year, though none is of it.

    A list or a count is one of the documents named, or of those at home.
    """
    ids = policies or (knowledge.home if kind in _STRUCTURAL else ())
    if not ids:
        return name in knowledge.whole_text
    return any(name in knowledge.policies[one].text for one in ids)


def _by_its_title(topic: str, policies: Collection[str], knowledge: Knowledge) -> str | None:
    """The one document whose title says what is asked of, in these words or others of the thesaurus."""
    matter = Topic.of(topic)
    shares = {
        one: matter.coverage(plain(knowledge.policies[one].title)) for one in sorted(policies)
    }
    said = [one for one, share in shares.items() if share >= SAYS_TITLE]
    return said[0] if matter.tells and len(said) == 1 else None


def _of_title(topic: str, policies: Collection[str], knowledge: Knowledge) -> bool:
    """Whether all words of a matter are of the title of the one document named."""
    titles = [plain(knowledge.policies[policy_id].title) for policy_id in policies]
    left = content_words(topic)
    return len(titles) == 1 and bool(left) and all(word in titles[0] for word in left)


def _without_units(text: str, named: Named) -> str:
    """A question without the units it names: 临江市财政局 is a unit, 临江市的财政局 one of a place."""
    for _, unit in named.units:
        text = text.replace(unit.name, " ")
    return text


def _by_title(
    named: Named,
    kind: Kind,
    policies: Collection[str] | None,
    knowledge: Knowledge,
    allowed: Collection[str],
) -> tuple[str, ...]:
    """The items that the question names by their title, where it asks of them alone."""
    if not named.titled or kind not in (Kind.WHO, Kind.ITEM, Kind.FACT):
        return ()
    return knowledge.titles.items(named.titled, allowed if policies is None else policies)


def _complete(named: Named, asked: Asked, kind: Kind) -> bool:
    """A list or a count that says itself of what: 哪些任务没有配合单位, 哪个单位牵头最多."""
    bounded = named.bounds.on_items or named.bounds.on_units or bool(named.mentioned)
    bounded = bounded or bool(named.titled)
    of_items = asked.structural and asked.items and kind is not Kind.WHO and not named.numbers
    return bounded or asked.most or of_items or kind in _OF_ITSELF


def _roles(named: Named, kind: Kind) -> tuple[Role, ...]:
    """The roles asked for; one said to be lacking is asked for where a matter is named."""
    said = [said.role for said in named.roles if said.role]
    denied = named.bounds.lacking if kind is Kind.WHO else ()
    if named.bounds.both_roles and kind is Kind.SELECT:
        denied = (Role.LEAD, Role.COOPERATE)
    return tuple(dict.fromkeys([*said, *denied]))


def _read(scan: Scan, knowledge: Knowledge) -> tuple[Named, Asked]:
    """Names first, since a unit or a title may hold words that ask; then what is asked."""
    claim = bool(scan.take(cues.CLAIM))
    policies = take_policies(scan, knowledge)
    titled = _take_titled(scan, knowledge)
    quoted = tuple(_LITERAL.findall(scan.rest))
    mentioned = take_mentioned(scan, knowledge)
    units, unknown = take_units(scan, knowledge, policies or ())
    bounds = take_bounds(scan)
    due = None if mentioned else take_due(scan)
    worth = None if mentioned or due else take_worth(scan)
    place = _take_place(scan)
    numbers = take_numbers(scan)
    who = scan.sees(cues.WHO)
    roles = take_roles(scan)
    if _asks_whether(scan) and not (roles or who):  # 存在海关仓库里的东西: a kind, no one unit
        units = [(at, ask) for at, ask in units if len(ask.units) == 1]
    claim = claim or _is_claim(scan, bool(units or unknown), bool(numbers), who)
    titles = "".join(plain(knowledge.policies[one].title) for one in policies or ())
    asked = read_asked(scan, who, titles)
    claimed = _claimed_count(scan, claim, asked)
    named = Named(
        policies,
        mentioned,
        units,
        unknown,
        bounds,
        numbers,
        roles,
        claim,
        claimed,
        due,
        worth,
        titled,
        quoted,
        scan.text,
        place=place,
    )
    return named, asked


def _take_titled(scan: Scan, knowledge: Knowledge) -> str:
    """The title of an item: in quotes, or bare where the question asks who does it."""
    text = scan.left
    found = knowledge.titles.quoted(text)
    if not found and (cues.ROLE.search(text) or cues.WHO.search(text)):
        found = knowledge.titles.bare(text)
    if not found:
        return ""
    scan.blot(found[0], found[1])
    return found[2]


def _take_place(scan: Scan) -> int:
    """The place in an order that a question asks for: 牵头任务排第二的单位."""
    found = scan.take(cues.PLACE)
    return to_int(next(group for group in found[0].groups() if group)) or 1 if found else 0


_SOME = re.compile("[一两](?:个|家|件)(?!月|季|工)")  # 建一个: a thing, no figure


def _asks_whether(scan: Scan) -> bool:
    return scan.sees(cues.YES_NO) or scan.sees(cues.IS_IT)


def _is_claim(scan: Scan, units: bool, numbers: bool, who: bool) -> bool:
    """`区教育局牵头低空经济吗`, `面积是50平方公里吧`: a unit or a figure put up for a yes or no."""
    asks = who or scan.sees(cues.LIST_ITEMS) or scan.sees(cues.COUNT_ITEMS)
    if asks or QUANTITY.search(scan.text):
        return False
    if not units:
        last = _SOME.sub(" ", re.split("[,。;]", scan.text.rstrip("?!。,"))[-1])
        return bool(CLAIMED.search(last) and cues.YES_NO.search(last))
    return _asks_whether(scan) or (numbers and scan.sees("是"))


def _claimed_count(scan: Scan, claim: bool, asked: Asked) -> int | None:
    """The number of items that a question puts up for a yes or no; it leaves the question."""
    if asked.structural or asked.who or not (claim or scan.sees(cues.YES_NO)):
        return None
    found = scan.take(cues.CLAIMED_COUNT)
    return to_int(found[0][1]) if found else None


def _section(
    scan: Scan, named: Named, asked: Asked, knowledge: Knowledge, allowed: Collection[str]
) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    """The headings named, and the policies with them.

    Where the ledger is asked, a good part of a heading names it. Elsewhere only a whole heading
    does, and only when nothing but a document's name stands beside it.
    """
    bounds = named.policies or allowed
    if asked.structural or (named.numbers and scan.sees(cues.SECTION_NOUN)):
        section = find_section(
            scan, knowledge, named.policies or knowledge.home & set(allowed) or allowed
        )
        if section:
            scan.take(cues.SECTION_NOUN)
        return section, named.policies
    section, rest = whole_section(scan.rest, knowledge, bounds)
    own = by_own_word(rest, knowledge)
    alone = bool(own) or not Topic.of(rest, asked.nouns).tells
    figure = asked.quantity or asked.attribute not in ("", "place")
    if not section or not alone or named.units or named.roles or figure:
        return (), named.policies
    for found in re.finditer(r"[^ ]+", scan.rest):
        scan.take(re.escape(found[0]))
    return section, named.policies or own


def _topic_left(scan: Scan, named: Named, asked: Asked, regions: Iterable[str]) -> str:
    """What is left as the matter: without the words of asking, and the place of the documents.

    A unit's name belongs to what an asker says of itself.
    """
    if asked.structural:
        scan.take(cues.INVENTORY)
        scan.take(cues.ITEM_NOUN)
    if asked.sections:
        scan.take(cues.SECTIONS)
    for found in PRONOUN.finditer(scan.text):
        if len(found[0]) > 1 and scan.free(found.start(), found.end()):
            scan.blot(found.start(), found.end())
    for pattern in (cues.COUNT_UNITS, cues.COUNT_ITEMS, cues.LIST_ITEMS, cues.WHO, QUANTITY):
        scan.take(pattern)
    for name in regions:
        scan.take(re.escape(name))
    names = [unit.name for _, unit in named.units] if asked.apply else []
    return " ".join([scan.rest, *names])


def _kind(text: str, named: Named, asked: Asked, topic: str, section: tuple[str, ...]) -> Kind:
    """What is asked; the first line that holds."""
    telling = (
        bool(named.titled or named.quoted) or named.coined or Topic.of(topic, asked.nouns).tells
    )
    units, roles, numbers = named.units, named.roles, named.numbers
    nobody = not (units or roles)
    if named.mentioned and not (asked.who or asked.quantity):
        return Kind.SELECT
    if named.bounds.several and asked.who and telling:
        return Kind.WHO  # 混合用地是哪几个单位共同牵头的
    if named.due and not (asked.who or numbers or named.claim or named.titled):
        return Kind.DUE
    dated = asked.attribute in ("date", "deadline") and asked.items
    bare = not (named.titled or Topic.of(DONE.sub(" ", topic), asked.nouns).tells)
    if dated and units and bare and not (numbers or named.claim):
        return Kind.DUE
    if named.worth and nobody and not (asked.who or numbers or named.claim):
        return Kind.AMOUNT
    if _ranks(text, named):
        return Kind.RANK
    if asked.card == "interpreter":
        return Kind.CARD
    on_units = named.bounds.both_roles or named.bounds.only_role or named.bounds.tasks
    if named.bounds.both_roles and units:
        return Kind.SELECT  # 区卫生健康委既牵头又配合的任务
    if named.bounds.both_roles or (on_units and not units):
        return Kind.UNITS
    if named.claimed is not None:
        return Kind.SELECT
    if asked.sections and not (telling or units or section):
        return Kind.SECTIONS
    if (asked.most or named.place) and (roles or asked.who):
        return Kind.UNITS
    if asked.card and nobody and not telling:
        return Kind.ITEM if numbers and asked.card == "title" else Kind.CARD
    figure = asked.quantity or asked.attribute
    planned = asked.applicable and not (asked.who or asked.quantity)  # 想延长期限,有什么政策
    described = telling and not (numbers or section or ((roles or figure) and not planned))
    if asked.apply and described and (asked.enterprise or nobody):
        return Kind.APPLY
    if units and NEGATED.search(text) and not named.claim:
        return Kind.UNCLEAR
    if named.bounds.lacking and telling and not asked.structural:
        return Kind.WHO
    if named.bounds.on_items:
        return Kind.SELECT
    return _kind_by_units(named, asked, telling) or _kind_by_matter(named, asked, telling, section)


def _ranks(text: str, named: Named) -> bool:
    """Whether items, parts or units named are compared by how many they have."""
    if cues.MOST_ITEM.search(text) or cues.MOST_PART.search(text):
        return True
    return len(named.units) > 1 and bool(cues.COMPARED.search(text))


_MAY = re.compile("(?:可以?|能够?|应当?|有权|必?须|需要?)[^,。]{0,6}(?:哪些|什么|哪几)")
_WHETHER_MAY = re.compile("(?:可以|能|可|要|得|需要)不|(?:可以|能|会)[^,]{2,}[吗么]")
_BY_WHOM = re.compile("由(?:谁|哪)")


def _kind_by_units(named: Named, asked: Asked, telling: bool) -> Kind | None:
    """Questions that name units, roles or numbers; None for the others."""
    someone = bool(named.units or named.unknown)
    which = named.claim or cues.EITHER_ROLE.search(named.said) or cues.OR_OTHER.search(named.said)
    in_prose = named.units and telling and not any(said.role for said in named.roles)
    if in_prose and _MAY.search(named.said):
        return Kind.FACT  # 人民银行调查举报可以采取哪些措施
    if in_prose and _BY_WHOM.search(named.said):
        return Kind.WHO  # 采购办的日常工作由哪个机构承担
    if named.units and named.roles and telling and cues.WHO.search(named.said):
        return Kind.WHO  # 低空经济这条,给区经委打配合的是哪家
    whether_may = named.claim and not named.roles and _WHETHER_MAY.search(named.said)
    if someone and which and (telling or named.numbers) and not whether_may:
        return Kind.WHO
    if named.units and named.numbers and not _only_parts(named):
        return Kind.WHO
    if asked.count_units and (named.numbers or named.titled) and not _only_parts(named):
        return Kind.WHO
    if named.numbers and not (named.roles or asked.who or asked.count):
        return Kind.FACT if asked.attribute or asked.quantity else Kind.ITEM
    counted = telling and asked.quantity and not (asked.items or named.roles)
    if named.units and counted:
        return Kind.FACT  # 区教育局的推荐名额有多少个
    if someone and (named.roles or asked.structural or not telling):
        return Kind.SELECT
    if asked.count_units and not telling and not named.numbers:
        return Kind.UNITS
    meant = asked.who or not telling or any(said.role or said.noun for said in named.roles)
    return _kind_of_who(named, asked, telling) if asked.who or (named.roles and meant) else None


def _only_parts(named: Named) -> bool:
    """Whether the numbers are of parts of a document, which bound a list."""
    return bool(named.numbers) and all(n.series is Numbered.PART for n in named.numbers)


def _kind_of_who(named: Named, asked: Asked, telling: bool) -> Kind:
    as_noun = any(said.noun for said in named.roles)
    if named.roles and not telling and not named.numbers and cues.EACH_ITEM.search(named.said):
        return Kind.SELECT
    if asked.structural and named.roles and not asked.who and not (as_noun and telling):
        return Kind.SELECT
    if not named.roles and (asked.attribute or (telling and not asked.strong_who)):
        return Kind.FACT if telling else Kind.UNCLEAR
    if not telling and not named.numbers and (asked.list_units or named.policies is not None):
        return Kind.UNITS
    return Kind.WHO


def _kind_by_matter(named: Named, asked: Asked, telling: bool, section: tuple[str, ...]) -> Kind:
    of_items = asked.items or not telling or section
    if telling and asked.attribute in _OF_A_MATTER and not (named.numbers or section):
        return Kind.FACT
    if telling and cues.WHAT_IS_DONE.search(named.said) and not (named.numbers or section):
        return Kind.FACT
    if asked.structural and of_items and not (asked.quantity and telling):
        return Kind.SELECT
    if named.numbers:
        return Kind.ITEM
    if section:
        return Kind.SELECT
    on_policy = named.policies is not None and bool(asked.attribute)
    return Kind.FACT if telling or on_policy else Kind.UNCLEAR


def _of_whole(text: str, kind: Kind, named: Named, topic: str) -> bool:
    """Whether a document as a whole is asked of, or the documents that there are."""
    if cues.DOCUMENTS.search(text):
        return True
    nobody = not (named.units or named.unknown or named.roles or named.numbers)
    if named.policies is not None and nobody and "适用" in text and kind is not Kind.APPLY:
        kind = Kind.UNCLEAR if kind in (Kind.WHO, Kind.UNITS) else kind
    if named.policies is None or kind not in (Kind.UNCLEAR, Kind.FACT, Kind.CARD) or not nobody:
        return False
    patterns = [cues.ABOUT, *(asked for asked, _ in cues.GOAL)]
    found = [pattern for pattern in patterns if pattern.search(text)]
    rest = topic
    for pattern in found:
        rest = pattern.sub(" ", rest)
    return bool(found) and not Topic.of(rest).tells
