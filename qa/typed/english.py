"""English questions on known terms, as the Chinese ones that they are.

Every word must be known: one that neither the tables nor the documents have, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache

from qa.typed.vocabulary import Vocabulary
from settings import ROOT

TERMS = ROOT / "data" / "english.tsv"
FILLER = ROOT / "data" / "english-filler.txt"
FORMS = ROOT / "data" / "english-questions.tsv"
LONGEST_TERM = 7  # words

_HAN = re.compile(r"[\u4e00-\u9fff]")
_POLITE = re.compile(r"\b(?:please|thanks|thank you|thx|kindly|currently|now)\b")
_COURTESY = re.compile(
    r"^(?:(?:hi|hello|hey|ok|okay|so|and|well|excuse me|sorry|good (?:morning|afternoon|evening))\b ?)+"
    r"|^(?:(?:could|can|would|will) you (?:tell|show|inform) (?:me|us)|do you know"
    r"|i(?: would| d)? (?:want|like|need) to know"
    r"|i wonder|tell me(?= (?:who|which|what|how many|when))|let me know|i am wondering)\b"
)
_UNIT_FILLER = frozenset(["the", "of", "district", "municipal", "city", "county", "s"])

# What people call the same thing, as one word of the forms: (pattern, word).
_SAME: tuple[tuple[str, str], ...] = (
    (r"who s\b", "who is"),
    (r"what s\b", "what is"),
    (r"when s\b", "when is"),
    (r"we re\b", "we are"),
    (r"i m\b", "i am"),
    (
        r"\b(?:is|are) (?:being )?(?:the )?(?:in charge of|responsible for|accountable for)\b",
        "leads",
    ),
    (r"\b(?:in charge of|responsible for)\b", "leads"),
    (r"\b(?:takes? (?:the )?(?:lead|charge) (?:in|on|of|for)|takes? care of|heads up)\b", "leads"),
    (
        r"\b(?:handles?|manages?|oversees?|heads|spearheads?|coordinates|leads on|"
        r"leads in|supervises|runs|is leading|is handling)\b",
        "leads",
    ),
    (r"\b(?:spearheaded|headed|handled|managed|overseen|run|coordinated) by\b", "led by"),
    (
        r"\b(?:departments|agencies|bureaus|offices|organizations|organisations|"
        r"authorities|bodies|entities)\b(?! of)",
        "units",
    ),
    (
        r"\b(?:cooperating|cooperation|cooperative|supporting|assisting|"
        "participating)(?= (?:units?|departments?|agenc|bureau))",
        "supporting",
    ),
    (
        r"\b(?:cooperat(?:es?|ing)|collaborat(?:es?|ing)|assists?|helps?|participates?|"
        r"supports?)(?: (?:with|on|in))?\b(?! units?\b)",
        "supports",
    ),
    (r"\bunder supports\b", "under"),
    (
        "(?<=which )(?:government |district )?(?:department|agency|bureau|office|"
        r"organization|authority|body|entity|commission|one)\b",
        "unit",
    ),
    (
        "(?<=what )(?:government |district )?(?:department|agency|bureau|office|"
        r"organization|authority|body|entity)\b",
        "unit",
    ),
    (r"(?<=lead )(?:department|agency|bureau|office|organization)\b", "unit"),
    (r"(?<=leading )(?:department|agency|bureau|office|organization|unit)\b", "unit"),
    (r"(?<=supporting )(?:department|agency|bureau|office)\b", "unit"),
    (r"\b(?:item|key task|work item|assignment)(?=s?\b)", "task"),
    (
        r"\bdo(?:es)? (.{1,40}? (?:plan|arrangement|scheme)) (?:have|contain|include|"
        r"list)\b",
        r"are there in \1",
    ),
    (r"\b(?:no|number|num|#) ?(?=\d)", ""),
    (r"\b(?:policy document|policy paper|notice|paper|file)\b", "document"),
)
_CARDINALS = (
    "one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen "
    "sixteen seventeen eighteen nineteen twenty"
)
_ORDINALS = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth"
_NUMBERS = {
    name: str(value)
    for names in (_CARDINALS, _ORDINALS)
    for value, name in enumerate(names.split(), 1)
}
_DOCUMENT = re.compile(
    r" (?:in|of|under|from|according to) ((?:[a-z0-9]+ ){0,6}?)"
    r"((?:implementation |work |action )?plan|document|arrangements?|scheme|opinions|measures|notice)$"
)
_DOCUMENT_NOUNS = {"plan": "方案", "scheme": "方案", "arrangement": "安排", "arrangements": "安排"}
_BESIDE = re.compile(r"[a-z][a-z0-9&-]*(?: [a-z][a-z0-9&-]*)*", re.I)


@dataclass(frozen=True, slots=True)
class _Form:
    pattern: re.Pattern[str]
    chinese: str


def in_chinese(text: str, vocabulary: Vocabulary) -> str | None:
    """The Chinese question behind an English one; None where it is none, or has unknown words."""
    if _HAN.search(text) or len(re.findall(r"[A-Za-z]{2,}", text)) < 2:
        return None
    words = _plain(text)
    where, rest = _document(words, vocabulary)
    for form in _forms():
        found = form.pattern.fullmatch(rest)
        said = found and _filled(form.chinese, found.groupdict(), vocabulary)
        if said:
            return where + said
    return None


def _plain(text: str) -> str:
    """Lower-case words alone, courtesies and articles gone, and one word for one thing."""
    words = re.sub(r"[^a-z0-9&#]+", " ", text.lower().replace("’", "'")).strip()
    words = " ".join(_POLITE.sub(" ", words).split())
    words = _COURTESY.sub(" ", _COURTESY.sub(" ", words).strip())
    words = re.sub(r"\b(?:the|a|an|all the)\b", " ", words)
    words = " ".join(words.split())
    for pattern, word in _SAME:
        words = re.sub(pattern, word, words)
    words = re.sub(r"\btask (\w+)", lambda f: f"task {_NUMBERS.get(f[1], f[1])}", words)
    words = re.sub(r"\b(\w+) task\b", lambda f: f"{_ordinal(f[1])} task", words)
    return " ".join(words.split())


def _ordinal(word: str) -> str:
    return f"{_NUMBERS[word]}th" if word in _NUMBERS else word


def _document(words: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """A document named at the end (`in the 2024 plan`), in Chinese, and the question before it."""
    found = _DOCUMENT.search(words)
    if not found:
        return "", words
    name, noun = found[1].strip(), _DOCUMENT_NOUNS.get(found[2].split()[-1], "文件")
    if not name:
        return "", words[: found.start()]
    year = re.fullmatch(r"(?:19|20)\d\d", name)
    said = f"{name}年" if year else _term(name, vocabulary)
    return (f"{said}{noun}里", words[: found.start()]) if said else ("", words)


def _filled(chinese: str, groups: Mapping[str, str | None], vocabulary: Vocabulary) -> str | None:
    """A Chinese form with its names filled in; None where one of them is unknown."""
    for name, said in groups.items():
        if said is None:
            continue
        kind = name[0]
        term = said if kind == "n" else (_unit if kind == "u" else _term)(said, vocabulary)
        if not term:
            return None
        chinese = chinese.replace(f"{{{kind}}}", term)
    return chinese


def _unit(words: str, vocabulary: Vocabulary) -> str | None:
    """A department in Chinese, with its level where the documents name it so.

    A place in front stays in front: another district's department is another unit.
    """
    bare = " ".join(word for word in words.split() if word not in _UNIT_FILLER)
    place, _, rest = bare.partition(" ")
    if not _choices(bare) and _choices(place) and _choices(rest):
        return f"{_choices(place)[0]}{_unit(rest, vocabulary)}"
    names = _choices(bare) or _choices(words)
    forms = (form for name in names for form in (f"区{name}", f"市{name}", name))
    known = next((form for form in forms if form in vocabulary.names), "")
    level = "区" if "district" in words else ""
    return known or (level + names[0] if names else None)


def _term(words: str, vocabulary: Vocabulary) -> str | None:
    """A matter in Chinese, word for word; None where a word is unknown, or all say nothing."""
    parts: list[str] = []
    rest = words.split()
    while rest:
        length = next(
            (n for n in range(min(LONGEST_TERM, len(rest)), 0, -1) if _choices(" ".join(rest[:n]))),
            0,
        )
        if length:
            parts.append(_said(_choices(" ".join(rest[:length])), vocabulary))
        elif rest[0].isdigit() or (rest[0] not in _filler() and _stands(rest[0], vocabulary)):
            parts.append(rest[0])
        elif rest[0] not in _filler():
            return None
        rest = rest[length or 1 :]
    return "".join(parts) or None


def _stands(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the documents print a word of Latin letters, as AEO."""
    return len(word) > 1 and vocabulary.prints(word)


