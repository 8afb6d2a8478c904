"""English questions on known terms, as the Chinese ones that they are.

Every word must be known: one that neither the tables nor the documents have, and nothing is guessed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
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
    r"|i wonder|tell me(?= (?:who|which|what|how|when|where|whether|if)\b)|let me know|i am wondering"
    r"|(?:could|can|would|will) you (?=list|show|explain|summari[sz]e|describe|give|name|introduce))\b"
)
_BEHIND = frozenset(
    (
        *("of", "for", "in", "on", "at", "within", "under"),
        *("about", "regarding", "concerning", "between", "among"),
    )
)
_UNIT_FILLER = frozenset(["the", "of", "district", "municipal", "city", "county", "s"])

_BASE_NOUN = r"(?:(?:implementation|work|action|key work) )?(?:plan|scheme|document|arrangements?)"
_NAMED_DOCUMENT = (
    rf"(?:(?!(?:leads?|supports?|of|for|in|under|tasks?)\b)[a-z0-9]+ ){{0,6}}?{_BASE_NOUN}"
)
_BEFORE_UNITS = ("which", "what", "many", "all", "any", "list", "lead", "supporting", "no")
_ASKED_UNIT = "(?:^|{})".format("|".join(f"(?<={word} )" for word in _BEFORE_UNITS))

# What people call the same thing, as one word of the forms: (pattern, word).
_SAME: tuple[tuple[str, str], ...] = (
    (r"\bcentre(?=s?\b)", "center"),
    (r"\btheatre(?=s?\b)", "theater"),
    (r"\bprogramme(?=s?\b)", "program"),
    (r"\blicence(?=s?\b)", "license"),
    (r"\b(lab|harb|neighb|col)our", r"\1or"),
    (r"who s\b", "who is"),
    (r"what s\b", "what is"),
    (r"when s\b", "when is"),
    (r"we re\b", "we are"),
    (r"i m\b", "i am"),
    (r"^(?:whether|if)\b", "does"),
    (r"\b(?:policy document|policy paper|notice|paper|file)\b", "document"),
    (
        r"\b(?:is|are|s) (?:person|people|party|unit|department|agency|official|one)s? "
        r"(?:that is |who is )?(?:in charge of|responsible for|accountable for)\b",
        "leads",
    ),
    (r"\b(?:(?:is|are) )?(?:in charge|responsible)(?: person| party)?$", "leads"),
    (r"^whose (?:responsibility|job|duty) is\b", "who leads"),
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
        r"\b(?:cooperating|cooperation|cooperative|supporting|assisting|"
        "participating)(?= (?:units?|departments?|agenc|bureau|entit|organi))",
        "supporting",
    ),
    (
        rf"{_ASKED_UNIT}(?:government |district )?(?:departments|agencies|bureaus|offices|"
        r"organi[sz]ations|authorities|bodies|entities)\b(?! of)",
        "units",
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
        rf"^((?:how many|which|what) .+) do(?:es)? ({_NAMED_DOCUMENT}) "
        r"(?:have|contain|include|list|mention|cover|involve|name|specify)$",
        r"\1 are there in \2",
    ),
    (
        rf"^(how (?:many|much|long) .+) ((?:in|of|under) {_NAMED_DOCUMENT}) (have|take|need|last)$",
        r"\1 \3 \2",
    ),
    (r"\b(?:what|which) (?:kinds?|types?|sorts?) of\b", "which"),
    (
        rf"^((?:.+ )?(?:does|do|did|will|would|can|should|must)) ({_NAMED_DOCUMENT}) (\w.+)$",
        r"\1 it \3 in \2",
    ),
    (
        rf"^((?:in|under|according to) {_NAMED_DOCUMENT}) "
        r"((?:who|what|which|how|when|where|does|is|are|can)\b.+)$",
        r"\2 \1",
    ),
    (r"\b(does|do|did|will|would|can) (?:this |these |current )?polic(?:y|ies) ", r"\1 it "),
    (r" in (?:square (?:kilometer|meter|km)|hectare|km2|day|month|year|yuan|dollar|total)s?$", ""),
    (r" (?:in|under) (?:this|these|current) polic(?:y|ies)$", ""),
    (r"\b(?:no|number|num|#) ?(?=\d)", ""),
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
    r" (?:in|of|under|from|according to) "
    r"((?:(?!(?:of|in|for|under|tasks?)\b)[a-z0-9]+ ){0,6}?)"
    rf"({_BASE_NOUN}|opinions|measures|notice)$"
)
_BUREAU_OF = re.compile(r"\b(bureau|commission|committee|department|office) of (.+)$")
_NUMBERED = re.compile(r"(line|article|chapter|phase|task) (\d+)\b")
_NUMBERED_NAMES = {
    "line": "{}号线",
    "article": "第{}条",
    "chapter": "第{}章",
    "phase": "{}期",
    "task": "第{}项任务",
}
_DOCUMENT_NOUNS = {"plan": "方案", "scheme": "方案", "arrangement": "安排", "arrangements": "安排"}
_BARE_NOUNS = {
    "plan": "方案",
    "scheme": "方案",
    "arrangement": "工作安排",
    "arrangements": "工作安排",
}
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
    whole = _said_by((form for form in _forms() if "{d}" in form.chinese), words, vocabulary)
    said = whole or _said_by(_forms(), rest, vocabulary)
    if not said or whole:
        return said
    return (
        where.removesuffix("里") + said[4:]
        if where and said.startswith("这份文件")
        else where + said
    )


def _said_by(forms: Iterable[_Form], words: str, vocabulary: Vocabulary) -> str | None:
    """What the first form that fits makes of the words."""
    for form in forms:
        found = form.pattern.fullmatch(words)
        said = found and _filled(form.chinese, found.groupdict(), vocabulary)
        if said:
            return said
    return None


def _plain(text: str) -> str:
    """Lower-case words alone, courtesies and articles gone, and one word for one thing."""
    words = re.sub(r"(?<=[a-z])'(?=[aeo])", "", text.lower().replace("’", "'"))  # Xi'an
    words = re.sub(r"[^a-z0-9&#]+", " ", words).strip()
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
    name = found[1].strip()
    if not name or name in ("this", "that"):
        return "", words[: found.start()]
    said = _document_name(f"{name} {found[2]}", vocabulary)
    return (f"{said}里", words[: found.start()]) if said else ("", words)


def _document_name(words: str, vocabulary: Vocabulary) -> str | None:
    """A document in Chinese (`2024 plan`), one without a name as what it is."""
    if words in ("it", "this"):
        return "这份文件"
    *name, last = re.sub(r"(?:implementation|work|action|key work) (?=\w+$)", "", words).split()
    noun = _DOCUMENT_NOUNS.get(last, "文件")
    year = next((word for word in name if re.fullmatch(r"(?:19|20)\d\d", word)), "")
    rest = [word for word in name if word not in (year, "this", "that")]
    said = _term(" ".join(rest), vocabulary) if rest else ""
    if said is None:
        return None
    known = (f"{year}年" if year else "") + said
    return f"{known}{noun}" if known else _BARE_NOUNS.get(last, "这份文件")


def _filled(chinese: str, groups: Mapping[str, str | None], vocabulary: Vocabulary) -> str | None:
    """A Chinese form with its names filled in; None where one of them is unknown."""
    for name, said in groups.items():
        if said is None:
            continue
        term = _KINDS[name[0]](said, vocabulary)
        if not term:
            return None
        chinese = chinese.replace(f"{{{name}}}", term).replace(f"{{{name[0]}}}", term)
    return chinese


def _unit(words: str, vocabulary: Vocabulary) -> str | None:
    """A department in Chinese, with its level where the documents name it so.

    A place in front stays in front: another district's department is another unit.
    """
    if not _choices(words):
        words = _BUREAU_OF.sub(r"\2 \1", words)
    bare = " ".join(word for word in words.split() if word not in _UNIT_FILLER)
    place, _, rest = bare.partition(" ")
    if not (_choices(bare) or _choices(words)) and _choices(place) and _choices(rest):
        return f"{_choices(place)[0]}{_unit(rest, vocabulary)}"
    names = _choices(bare) or _choices(words)
    forms = (form for name in names for form in (f"区{name}", f"市{name}", name))
    known = next((form for form in forms if form in vocabulary.names), "")
    level = "区" if "district" in words else ""
    return known or (level + names[0] if names else None)


def _term(words: str, vocabulary: Vocabulary) -> str | None:
    """A matter in Chinese, word for word; None where a word is unknown, or all say nothing.

    What an English phrase has behind `of` or `for` stands in front in Chinese.
    """
    phrases: list[list[str]] = [[]]
    rest = _NUMBERED.sub(r"\1#\2", words).split()
    while rest:
        length = next(
            (n for n in range(min(LONGEST_TERM, len(rest)), 0, -1) if _choices(" ".join(rest[:n]))),
            0,
        )
        if length:
            phrases[-1].append(_said(_choices(" ".join(rest[:length])), vocabulary))
        elif numbered := re.fullmatch(r"([a-z]+)#(\d+)", rest[0]):
            phrases[-1].append(_NUMBERED_NAMES[numbered[1]].format(numbered[2]))
        elif rest[0].isdigit() or (rest[0] not in _filler() and _stands(rest[0], vocabulary)):
            phrases[-1].append(rest[0])
        elif rest[0] in _BEHIND:
            phrases.append([])
        elif rest[0] not in _filler():
            return None
        rest = rest[length or 1 :]
    said = "".join("".join(phrase) for phrase in reversed(phrases))
    return said or (_said(_words(words), vocabulary) if _words(words) else None)


_KINDS: dict[str, Callable[[str, Vocabulary], str | None]] = {
    "x": _term,
    "u": _unit,
    "d": _document_name,
    "n": lambda said, _: said,
}


def _stands(word: str, vocabulary: Vocabulary) -> bool:
    """Whether the documents print a word of Latin letters, as AEO."""
    return len(word) > 1 and vocabulary.prints(word)


def _said(choices: tuple[str, ...], vocabulary: Vocabulary) -> str:
    return next((one for one in choices if vocabulary.stands(one.lower())), choices[0])


def _choices(words: str) -> tuple[str, ...]:
    """The Chinese words for an English term, whatever the form of its first or last word."""
    return () if words in _filler() else _words(words)


def _words(words: str) -> tuple[str, ...]:
    """The same for any word, one that says nothing beside others too: `industry` alone."""
    return next((_terms()[form] for form in _bases(words) if form in _terms()), ())


def _bases(words: str) -> Iterator[str]:
    """A term as it may stand in the table: `bonded warehouses`, `applying for`, `children s`."""
    yield words
    yield re.sub(r"is(?=(?:e[sd]?|ing|ation)\b)", "iz", words)  # British spelling
    yield from _word_bases(words)
    if " s " in words:
        yield words.replace(" s ", " ")
    first, _, rest = words.partition(" ")
    if rest:
        yield from (f"{base} {rest}" for base in _word_bases(first))


def _word_bases(word: str) -> Iterator[str]:
    """The singular of a noun, the infinitive of a verb, by the usual endings."""
    for ending, instead in (
        ("ies", ["y"]),
        ("es", [""]),
        ("s", [""]),
        ("ied", ["y"]),
        ("ed", ["", "e"]),
        ("ing", ["", "e"]),
    ):
        if word.endswith(ending):
            yield from (word[: -len(ending)] + one for one in instead)
    doubled = re.fullmatch(r"(.*([b-df-hj-np-tv-z]))\2(?:ed|ing)", word)
    if doubled:
        yield doubled[1]


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
    """A form's names as groups, numbered in their order: {u} is (?P<u0>.+?)."""
    counted = iter(range(9))
    kinds = {"x": ".+?", "u": ".+?", "n": r"\d{1,3}", "d": f"{_NAMED_DOCUMENT}|it|this"}
    return re.sub(r"\{([xund])\}", lambda f: f"(?P<{f[1]}{next(counted)}>{kinds[f[1]]})", english)
