"""What the wording of a question asks for, read once its names are out of it."""

from __future__ import annotations

import re
from dataclasses import dataclass

from qa import cues
from qa.attributes import QUANTITY, attribute_asked
from qa.scan import Scan

_CARD = (
    ("doc_no", re.compile(r"文号|发文号|几号文|文件号|文件编号")),
    ("issued", re.compile(
        r"(?:什么时候|啥时候|何时|哪天|哪一天|哪年|哪一年|几月|几号|时间|日期)[^,]{0,6}(?:印发|发布|出台|下发|发文|公布|成文|发)"
        r"|(?:印发|发布|出台|下发|发文|公布|成文)(?:的)?(?:时间|日期|是什么时候|是哪天|于何时)"
    )),
    ("issuer", re.compile(
        r"(?:谁|哪个单位|哪个部门|哪里|哪级|哪个机关|哪家)[^,]{0,4}(?:印发|发布|出台|制定|下发|发文|发的|公布)"
        r"|(?:印发|发布|发文|制定)(?:机关|单位|部门|机构)|(?:是)?谁(?:印)?发的"
    )),
    ("title", re.compile(r"全称|标题|全名|完整名称|叫什么|名称是什么")),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Asked:
    """The cues of a question.

    `count`, `items`, `sections` and `listing` ask the ledger for numbers and lists; `who` asks for
    units, `strong_who` in words that leave no doubt, `list_units` for many. `nouns` are words for
    the asked kind of fact.
    """

    who: bool
    strong_who: bool
    list_units: bool
    count_units: bool
    count: bool
    items: bool
    sections: bool
    listing: bool
    most: bool
    apply: bool
    enterprise: bool
    card: str
    attribute: str
    quantity: str
    nouns: re.Pattern[str] | None

    @property
    def structural(self) -> bool:
        """Whether the ledger or the outline answers, rather than a sentence."""
        return self.count or self.listing


def read_asked(scan: Scan, who: bool) -> Asked:
    """The cues in what is left of a question; words for a document's card leave it."""
    text = scan.text
    card = next((name for name, pattern in _CARD if scan.take(pattern)), "")
    row = None if card else attribute_asked(text)
    count_units = scan.sees(cues.COUNT_UNITS) or bool(cues.COUNT_UNITS.search(text))
    sections = scan.sees(cues.SECTIONS)
    count = scan.sees(cues.COUNT_ITEMS) or count_units or sections
    quantity = None if count else QUANTITY.search(text)
    items = scan.sees(cues.ITEM_NOUN)
    mentions = scan.sees(cues.MENTIONING) and items and not who
    return Asked(
        who=who,
        strong_who=bool(cues.STRONG_WHO.search(text)),
        list_units=bool(cues.LIST_UNITS.search(text)),
        count_units=count_units,
        count=count,
        items=items,
        sections=sections,
        listing=scan.sees(cues.LIST_ITEMS) or mentions,
        most=scan.sees(cues.MOST),
        apply=bool(cues.ASKER.search(text) and cues.BENEFIT.search(text)),
        enterprise=bool(cues.ENTERPRISE.search(text)),
        card=card,
        attribute=card or (row.name if row else ""),
        quantity=quantity["measure"] if quantity else "",
        nouns=row.nouns if row else None,
    )
