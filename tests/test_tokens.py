"""Words for the index: rjieba cuts as jieba does, without guessing."""

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import jieba
import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import normalise, search_words, words
from settings import BUNDLED_POLICIES, ROOT

STATUTES = ROOT.parent / "shared" / "data" / "statutes.jsonl.xz"
EVERY = 80  # statutes, for some 200,000 characters


@pytest.fixture(scope="module", autouse=True)
def _quiet_jieba() -> None:
    jieba.setLogLevel("ERROR")


def assert_cut_alike(lines: Iterator[str]) -> None:
    count = 0
    for line in map(normalise, lines):
        assert rjieba.cut(line, hmm=False) == list(jieba.cut(line, HMM=False))
        assert rjieba.cut_for_search(line, hmm=False) == list(jieba.cut_for_search(line, HMM=False))
        count += len(line)
    assert count > 1000


@pytest.mark.parametrize("file", sorted(BUNDLED_POLICIES.glob("*.txt")), ids=lambda f: f.stem)
def test_both_cut_a_bundled_policy_alike(file: Path) -> None:
    assert_cut_alike(iter(file.read_text("utf-8").splitlines()))


@pytest.mark.skipif(not STATUTES.is_file(), reason="the statutes are not beside this checkout")
def test_both_cut_statutes_alike() -> None:
    with lzma.open(STATUTES, "rt", encoding="utf-8") as rows:
        statutes = [json.loads(row)["text"] for row in islice(rows, 0, None, EVERY)]
    assert_cut_alike(line for text in statutes for line in text.splitlines())


@given(st.text("虹桥国际中央商务区支持企业申请AEO认证0123456789.%-·,。 \n", max_size=60))
def test_both_cut_any_mix_alike(text: str) -> None:
    assert rjieba.cut(text, hmm=False) == list(jieba.cut(text, HMM=False))


def test_full_width_forms_and_capitals_are_one() -> None:
    assert normalise("ＡＥＯ认证（Ｂ型）") == "aeo认证(b型)"
    assert search_words("ＡＥＯ认证") == search_words("aeo认证")


def test_words_come_in_order_without_marks() -> None:
    cut = words("《通知》要求,总面积约46平方公里(B型)。")
    assert cut == ["通知", "要求", "总面积", "约", "46", "平方公里", "b", "型"]


def test_long_words_hold_their_shorter_ones() -> None:
    assert {"知识", "产权", "知识产权"} <= set(search_words("知识产权"))
    assert words("知识产权") == ["知识产权"]


@given(st.text(max_size=60))
def test_any_text_is_cut_into_words_of_it(text: str) -> None:
    plain = normalise(text)
    assert all(word and word in plain for word in search_words(text))
