"""Words for the index: rjieba cuts as jieba does, without guessing; pairs, own words, numbers."""

import json
import lzma
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from threading import Thread

import jieba
import pytest
import rjieba
from hypothesis import given
from hypothesis import strategies as st

from index.tokens import Cutter, is_noun, normalise, pairs, search_words, words
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


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("低空经济", ["低空", "空经", "经济"]),
        ("AEO认证,企业B型", ["认证", "企业"]),
        ("企 业", []),
        ("的", []),
        ("", []),
        ("㐀㐁", ["㐀㐁"]),  # of extension A; ideographs beyond U+9FFF have no pairs
    ],
)
def test_pairs_are_neighbouring_characters(text: str, expected: list[str]) -> None:
    assert pairs(text) == expected


@given(st.text("虹桥国际中央商务区AEO认证0-,。 \n（", max_size=40))
def test_pairs_stand_in_the_text_and_cover_its_runs(text: str) -> None:
    plain = normalise(text)
    assert all(len(pair) == 2 and pair in plain for pair in pairs(text))
    assert pairs(text) == [
        plain[at : at + 2]
        for at in range(len(plain) - 1)
        if all("\u4e00" <= char <= "\u9fff" for char in plain[at : at + 2])
    ]


def test_a_cutter_without_own_words_cuts_as_the_dictionary() -> None:
    text = "虹桥国际中央商务区支持企业申请AEO认证"
    assert Cutter().words(text) == search_words(text)


def test_own_words_are_cut_as_one_and_keep_their_parts() -> None:
    text = "由区规建委牵头建设无废城市"
    cutter = Cutter(["区规建委", "无废城市"])
    assert not {"区规建委", "无废城市"} & {*search_words(text)}
    assert {"区规建委", "无废城市", "城市", "牵头", "建设"} <= {*cutter.words(text)}
    assert Cutter().words(text) == search_words(text)  # another cutter does not know them


def test_own_words_may_come_later_and_in_any_form() -> None:
    cutter = Cutter()
    cutter.learn(["ＡＥＯ认证中心", "aeo认证中心"])
    assert cutter.own == {"aeo认证中心"}
    assert "aeo认证中心" in cutter.words("设立 AEO认证中心")
    cutter.learn([])
    cutter.learn(["企业"])  # the dictionary has it already
    assert cutter.own == {"aeo认证中心", "企业"}
    assert cutter.words("支持企业") == search_words("支持企业")


@pytest.mark.parametrize("word", ["", " ", "。", "a b", "𠀀𠀁", "的" * 100])
def test_any_own_word_can_be_learnt(word: str) -> None:
    cutter = Cutter([word])
    assert {"支持", "企业"} <= {*cutter.words(f"支持企业{word}支持企业")}


def test_what_is_learnt_in_the_same_order_gives_the_same_cuts() -> None:
    text = "区建管委和区建管委员会牵头,区建管局配合建设无废城市"
    cutter = Cutter(["区建管委", "无废城市"])
    cutter.learn(["区建管委员会", "区建管"])
    again = Cutter(cutter.own)
    assert list(again.own) == ["区建管委", "无废城市", "区建管委员会", "区建管"]
    assert again.words(text) == cutter.words(text)
    assert {"区建管委", "区建管委员会", "无废城市"} <= {*again.words(text)}


@pytest.mark.parametrize(
    "text",
    [
        "国办发〔2018〕128号",
        "根据国办发〔2018〕128号文件",
        "(国办发(2018)128号)",
        "（国办发（2018）128号）",
        "国办发[2018]128号",
        "国办发【２０１８】128号",
        "国办发 〔2018〕 第128号",
    ],
)
def test_a_document_number_is_one_word_in_any_print(text: str) -> None:
    assert {"〔2018〕128号", "国办发〔2018〕128号"} <= {*Cutter().words(text)}


@pytest.mark.parametrize("text", ["按照国发〔2021〕3号", "国发〔2021〕3号", "见国发〔2021〕3号。"])
def test_a_short_issuer_is_told_from_the_words_before(text: str) -> None:
    cut = Cutter().words(text)
    assert "国发〔2021〕3号" in cut
    assert "〔2021〕3号" in cut


@pytest.mark.parametrize(
    "text", ["2018年128号", "〔2018〕128", "表(1)2号", "(2018)128个", "第128号"]
)
def test_what_is_no_document_number_is_cut_as_it_was(text: str) -> None:
    assert Cutter().words(text) == search_words(text)


def test_each_number_of_a_text_is_found_once() -> None:
    cut = Cutter().words("财税〔2018〕1号、财税〔2018〕1号、令〔2018〕2号、〔2018〕3号")
    numbers = [word for word in cut if "〔" in word]
    assert sorted(numbers) == sorted(
        ["〔2018〕1号", "财税〔2018〕1号", "〔2018〕2号", "令〔2018〕2号", "〔2018〕3号"]
    )


def test_words_may_be_learnt_while_others_cut() -> None:
    """rjieba alone refuses: `RuntimeError: Already borrowed`."""
    cutter = Cutter(["无废城市"])
    text = "建设无废城市,促进低空经济产业联动发展" * 200
    expected = cutter.words(text)
    wrong: list[object] = []

    def cut() -> None:
        try:
            wrong.extend(
                each for each in (cutter.words(text) for _ in range(60)) if each != expected
            )
        except RuntimeError as error:
            wrong.append(error)

    threads = [Thread(target=cut) for _ in range(3)]
    for thread in threads:
        thread.start()
    while any(thread.is_alive() for thread in threads):
        cutter.learn([f"某某词{len(cutter.own)}"])
    assert wrong == []


def test_nouns_are_told_from_words_of_asking() -> None:
    named = "养老院 医保 幼儿园 罚款 补贴 垃圾 跨境电商"
    assert [word for word in named.split() if is_noun(word)] == named.split()[:-1]  # not one word
    assert not any(map(is_noun, ["不能", "有人", "一年", "直接", "处理", "解决", "网"]))
