"""Any text comes back whole; any outline that is printed in some styles is read back as it was."""

from dataclasses import dataclass, field

from hypothesis import given, settings
from hypothesis import strategies as st

from domain import Clause
from ingest.document import Cut, ResidueKind, Source, restore, settle
from ingest.outline.clauses import split_clauses
from numerals import to_chinese

WORDS = st.text("优化营商环境推动产业升级加强服务保障", min_size=2, max_size=12)
FULL = str.maketrans("0123456789", "０１２３４５６７８９")
CIRCLED = "①②③④⑤⑥⑦⑧⑨⑩⑪⑫⑬⑭⑮⑯⑰⑱⑲⑳"
PRINTED = {  # a style's forms: what stands for the number n at the head of a line
    "part": (lambda n: f"{to_chinese(n)}、",),
    "measure": (lambda n: f"（{to_chinese(n)}）", lambda n: f"({to_chinese(n)})"),
    "task": (
        lambda n: f"{n}.",
        lambda n: f"{n}、",
        lambda n: f"{n}．",
        lambda n: f"{n}".translate(FULL) + "．",
        lambda n: f"**{n}.**",
    ),
    "sub": (lambda n: f"（{n}）", lambda n: f"({n})"),
    "half": (lambda n: f"{n}）",),
    "circled": (lambda n: CIRCLED[n - 1],),
}
USUAL = ("part", "measure", "task", "sub", "circled")
STATUTE = {
    "chapter": lambda n: f"第{to_chinese(n)}章　",
    "section": lambda n: f"第{to_chinese(n)}节　",
    "article": lambda n: f"第{to_chinese(n)}条　",
    "measure": lambda n: f"（{to_chinese(n)}）",
}


@dataclass
class Item:
    """An item of an outline that a test prints: its words and what stands under it."""

    words: str
    below: list["Item"] = field(default_factory=list)


def trees(depth: int, *, most: int = 3) -> st.SearchStrategy[list[Item]]:
    """Outlines of at most so many levels, with items at each that have some below them or none."""
    if depth == 1:
        return st.lists(st.builds(Item, WORDS), min_size=1, max_size=most)
    below = st.one_of(st.just([]), trees(depth - 1, most=most))
    return st.lists(st.builds(Item, WORDS, below), min_size=1, max_size=most)


def whole(depth: int) -> st.SearchStrategy[list[Item]]:
    """Outlines in which every item above the last level has some below it, and each has a sibling."""
    below = st.just([]) if depth == 1 else whole(depth - 1)
    return st.lists(st.builds(Item, WORDS, below), min_size=2, max_size=3)


def printed(items: list[Item], styles: list, depth: int = 0) -> list[tuple[int, str, str]]:
    """Lines in order: depth, number, words."""
    lines = []
    for number, item in enumerate(items, 1):
        lines.append((depth, styles[depth](number), item.words))
        lines += printed(item.below, styles, depth + 1)
    return lines


def read(text: str) -> list[Clause]:
    document = settle(Source(text))
    clauses = split_clauses("p", document)
    assert "".join(clause.text for clause in clauses) == text
    assert len({clause.id for clause in clauses}) == len(clauses)
    return clauses


def outline(clauses: list[Clause]) -> list[tuple[int, str]]:
    """Depth and number of each item."""
    return [(len(c.section), c.number) for c in clauses if c.number]


def expected(lines: list[tuple[int, str, str]]) -> list[tuple[int, str]]:
    return [(depth, number.strip("*").rstrip(".．、　") if len(number) > 1 else number)
            for depth, number, _ in lines]  # fmt: skip


def bare(number: str) -> str:
    return number.removesuffix("）") if number[:1].isdigit() else number


@given(st.data())
def test_any_outline_in_the_usual_order_is_read_back(data: st.DataObject) -> None:
    first = data.draw(st.integers(0, len(USUAL) - 1))
    names = data.draw(st.lists(st.sampled_from(USUAL[first:]), min_size=1, max_size=4, unique=True))
    names.sort(key=USUAL.index)
    styles = [data.draw(st.sampled_from(PRINTED[name])) for name in names]
    lines = printed(data.draw(trees(len(names))), styles)
    alone = data.draw(st.booleans())
    text = "".join(f"{number}{chr(10) if alone else ''}{words}。\n" for _, number, words in lines)
    assert outline(read(text)) == [(depth, bare(number)) for depth, number in expected(lines)]


@given(st.data())
@settings(max_examples=200)
def test_an_outline_in_any_order_of_styles_is_read_back(data: st.DataObject) -> None:
    names = data.draw(st.permutations(sorted(PRINTED)).map(lambda order: order[:3]))
    styles = [data.draw(st.sampled_from(PRINTED[name])) for name in names]
    lines = printed(data.draw(whole(len(names))), styles)
    text = "".join(f"{number}{words}。\n" for _, number, words in lines)
    assert outline(read(text)) == [(depth, bare(number)) for depth, number in expected(lines)]


@given(st.data())
def test_numbers_that_run_through_the_headings_are_read_back(data: st.DataObject) -> None:
    sections = data.draw(st.lists(st.integers(1, 3), min_size=2, max_size=4))
    parts = data.draw(st.booleans())
    lines, number = [], 0
    for place, size in enumerate(sections, 1):
        lines.append(
            (0, f"{to_chinese(place)}、" if parts else f"（{to_chinese(place)}）", "重点任务")
        )
        for _ in range(size):
            number += 1
            lines.append((1, f"{number}.", "推动产业升级。优化服务"))
    text = "".join(f"{number}{words}。\n" for _, number, words in lines)
    assert outline(read(text)) == expected(lines)


@given(whole(3), st.booleans())
def test_a_statute_is_read_back(chapters: list[Item], sections: bool) -> None:
    """Articles run through all the chapters."""
    styles = [STATUTE["chapter"], *([STATUTE["section"]] if sections else []), STATUTE["article"]]
    if not sections:
        styles.append(STATUTE["measure"])
    articles = 0
    rows: list[tuple[int, str, str]] = []
    for depth, number, words in printed(chapters, styles):
        if number.endswith("条　"):
            articles += 1
            number = STATUTE["article"](articles)
        rows.append((depth, number, words))
    text = "".join(
        f"{number}{words}{'' if depth == 0 else '。'}\n" for depth, number, words in rows
    )
    assert outline(read(text)) == expected(rows)


TEXT = st.text(
    st.one_of(
        st.sampled_from("一二三、（）()1234.．①②第条章节附件：。；\n\n 　\t#*|"),
        st.characters(exclude_categories=["Cs"]),
    ),
    max_size=300,
)


@given(TEXT)
@settings(max_examples=300)
def test_any_text_is_parted_without_loss(text: str) -> None:
    read(text)


@given(TEXT, st.lists(st.tuples(st.integers(0, 300), st.integers(0, 40))), st.integers(0, 300))
def test_clauses_and_residue_give_the_source_back(
    text: str, spans: list[tuple[int, int]], page: int
) -> None:
    kinds = list(ResidueKind)
    cuts = tuple(
        Cut(min(at, len(text)), min(at + size, len(text)), kinds[at % len(kinds)])
        for at, size in spans
    )
    source = Source(text, pages=(0, min(page, len(text))), cuts=cuts)
    document = settle(source)
    clauses = split_clauses("p", document)
    kept = "".join(clause.text for clause in clauses)
    assert restore(kept, document.residue) == text
    assert len(kept) + sum(len(piece.text) for piece in document.residue) == len(text)
    for at, char in enumerate(document.text):
        assert text[document.origin(at)] == char
