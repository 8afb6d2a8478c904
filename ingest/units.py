"""Names of units (单位): which strings are one, and which names mean the same one.

The table `data/departments.tsv` holds the standard departments with their usual forms; every
other name stands for itself. A level (区、市、县、省) or a place (闵行区) in front belongs to the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from settings import ROOT

TABLE = ROOT / "data" / "departments.tsv"
_LEVELS = "区市县省镇"
PLACE_SIZES = (2, 3)  # characters of 闵行 and 浦东新, before their 区
_LEVEL = re.compile(rf"^(?:国家|[{_LEVELS}])")
_ENDINGS = (
    "局|委|办|厅|署|处|部|院|所|站|会|团|队|社|馆|行|公司|集团|中心|海关|管委会|委员会|办公室|政府|"
    "街道|镇|乡|村|园区|工业区|开发区|科技城|学校|大学|医院|银行|协会|商会|联盟|单位|部门|企业"
)
_LOOKS_LIKE_UNIT = re.compile(
    rf"^[\u4e00-\u9fa5A-Za-z0-9（）()·“”\"]{{1,30}}?(?:{_ENDINGS})(?:[（(][^（()）]{{1,12}}[)）])?$"
)
_ANY_LEVEL = re.compile(rf"国家|[{_LEVELS}]")


@cache
def departments() -> dict[str, tuple[str, ...]]:
    """The table: short official name, without its level, to its other forms."""
    rows = {}
    for line in TABLE.read_text("utf-8").splitlines():
        if line and not line.startswith("#"):
            name, _, forms = line.partition("\t")
            rows[name] = tuple(forms.split())
    return rows


@cache
def _official() -> dict[str, str]:
    """Every form of a department's name to its short official one."""
    forms = {form: name for name, all_forms in departments().items() for form in all_forms}
    return forms | {name: name for name in departments()}


def canonical(name: str) -> str:
    """The one name of a unit: `闵行区发展和改革委员会` and `区发改委` are `区发展改革委`.

    Blanks are dropped. A name outside the table is its own canonical name.
    """
    bare = re.sub(r"\s", "", name)
    core = _core(bare)
    if core not in _official():
        bare = _without_place(bare)
        core = _core(bare)
    return bare.removesuffix(core) + _official().get(core, core)


def _without_place(name: str) -> str:
    """闵行区发改委 is 区发改委: a place is dropped where its level and a department follow."""
    placed = (name[size:] for size in PLACE_SIZES if name[size : size + 1] in tuple(_LEVELS))
    return next((rest for rest in placed if rest[1:] in _official()), name)


def _core(name: str) -> str:
    """A name without its level; the 市 of 市场监管局 is none."""
    return name if name in _official() else _LEVEL.sub("", name)


def looks_like_unit(name: str) -> bool:
    """Whether a string reads as the name of an office, a company or a body of any kind."""
    return bool(_LOOKS_LIKE_UNIT.match(name)) or _core(name) in _official()


def aliases(unit: str) -> Iterator[str]:
    """Every form in which people write a canonical unit, the unit itself among them.

    `区市场监管局` is also 市场监管局, 区市监局, 市监局 and 区市场监督管理局. A form of one or two
    characters that a table row gives, such as 科委, is a form too; a bare 区 never is.
    """
    yield unit
    short = unit.partition("（")[0].partition("(")[0]
    if short != unit and len(short) > 2:
        yield short
    official = canonical(unit)
    core = _core(official)
    level = official.removesuffix(core)
    for form in (core, *departments().get(core, ())):
        yield level + form
        if core in departments():
            yield form


def alias_table(units: Iterable[str]) -> dict[str, tuple[str, ...]]:
    """Every form to the units it may mean, for the units that are known.

    A department's kind alone (海关) means each unit of that kind, unless one has just that name.
    """
    table: dict[str, list[str]] = {}
    units = sorted(set(units))
    for unit in units:
        for form in aliases(unit):
            table.setdefault(form, [])
            if unit not in table[form]:
                table[form].append(unit)
    for kind in departments():
        alike = [unit for unit in units if unit.endswith(kind)]
        if alike and kind not in table:
            table[kind] = alike
    return {form: tuple(meant) for form, meant in table.items()}


def names_in(text: str) -> Iterator[tuple[int, int, str]]:
    """Departments that a text names by a standard form with its level: (start, end, canonical)."""
    for level in _ANY_LEVEL.finditer(text):
        core = _longest_form(text, level.end())
        if core:
            yield level.start(), level.end() + len(core), canonical(level[0] + core)


def _longest_form(text: str, start: int) -> str:
    forms = (text[start : start + length] for length in range(16, 1, -1))
    return next((form for form in forms if form in _official()), "")