def _said(choices: tuple[str, ...], vocabulary: Vocabulary) -> str:
    return next((one for one in choices if vocabulary.stands(one.lower())), choices[0])


def _choices(words: str) -> tuple[str, ...]:
    """The Chinese words for an English term, in the singular or not."""
    return next((_terms()[form] for form in _singulars(words) if form in _terms()), ())


def _singulars(words: str) -> Iterator[str]:
    yield words
    if words.endswith("ies"):
        yield words[:-3] + "y"
    if words.endswith("es"):
        yield words[:-2]
    if words.endswith("s"):
        yield words[:-1]
    if " s " in words:
        yield words.replace(" s ", " ")


def mixed(text: str, vocabulary: Vocabulary) -> tuple[str, list[tuple[str, str]]]:
    """A Chinese question with its English words in Chinese, and which ones these are.

    What the documents print, such as AEO, and what no table has, stays.
    """
    if not (_HAN.search(text) and _BESIDE.search(text)):
        return text, []
    changed = [(f[0], _beside(f[0], vocabulary)) for f in _BESIDE.finditer(text)]
    changed = [(typed, read) for typed, read in changed if typed != read]
    for typed, read in changed:
        text = re.sub(rf" ?{re.escape(typed)} ?", read, text, count=1)
    return text, changed


