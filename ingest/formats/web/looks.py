"""What a browser does with an element, by its tag and its own `style`; style sheets are not read.

The defaults are those of https://html.spec.whatwg.org/multipage/rendering.html.
"""

from __future__ import annotations

import re

from lxml import etree

_UNSEEN = re.compile(
    r"script|style|template|noscript|noframes|noembed|rp|head|title|meta|link|datalist|object|embed|iframe|frame|video"
    r"|audio|canvas|svg|param|source|track|map|input|col|colgroup"
)
_BLOCK = re.compile(
    r"address|article|aside|blockquote|body|button|caption|center|dd|details|dialog|dir|div|dl|dt"
    r"|fieldset|figcaption|figure|footer|form|h[1-6]|header|hgroup|hr|html|legend|li|listing|main"
    r"|menu|nav|ol|optgroup|option|p|pre|search|section|select|summary|table|tbody|td|textarea"
    r"|tfoot|thead|th|tr|ul|xmp"
)
FRAMES = {"iframe": "src", "frame": "src", "embed": "src", "object": "data"}
_PRE = frozenset(("pre", "listing", "xmp", "textarea"))
_HIDDEN = re.compile(r"(?<![\w-])display\s*:\s*none")
_AS_BLOCK = re.compile(r"display\s*:\s*(?:block|table|flex|grid|list-item)")
_AS_PRE = re.compile(r"white-space\s*:\s*(?:pre|break-spaces)")
_SIDE = re.compile(r"(?<![\w-])(?:width|height)\s*:\s*([\d.]+)px")
_LENGTH = re.compile(r"\s*([\d.]+)\s*(?:px)?\s*")
_ICON = re.compile(
    r"icon|emoji|emotion|filetype|qr_?code|ewm|erweima|share|logo|spacer|blank\.|print|arrow|dot\."
)
SMALL_SIDE = 48  # pixels; a picture with a side below it is an icon or a rule

_BLANKS = re.compile(r"[ \t\n\r\f\v]+")
_WIDE = "[\u2e80-\u9fff\uff00-\uff60]"
_WRAPPED = re.compile(rf"(?<={_WIDE})[ \t]*[\r\n][ \t\r\n]*(?={_WIDE})")
_UNPRINTED = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u200b-\u200f\u202a-\u202e\u2060-\u2064\ufeff]"
)
_ODD_BLANKS = str.maketrans(dict.fromkeys("\t\v\f\r\n\xa0\u2028\u2029", " "))


def is_unseen(element: etree._Element) -> bool:
    """Whether it holds no text of the page: scripts, pictures, other pages."""
    return bool(_UNSEEN.fullmatch(element.tag))


def is_block(element: etree._Element) -> bool:
    """Whether it stands on lines of its own."""
    return bool(_BLOCK.fullmatch(element.tag)) or bool(_AS_BLOCK.search(_style(element)))


def is_hidden(element: etree._Element) -> bool:
    """Whether a browser leaves it out. Pages that are `visibility: hidden` until their script runs
    are common, so that this does not count."""
    return element.tag not in ("html", "body") and (
        element.get("hidden") is not None
        or (element.tag == "dialog" and element.get("open") is None)
        or bool(_HIDDEN.search(_style(element)))
    )


def keeps_blanks(element: etree._Element) -> bool:
    """Whether line ends of the file are line ends of the page in it."""
    return element.tag in _PRE or bool(_AS_PRE.search(_style(element)))


def is_icon(picture: etree._Element) -> bool:
    """Whether a picture or frame is an icon, a rule or a QR code and holds nothing to read."""
    sides = [float(side) for side in _SIDE.findall(_style(picture)) if side.count(".") < 2]
    for name in ("width", "height"):
        length = _LENGTH.fullmatch(picture.get(name, ""))
        if length and length[1].count(".") < 2 and length[1] != ".":
            sides.append(float(length[1]))
    address = picture.get("src", "").lower()
    path = "" if address.startswith("data:") else address
    return any(side < SMALL_SIDE for side in sides) or bool(_ICON.search(path))


def squeeze(text: str) -> str:
    """Text of the file as it is set: runs of blanks as one, lines broken between Chinese
    characters joined."""
    return plain(_BLANKS.sub(" ", _WRAPPED.sub("", text)))


def plain(text: str) -> str:
    """Text without characters that print nothing, its blanks as plain ones."""
    return _UNPRINTED.sub("", text.translate(_ODD_BLANKS))


def _style(element: etree._Element) -> str:
    return str(element.get("style", "")).lower()
