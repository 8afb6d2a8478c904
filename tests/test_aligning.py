"""Items side by side: what is the same, what changed, what stands alone."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from domain import Clause
from ingest.catalog import Catalog
from qa.comparison.aligning import Item, Verdict, align, bare, differences, edits, shared_words
from qa.wording import body_span

OLD = (
    Item(
        "1",
        "1",
        "开展离岸经贸业务",
        "开展离岸经贸业务。支持更多企业纳入名单,2024年底前不少于20家。",
    ),
    Item("2", "2", "支持科研仪器共享", "支持科研仪器共享。建立共享清单。"),
    Item("3", "3", "完善登记制度", "完善登记制度。推广集中登记地。"),
)
NEW = (
    Item("1", "1", "支持科研仪器共享", "支持科研仪器共享。建立共享清单。"),
    Item(
        "2",
        "2",
        "开展离岸经贸业务",
        "开展离岸经贸业务。支持更多企业纳入名单,2025年底前不少于30家。",
    ),
    Item("3", "3", "发展低空经济", "发展低空经济。探索飞行员培训。"),
)
WORDS = st.sampled_from(
    [
        "保税",
        "仓库",
        "人才",
        "落户",
        "跨境",
        "电商",
        "低空",
        "经济",
        "融资",
        "登记",
        "仪器",
        "共享",
        "外籍",
        "数据",
        "20家",
        "30日",
        "牵头",
    ]
)
ITEMS = st.lists(
    st.builds(
        lambda n, words: Item(str(n), str(n), words[0], "".join(words)),
        st.integers(0, 30),
        st.lists(WORDS, min_size=1, max_size=6),
    ),
    max_size=8,
)


def items(catalog: Catalog, policy_id: str) -> list[Item]:
    def as_item(clause: Clause) -> Item:
        return Item(clause.id, clause.number, clause.title, clause.words(*body_span(clause)))

    return [as_item(clause) for clause in catalog.clauses(policy_id)]


def verdicts(pairs) -> dict[str, Verdict]:
    return {(pair.left or pair.right).title: pair.verdict for pair in pairs}


def test_items_that_moved_changed_came_and_went() -> None:
    assert verdicts(align(OLD, NEW, versions=True)) == {
        "开展离岸经贸业务": Verdict.CHANGED,
        "支持科研仪器共享": Verdict.SAME,
        "完善登记制度": Verdict.ONLY_LEFT,
        "发展低空经济": Verdict.ONLY_RIGHT,
    }


@pytest.mark.parametrize("policy_id", ["ftz-2024", "hongqiao-2021"])
@pytest.mark.parametrize("versions", [False, True])
def test_a_document_beside_itself_is_all_the_same(
    policy_id: str, versions: bool, catalog: Catalog
) -> None:
    own = items(catalog, policy_id)
    pairs = align(own, own, versions=versions)
    assert {pair.verdict for pair in pairs} == {Verdict.SAME}
    assert [pair.left for pair in pairs] == own


@pytest.mark.parametrize("versions", [False, True])
def test_sides_may_be_changed(versions: bool, catalog: Catalog) -> None:
    one, other = items(catalog, "ftz-2024"), items(catalog, "hongqiao-2021")
    there = {(p.left, p.right) for p in align(one, other, versions=versions)}
    back = {(p.right, p.left) for p in align(other, one, versions=versions)}
    assert there == back


@settings(deadline=None, max_examples=100)
@given(ITEMS, ITEMS, st.booleans())
def test_every_item_stands_in_exactly_one_pair(
    left: list[Item], right: list[Item], versions: bool
) -> None:
    pairs = align(left, right, versions=versions)
    assert [pair.left for pair in pairs if pair.left] == left
    assert sorted(map(id, (pair.right for pair in pairs if pair.right))) == sorted(map(id, right))
    assert all(0 <= pair.score <= 1 for pair in pairs)
    there = sorted((p.left is not None, p.right is not None) for p in pairs)
    back = sorted(
        (p.right is not None, p.left is not None) for p in align(right, left, versions=versions)
    )
    assert there == back


@settings(deadline=None, max_examples=50)
@given(ITEMS)
def test_any_list_beside_itself_is_all_the_same(own: list[Item]) -> None:
    assert all(pair.verdict is Verdict.SAME for pair in align(own, own))


def test_layout_alone_changes_nothing() -> None:
    assert bare("保税物流中心（B 型），\nＡＥＯ") == bare("保税物流中心(B型),aeo")


def test_what_differs_is_told_by_kind() -> None:
    found = differences(
        "依据沪府〔2023〕5号,2024年底前从60日压缩至30日,奖励5万元",
        "依据沪府〔2024〕6号,2025年底前从60日压缩至20日,奖励5万元",
    )
    told = {one.kind: (one.left, one.right) for one in found}
    assert told["数字"] == (("30日",), ("20日",))
    assert told["日期"] == (("2024年底",), ("2025年底",))
    assert told["文号"] == (("〔2023〕5号",), ("〔2024〕6号",))


@pytest.mark.parametrize(
    ("old", "new", "changed"),
    [
        ("不少于20家企业", "不少于30家企业", [("20家", "30家")]),
        ("建立共享清单。", "建立并公布共享清单。", [("", "并公布")]),
        ("由区科委牵头", "由区经委牵头", [("科委", "经委")]),
        ("保税仓库", "保税仓库", []),
    ],
)
def test_edits_are_the_differing_words(old: str, new: str, changed: list) -> None:
    assert edits(old, new) == changed


def test_shared_words_are_the_telling_ones() -> None:
    assert shared_words("推动保税仓库的建设", "支持保税仓库发展", 3)[:1] == ["保税仓库"]