def _beside(words: str, vocabulary: Vocabulary) -> str:
    plain = re.sub(r"[^a-z0-9&]+", " ", words.lower()).strip()
    if plain in ("task", "tasks"):
        return "任务"
    choices = () if vocabulary.prints(words) else _choices(plain)
    return _said(choices, vocabulary) if choices and len(plain) > 3 else words


@cache
def _filler() -> frozenset[str]:
    lines = FILLER.read_text("utf-8").splitlines()
    return frozenset(word for line in lines if not line.startswith("#") for word in line.split())


@cache
def _terms() -> dict[str, tuple[str, ...]]:
    rows = (line.split("\t") for line in TERMS.read_text("utf-8").splitlines() if "\t" in line)
    return {english: tuple(chinese.split()) for english, chinese in rows}


@cache
def _forms() -> tuple[_Form, ...]:
    rows = (
        line.split("\t")
        for line in FORMS.read_text("utf-8").splitlines()
        if "\t" in line and not line.startswith("#")
    )
    return tuple(_Form(re.compile(_named(english)), chinese) for english, chinese in rows)


def _named(english: str) -> str:
    """A form's names as groups, numbered where one stands twice: {u} is (?P<u0>.+?)."""
    counted = iter(range(9))
    kinds = {"x": ".+?", "u": ".+?", "n": r"\d{1,3}"}
    return re.sub(r"\{([xun])\}", lambda f: f"(?P<{f[1]}{next(counted)}>{kinds[f[1]]})", english)
