"""What the characters of symbol fonts look like, as characters that say so themselves.

Symbol follows https://www.unicode.org/Public/MAPPINGS/VENDORS/ADOBE/symbol.txt, the Wingdings the
Unicode names of their signs (N4239). Word stores such a character as F000 plus its place.
"""

from __future__ import annotations

_SYMBOL = dict(
    zip(
        [*range(0x20, 0x7F), *range(0xA0, 0xF0), *range(0xF1, 0xFF)],
        " !∀#∃%&∋()∗+,−./0123456789:;<=>?≅ΑΒΧΔΕΦΓΗΙϑΚΛΜΝΟΠΘΡΣΤΥςΩΞΨΖ[∴]⊥_‾αβχδεφγηιϕκλμνοπθρστυϖωξψζ{|}∼"
        "€ϒ′≤⁄∞ƒ♣♦♥♠↔←↑→↓°±″≥×∝∂•÷≠≡≈…⏐⎯↵ℵℑℜ℘⊗⊕∅∩∪⊃⊇⊄⊂⊆∈∉∠∇®©™∏√⋅¬∧∨⇔⇐⇑⇒⇓◊〈®©™∑⎛⎜⎝⎡⎢⎣⎧⎨⎩⎪"
        "〉∫⌠⎮⌡⎞⎟⎠⎤⎥⎦⎫⎬⎭",
        strict=True,
    )
)
_CIRCLED = "⓪①②③④⑤⑥⑦⑧⑨⑩⓿❶❷❸❹❺❻❼❽❾❿"
_WINGDINGS = dict(zip(range(0x80, 0x96), _CIRCLED, strict=True)) | {
    0x20: " ", 0x22: "✂", 0x28: "☎", 0x2A: "✉", 0x45: "☜", 0x46: "☞", 0x47: "☝", 0x48: "☟",
    0x6C: "●", 0x6D: "❍", 0x6E: "■", 0x6F: "□", 0x71: "❑", 0x72: "❒", 0x73: "⬧", 0x74: "⧫", 0x75: "◆",
    0x76: "❖", 0x77: "⬥", 0x78: "⌧", 0x9E: "·", 0x9F: "•", 0xA1: "○", 0xA2: "⭕", 0xA4: "◉", 0xA5: "◎",
    0xA7: "▪", 0xA8: "□", 0xAB: "★", 0xAC: "✶", 0xD8: "➢", 0xDC: "➲", 0xDF: "←", 0xE0: "→", 0xE1: "↑",
    0xE2: "↓", 0xE8: "➔", 0xEF: "⇦", 0xF0: "⇨", 0xF1: "⇧", 0xF2: "⇩", 0xFB: "✗", 0xFC: "✓", 0xFD: "☒",
    0xFE: "☑",
}  # fmt: skip
_WINGDINGS_2 = dict(zip([*range(0x69, 0x74), *range(0x74, 0x7F)], _CIRCLED, strict=True)) | {
    0x20: " ", 0x4F: "✗", 0x50: "✓", 0x51: "☒", 0x52: "☑", 0x53: "☒", 0x54: "☒", 0x97: "●", 0xA2: "■",
    0xA3: "□", 0xAE: "◆",
}  # fmt: skip
_FONTS: dict[str, dict[int, str]] = {
    "symbol": _SYMBOL,
    "wingdings": _WINGDINGS,
    "wingdings 2": _WINGDINGS_2,
    "wingdings 3": {},
    "webdings": {0x61: "✓", 0x63: "□", 0x67: "■", 0x72: "✗", 0x6E: "●"},
}

BULLET = "•"


def is_symbol_font(font: str | None) -> bool:
    """Whether the letters of a font are signs."""
    return (font or "").lower() in _FONTS


def sign(font: str | None, code: int) -> str:
    """The sign at a place of a font; a character of private use where it is not known.

    >>> sign("Wingdings", 0xF0FE), sign("Symbol", 0xB3), sign("Wingdings", 0xF04A)
    ('☑', '≥', '\\uf04a')
    """
    place = code - 0xF000 if 0xF000 <= code <= 0xF0FF else code
    if not 0x20 <= place <= 0xFF:
        return chr(code) if 0x20 <= code < 0xD800 or 0xE000 <= code < 0x110000 else ""
    known = _FONTS.get((font or "").lower())
    if known is None:
        return chr(code)
    return known.get(place, chr(0xF000 + place))


def signs(font: str | None, text: str) -> str:
    """A text as a symbol font draws it; characters that such a font has not stay."""
    if not is_symbol_font(font):
        return text
    return "".join(sign(font, ord(char)) for char in text)


def bullet(font: str | None, text: str) -> str:
    """The bullet of a list; one of a symbol font is drawn as a round one.

    >>> bullet("Wingdings", "l"), bullet(None, "\\uf0d8"), bullet("宋体", "—")
    ('•', '•', '—')
    """
    shown = text.strip()
    if shown and (is_symbol_font(font) or "\ue000" <= shown[0] <= "\uf8ff"):
        return BULLET
    return shown
