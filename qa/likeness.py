"""How well the words of clauses mean those of a question, word by word.

Each word of the question is held against the nearest word of a clause (late interaction, Khattab and
Zaharia 2020, arXiv:2004.12832); how near they are is told by kernels over the cosine (Xiong et al.
2017, arXiv:1706.06613), since a word that is there, one that means the same and one that is of the
same field say different things.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

from index.encoder import WordVectors
from qa.topic import stop_words, told_by

CENTRES = (1.0, 0.85, 0.7, 0.55, 0.4, 0.25, 0.1)  # cosines at which the nearest words are counted
WIDTH = 0.08
FAINT, FAINT_WIDTH = 0.2, 0.1  # the cosine of words of one field, however many there are
COLUMNS = len(CENTRES) + 1
LONGEST = 150  # words of a clause that are read

Figures = NDArray[np.float64]


def likeness(question: str, texts: Sequence[str], words: WordVectors) -> Figures:
    """A row of figures for each text: (texts, `COLUMNS`).

    The share of the question's words, by what each tells, whose nearest word is about so near, for
    each of `CENTRES`; then how many words are faintly near. All zero where either has no word.
    """
    rows = np.zeros((len(texts), COLUMNS))
    asked = _numbers(words, question)
    cut = [_numbers(words, text) for text in texts]
    lengths = np.array([len(numbers) for numbers in cut])
    full = np.flatnonzero(lengths)
    if not len(asked) or not len(full):
        return rows
    known, places = np.unique(np.concatenate([cut[at] for at in full]), return_inverse=True)
    cosines = (words.vectors(asked) @ words.vectors(known).T)[:, places].astype(np.float64)
    starts = np.concatenate([[0], np.cumsum(lengths[full])[:-1]])
    told = _told(words, question)
    weights = told / told.sum()
    nearest = np.maximum.reduceat(cosines, starts, axis=1)
    for column, centre in enumerate(CENTRES):
        rows[full, column] = weights @ _kernel(nearest, centre, WIDTH)
    faint = np.add.reduceat(_kernel(cosines, FAINT, FAINT_WIDTH), starts, axis=1)
    rows[full, -1] = weights @ np.log1p(faint)
    return rows


def _kernel(cosines: Figures, centre: float, width: float) -> Figures:
    return np.asarray(np.exp(-((cosines - centre) ** 2) / (2 * width**2)))


@lru_cache(8192)
def _cut(words: WordVectors, text: str) -> tuple[NDArray[np.int64], Figures]:
    """The words of a text that are not frame, each once: their numbers, and what each tells."""
    kept = dict(zip(*words.cut(text), strict=True))
    telling = {word: number for word, number in kept.items() if word not in stop_words()}
    few = list(telling.items())[:LONGEST]
    numbers = np.array([number for _, number in few], np.int64)
    return numbers, np.array([told_by(word) for word, _ in few])


def _numbers(words: WordVectors, text: str) -> NDArray[np.int64]:
    return _cut(words, text)[0]


def _told(words: WordVectors, text: str) -> Figures:
    return _cut(words, text)[1]
