"""Training pairs: a few words of a passage (or its title) against the rest of it.

The span-against-rest task is the inverse cloze task (Lee, Chang and Toutanova 2019,
arXiv:1906.00300): the words a reader would ask with, against the words that surround them.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from index.training.corpus import Passage
from index.training.questions import QuestionFrames
from index.training.ragged import Ids, Ragged
from index.training.thesaurus import TermIds
from index.training.tokenizer import token_ids

MIN_TOKENS = 6


@dataclass(frozen=True, slots=True)
class TokenCorpus:
    """Passages as token ids; row i of each table belongs to passage i.

    `names` holds the document's title followed by the section heading; `documents` a number
    that passages of one document share, `kept` the places of the passages among all that were cut.
    """

    texts: Ragged
    names: Ragged
    documents: Ids
    kept: Ids


@dataclass(frozen=True, slots=True)
class PairRecipe:
    """How pairs are drawn: lengths in tokens, shares as probabilities from 0 to 1."""

    span: tuple[int, int] = (4, 14)
    two_spans: float = 0.3  # the query is cut from two places, each half as long
    remove_span: float = 0.8  # otherwise the passage keeps the words of the query
    name_query: float = 0.06  # title and section ask for the passage
    neighbour: float = 0.08  # the next passage of the document answers
    name_in_passage: float = 0.25
    name_in_query: float = 0.05
    term: float = 0.02  # an everyday term asks for its official terms
    substitute: float = 0.3  # an official term of the query becomes an everyday one
    question: float = 0.7  # words of asking before the query; the same again after it
    everyday: float = 0.6  # a written question asks for its passage
    forget: float = 0.1  # each word of a written question is left out
    everyday_name: float = 0.5  # the name stands before the passage that it asks for


@dataclass(frozen=True, slots=True)
class Questions:
    """Written questions as token ids, and the passage of the corpus that answers each."""

    texts: Ragged
    passages: Ids


@dataclass(frozen=True, slots=True)
class PairBatch:
    """Row i of `queries` belongs with row i of `passages`; both hold token ids."""

    queries: Ragged
    passages: Ragged


def tokenise_questions(
    questions: Sequence[str], answers: Sequence[int], kept: Ids, tokenizer: Tokenizer
) -> Questions:
    """Cut written questions; `answers` are places among all passages, of which `kept` stayed."""
    place = {int(passage): at for at, passage in enumerate(kept)}
    usable = [i for i, answer in enumerate(answers) if answer in place]
    texts = Ragged.of(token_ids(tokenizer, [questions[i] for i in usable]))
    return Questions(texts, np.asarray([place[answers[i]] for i in usable], np.int64))


def tokenise(passages: Sequence[Passage], tokenizer: Tokenizer) -> TokenCorpus:
    """Cut all passages and their names; passages of fewer than `MIN_TOKENS` are left out."""
    texts = Ragged.of(token_ids(tokenizer, (passage.text for passage in passages)))
    names = Ragged.of(token_ids(tokenizer, (f"{p.title} {p.section}" for p in passages)))
    numbers: dict[str, int] = {}
    documents = [numbers.setdefault(passage.title, len(numbers)) for passage in passages]
    kept = np.flatnonzero(texts.lengths() >= MIN_TOKENS)
    return TokenCorpus(texts.take(kept), names.take(kept), np.asarray(documents)[kept], kept)


class PairSampler:
    """Draws batches of pairs; the same (seed, step) always draws the same batch."""

    def __init__(
        self,
        corpus: TokenCorpus,
        recipe: PairRecipe,
        questions: Questions,
        terms: TermIds,
        frames: QuestionFrames,
        seed: int,
    ) -> None:
        """Draw from `corpus` and `questions`; `terms` and `frames` change the queries."""
        self._corpus = corpus
        self._questions = questions
        self._recipe = recipe
        self._terms = terms
        self._frames = frames
        self._seed = seed

    def batch(self, step: int, size: int) -> PairBatch:
        """Return `size` pairs from different passages (fewer if the corpus is smaller)."""
        random = np.random.default_rng((self._seed, step))
        count = len(self._corpus.texts)
        chosen = random.choice(count, min(size, count), replace=False, shuffle=False)
        pairs = [self._pair(int(index), random) for index in chosen]
        return PairBatch(
            Ragged.of([query for query, _ in pairs]), Ragged.of([text for _, text in pairs])
        )

    def _pair(self, index: int, random: np.random.Generator) -> tuple[Ids, Ids]:
        recipe = self._recipe
        if self._terms.entries and random.random() < recipe.term:
            everyday, official = self._terms.pair(random)
            return self._frames.apply(everyday, recipe.question, random), official
        if len(self._questions.texts) and random.random() < recipe.everyday:
            return self._everyday(random)
        text, name = self._corpus.texts.row(index), self._corpus.names.row(index)
        dice = random.random(5)
        if dice[0] < recipe.name_query and len(name):
            return self._frames.apply(name, recipe.question, random), text
        query, rest = cut_query(text, recipe, random)
        if dice[1] >= recipe.remove_span:
            rest = text
        if dice[2] < recipe.neighbour and self._has_next(index):
            rest = self._corpus.texts.row(index + 1)
        if dice[3] < recipe.name_in_passage:
            rest = np.concatenate([name, rest])
        query = self._terms.substitute(query, recipe.substitute, random)
        if dice[4] < recipe.name_in_query:
            query = np.concatenate([name, query])
        return self._frames.apply(query, recipe.question, random), rest

    def _everyday(self, random: np.random.Generator) -> tuple[Ids, Ids]:
        """A written question, now and then without one of its words, and what answers it."""
        recipe, asked = self._recipe, int(random.integers(len(self._questions.texts)))
        query = self._questions.texts.row(asked)
        kept = random.random(len(query)) >= recipe.forget
        index = int(self._questions.passages[asked])
        text = self._corpus.texts.row(index)
        if random.random() < recipe.everyday_name:
            text = np.concatenate([self._corpus.names.row(index), text])
        return query[kept] if kept.any() else query, text

    def _has_next(self, index: int) -> bool:
        documents = self._corpus.documents
        return index + 1 < len(documents) and bool(documents[index] == documents[index + 1])


def cut_query(text: Ids, recipe: PairRecipe, random: np.random.Generator) -> tuple[Ids, Ids]:
    """Cut one or two spans out of `text`; return them joined, and what is left (never empty).

    A span is at most half of the text, so that both sides keep words.
    """
    length = min(int(random.integers(recipe.span[0], recipe.span[1] + 1)), len(text) // 2)
    pieces = 2 if random.random() < recipe.two_spans and length >= 4 else 1
    asked = np.zeros(len(text), dtype=bool)
    for _ in range(pieces):
        size = length // pieces
        start = int(random.integers(0, len(text) - size + 1))
        asked[start : start + size] = True
    return text[asked], text[~asked]
