"""Names of units (单位): which strings are one, and which names mean the same one.

The table `data/departments.tsv` holds the standard departments with their usual forms; every
other name stands for itself. A level (区、市、县、省) or a place (闵行区) in front belongs to the name.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cache

from errors import BadSettings
from settings import ROOT, load_settings

TABLE = ROOT / "data" / "departments.tsv"
_LEVELS = "区市县省镇"
_PLACE = re.compile(rf"^(?:[\u4e00-\u9fa5]{{2,8}}?[省市州])?[\u4e00-\u9fa5]{{1,5}}?[{_LEVELS}]")
_LEVEL = re.compile(rf"^(?:国家|[{_LEVELS}])")
_ENDINGS = (
    "局|委|办|厅|署|处|部|院|所|站|会|团|队|社|馆|行|室|联|科协|台|公司|集团|中心|海关|管委会|委员会|办公室|政府|"
    "街道|镇|乡|村|园区|工业区|开发区|科技城|学校|大学|医院|银行|协会|商会|联盟|单位|部门|企业"
)
_LOOKS_LIKE_UNIT = re.compile(
    rf"^[\u4e00-\u9fa5A-Za-z0-9（）()·“”\"]{{1,30}}?(?:{_ENDINGS})(?:[（(][^（()）]{{1,12}}[)）])?$"
)
_TYPE = re.compile(r"(?:分局|局|委|办|厅|署|中心|大队|支队|总队|部|会)$")
_ENDS = re.compile(rf"(?:{_ENDINGS})$")
_ANY_LEVEL = re.compile(rf"国家|[{_LEVELS}]")


@cache
def departments() -> dict[str, tuple[str, ...]]:
    """The table: short official name, without its level, to its other forms.

    The rows of the file that `WENCE_UNITS` names are laid over it. Raises `BadSettings` where that
    file cannot be read.
    """
    own = load_settings().units
    rows = _rows(TABLE.read_text("utf-8"))
    if own is None:
        return rows
    try:
        added = _rows(own.read_text("utf-8-sig"))
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings(
            f"单位表 {own} 读不出来({error})，请检查 WENCE_UNITS；每行是单位名、制表符、其他写法"
        ) from None
    taken = {form for name, forms in added.items() for form in (name, *forms)}
    kept = {
        name: tuple(form for form in forms if form not in taken)
        for name, forms in rows.items()
        if name not in taken
    }
    return kept | added


def _rows(text: str) -> dict[str, tuple[str, ...]]:
    rows = {}
    for line in text.splitlines():
        if line.strip() and not line.startswith("#"):
            name, _, forms = line.partition("\t")
            rows[name.strip()] = tuple(forms.split())
    return rows


@cache
def _official() -> dict[str, str]:
    """Every form of a department's name to its short official one."""
    forms = {form: name for name, all_forms in departments().items() for form in all_forms}
    return forms | {name: name for name in departments()}


def canonical(name: str, region: str | None = None) -> str:
    """The one name of a unit: `闵行区发展和改革委员会` and `区发改委` are `区发展改革委`.

    Blanks are dropped, and so is a second name in brackets: 省市场监管局（省知识产权局）. A name
    outside the table is its own canonical name. In a document of a `region` only the place of that
    region is dropped: 浦东新区商务委 stays another unit than the 区商务委 of 闵行区.
    """
    bare = _without_second_name(re.sub(r"\s", "", name))
    core = _core(bare)
    if core not in _official():
        bare = _without_place(bare, region)
        core = _core(bare)
    one = _official().get(core, core)
    return bare.removesuffix(core) + (one if _is_short_of(core, one) else core)


def _is_short_of(form: str, official: str) -> bool:
    """Whether two forms name one body: one leaves out characters of the other, and both are of one
    type. 发改委 is 发展改革委; 公安局 is no 公安分局, 水利局 no 水务局, whatever people call them."""
    short, full = sorted((form, official), key=len)
    rest = iter(full)
    within = all(char in rest for char in short)
    types = {found[0] for name in (form, official) if (found := _TYPE.search(_plain_type(name)))}
    return len(types) < 2 and within


def _plain_type(name: str) -> str:
    return name.replace("委员会", "委").replace("办公室", "办")


def _without_second_name(name: str) -> str:
    first, opened, second = name.replace("(", "\uff08").partition("\uff08")
    whole = opened and first and second.rstrip("\uff09)") != second
    return first if whole and looks_like_unit(first) and _ENDS.search(second[:-1]) else name


def _without_place(name: str, region: str | None) -> str:
    """闵行区发改委 is 区发改委: a place is dropped where its level and a department follow."""
    place = _PLACE.match(name)
    if not place or name[place.end() :] not in _official():
        return name
    above = place[0][-1] in "省市" and not re.search("[省市]", region or "")
    ours = region is None or place[0] in region or region in place[0] or above
    return name[place.end() - 1 :] if ours else name


def is_department(name: str) -> bool:
    """Whether a name is one of the table, in any form and of any level."""
    return _core(name) in _official()


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
    row = _official().get(core, core)
    for form in (core, row, *departments().get(row, ())):
        yield level + form
        if row in departments():
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
    table |= {unit: [unit] for unit in units}  # who is named exactly is meant
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
