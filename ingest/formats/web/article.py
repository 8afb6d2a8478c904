"""Which lines of a web page are the document, and which are the site around it.

The text of a document is prose, the site around it is links. The block that holds the prose is
found by its weight; title, metadata and attachments are looked for around it. What lies between
is kept unless something speaks against it: when unsure, keep.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from itertools import accumulate

from ingest.formats.web import words
from ingest.formats.web.blocks import Blocks, boxes_in, is_aside, is_leaf
from ingest.formats.web.evidence import Where, has_pairs, is_file, is_hosted, is_linked, is_site
from ingest.formats.web.page import Box, Layout, Line, Picture, ancestry

CORE_SHARE = 0.7  # of the prose: a block with more is the one to look into
PART_SHARE = 0.05  # of the prose: a block beside the text with more is a part of it
MEAGRE = 60  # characters of prose: with fewer, what stands below the title is the text
SMALL_BLOCK = 3  # lines: such a block beside the text may be its date or its heading
SHORT_NOTICE = 20  # characters: a page with more outside its menus has a text of its own
_WHOLE = ("root", "html", "body")
REACH = 60  # lines around the text in which its title, metadata and attachments are looked for


@dataclass(frozen=True, slots=True)
class Article:
    """`kept` says of each line whether it belongs to the document. `body` is where the running text
    begins and ends, `core` the block it stands in; a page without has an empty body and no core."""

    kept: list[bool]
    body: tuple[int, int] = (0, 0)
    core: Box | None = None

    def shows(self, picture: Picture) -> bool:
        """Whether a picture stands in the document, and not among the site's tools."""
        if self.core is None:
            return any(self.kept[max(picture.line - 1, 0) : picture.line + 1])
        for box in ancestry(picture.box):
            if box is self.core:
                return True
            if is_aside(box):
                return False
        return False


def find_article(layout: Layout, titles: Collection[str]) -> Article:
    """The document among the lines; `titles` is what the page says that it is called."""
    blocks = Blocks(layout, titles)
    core = _core(blocks)
    if core is None:
        return Article(_without_menus(blocks))
    above = range(max(0, core.first - REACH), blocks.body(core.first, core.end)[0])
    title = _title(blocks, above)
    marks = {at for at in above if _is_metadata(layout.lines[at]) or at == title}
    first, end = _beside(blocks, core, title)
    first, end = min([first, *marks]), _last_part(blocks, core, title, end)
    if not blocks.is_site:
        first, end = 0, len(layout.lines)
    body = blocks.body(max([first - 1, *marks]) + 1, end)
    if core.tag not in _WHOLE:
        marks |= {at for at in range(core.first, core.end) if is_hosted(layout.lines[at])}
    kept = [first <= at < end for at in range(len(layout.lines))]
    _prune(blocks, kept, body, marks)
    return Article(kept, body, core)


def _core(blocks: Blocks) -> Box | None:
    """The innermost block with nearly all of the running text, or what the editor calls so."""
    box = blocks.root
    while box.children:
        child = max(box.children, key=blocks.mass)
        if is_leaf(child) or blocks.mass(child) < max(CORE_SHARE * blocks.mass(box), 1):
            break
        box = child
    outer = [one for one in ancestry(box) if words.ARTICLE_HINT.search(one.hint)]
    heavy = (outer[-1] if outer else box) if blocks.mass(box) else None
    if heavy and blocks.mass(heavy) >= MEAGRE:
        return heavy
    return _named(blocks) or _below_title(blocks, heavy) or heavy


def _named(blocks: Blocks) -> Box | None:
    """The first block that by its name holds the text, and holds something."""
    for box in boxes_in(blocks.root):
        named = words.ARTICLE_HINT.search(box.hint) and not blocks.is_menu(box)
        if named and (blocks.holds_something(box) or blocks.files(box)):
            return box
    return None


def _below_title(blocks: Blocks, heavy: Box | None) -> Box | None:
    """The smallest block that holds the title and something else, unless it is the whole page."""
    if not blocks.titled:
        return None
    at, box = min(blocks.titled), blocks.root
    while inner := next((one for one in box.children if one.first <= at < one.end), None):
        box = inner
    for one in ancestry(box):
        if one is heavy or one.tag in _WHOLE:
            return None
        if blocks.holds_something(one):
            return one
    return None


def _title(blocks: Blocks, above: range) -> int | None:
    """The first line above the running text that is the title; else the nearest h1."""
    named = sorted(at for at in blocks.titled if at in above)
    headings = [
        at
        for at in above
        if blocks.lines[at].heading == 1
        and not is_linked(blocks.lines[at])
        and not is_site(blocks.lines[at], Where.BEFORE)
    ]
    return named[0] if named else headings[-1] if headings else None


def _is_metadata(line: Line) -> bool:
    return has_pairs(line) and not is_linked(line)


def _beside(blocks: Blocks, core: Box, title: int | None) -> tuple[int, int]:
    """The text with the small blocks right before and behind it, up to its title."""
    first, end, level = core.first, core.end, core
    while level.parent:
        siblings = level.parent.children
        at = next(i for i, one in enumerate(siblings) if one is level)
        before = next((one for one in siblings[:at][::-1] if _is_apart(blocks, one)), None)
        after = next((one for one in siblings[at + 1 :] if _is_apart(blocks, one)), None)
        first = before.end if before else level.parent.first
        end = after.first if after else level.parent.end
        headed = any(line.heading for line in blocks.lines[first : core.end])
        if before or after or headed or (title is not None and title >= first):
            break
        level = level.parent
    return first, end


def _is_apart(blocks: Blocks, box: Box) -> bool:
    """Whether a block beside the text is none of its small parts."""
    if not blocks.size(box) or blocks.files(box):
        return False
    if is_aside(box) or blocks.is_menu(box) or blocks.is_foot(box):
        return True
    return box.end - box.first > SMALL_BLOCK and not blocks.mass(box)


def _last_part(blocks: Blocks, core: Box, title: int | None, end: int) -> int:
    """Where the document ends: behind its last part and its attachments."""
    around = core.parent or core
    while title is not None and around.parent and around.first > title:
        around = around.parent
    enough = PART_SHARE * blocks.mass(core)
    for box in boxes_in(around):
        if box.first >= end and blocks.mass(box) > enough:
            end = max(end, blocks.body(box.first, box.end)[1])
    reach = min(around.end, end + REACH)
    files = [at for at in range(end, reach) if is_file(blocks.lines[at])]
    return files[-1] + 1 if files else end


def _prune(blocks: Blocks, kept: list[bool], body: tuple[int, int], marks: Collection[int]) -> None:
    """Take out of what is kept the blocks and lines that something speaks against."""
    first, end = kept.index(True), len(kept) - kept[::-1].index(True)
    marked = list(accumulate((at in marks for at in range(len(kept))), initial=0))
    stack = [blocks.root]
    while stack:
        box = stack.pop()
        if box.end <= first or box.first >= end:
            continue
        if marked[box.first] == marked[box.end] and _is_site(blocks, box, body):
            _clear(kept, box)
        else:
            stack += box.children
    for at in range(first, end):
        line, where = blocks.lines[at], _where(at, body)
        of_site = is_site(line, where) or (where is not Where.WITHIN and _is_path(line))
        kept[at] &= at in marks or is_file(line) or not of_site
    _prune_tail(blocks, kept, range(body[1], end), marks)


def _prune_tail(blocks: Blocks, kept: list[bool], tail: range, marks: Collection[int]) -> None:
    """Below the text: links under a heading such as 相关新闻, and all from the foot on."""
    related = footed = False
    for at in tail:
        line = blocks.lines[at]
        related = bool(words.RELATED.fullmatch(line.text)) or (related and is_linked(line))
        footed |= bool(words.FOOTER.search(line.text)) and not kept[at]
        files_follow = at + 1 < len(kept) and is_file(blocks.lines[at + 1])
        if (footed or (related and not files_follow)) and not is_file(line):
            kept[at] &= at in marks


def _is_site(blocks: Blocks, box: Box, body: tuple[int, int]) -> bool:
    """Whether a block works the page or leads elsewhere; amid the text it takes two signs."""
    if blocks.files(box) or not blocks.size(box):
        return False
    if blocks.mass(box) > PART_SHARE * blocks.mass(blocks.root):
        return False
    named, menu = is_aside(box), blocks.is_menu(box)
    if box.first < body[1] and body[0] < box.end:
        lines = blocks.lines[box.first : box.end]
        return named and (menu or all(words.is_tools(line.text) for line in lines))
    return named or menu or blocks.is_foot(box)


def _without_menus(blocks: Blocks) -> list[bool]:
    """What is kept of a page without a text: all but what is named a menu or a foot."""
    lines = blocks.lines
    kept = [not (is_site(line, Where.BEFORE) or is_site(line, Where.AFTER)) for line in lines]
    for box in boxes_in(blocks.root):
        named = is_aside(box) or box.tag == "header" or words.HEAD_HINT.search(box.hint)
        if named or blocks.is_foot(box):
            _clear(kept, box)
    own = [keeps and not is_linked(line) for line, keeps in zip(lines, kept, strict=True)]
    if sum(line.size for line, is_own in zip(lines, own, strict=True) if is_own) >= SHORT_NOTICE:
        for box in boxes_in(blocks.root):
            if blocks.is_menu(box) and not any(own[box.first : box.end]):
                _clear(kept, box)
    return kept


def _is_path(line: Line) -> bool:
    """Several links on one line: 首页 | 政务公开, 上一篇 下一篇."""
    return len(line.targets) > 1 and is_linked(line)


def _where(at: int, body: tuple[int, int]) -> Where:
    return Where.BEFORE if at < body[0] else Where.WITHIN if at < body[1] else Where.AFTER


def _clear(kept: list[bool], box: Box) -> None:
    kept[box.first : box.end] = [False] * (box.end - box.first)
