"""What a clause offers and on which conditions: sample sentences beside what they must give."""

import pytest

from qa.applicability.conditions import Bounded, Offers, conditions_in, offers_in, served_first
from qa.applicability.thresholds import bounds_in, figures_in

CONDITIONS = (  # a sentence, then its conditions in order
    ("支持更多符合条件的区域内企业申请成为海关高级认证企业。", ["open:符合条件的", "place:区域内"]),
    ("对注册在高新区的小微企业给予补贴。", ["place:注册在高新区", "kind:小微企业"]),
    ("对从业人员300人以下的中小企业给予贷款贴息。", ["figure:从业人员300人以下", "kind:中小企业"]),
    ("年营业收入2000万元以上的工业企业可申请技改补助。", ["figure:营业收入2000万元以上"]),
    ("成立五年以内的初创企业可以申请场地补贴。", ["figure:成立五年以内", "kind:初创企业"]),
    ("支持高新技术企业申请研发补助。", ["standing:高新技术企业"]),
    ("鼓励中央企业设立研发机构。", ["kind:中央企业"]),
    ("支持生物医药、人工智能等重点领域企业加大研发投入。", ["field:生物医药、人工智能等重点领域"]),
    ("对非本省户籍的高校毕业生给予生活补贴。", ["origin:非本省户籍", "kind:高校毕业生"]),
    ("支持本市注册的外资企业设立研发中心。", ["place:本市", "kind:外资企业"]),
    ("支持经认定的科技企业孵化器提升服务能力。", ["open:经认定的", "kind:科技企业"]),
    ("允许信用良好的企业先放行后缴税。", ["open:信用良好的"]),
    ("加快建设城市公园。", []),
    ("由市财政局会同有关部门制定办法。", []),
)  # fmt: skip


@pytest.mark.parametrize(("sentence", "expected"), CONDITIONS, ids=lambda v: str(v)[:24])
def test_conditions_of_a_sentence(sentence: str, expected: list[str]) -> None:
    found = conditions_in(sentence, 100)
    assert [f"{one.about.value}:{one.words}" for one in found] == expected
    for one in found:
        assert sentence[one.start - 100 : one.end - 100] == one.words


OFFERS = (  # a sentence, and how much it holds out
    ("对新认定的高新技术企业给予20万元奖励。", Offers.GIVES),
    ("支持企业参加境外展会。", Offers.GIVES),
    ("为外籍人才提供签证便利。", Offers.GIVES),
    ("开展跨境电商进口试点。", Offers.OPENS),
    ("吸引集聚一批研发机构。", Offers.OPENS),
    ("加快轨道交通建设。", Offers.WORKS),
    ("争取政策支持和资源倾斜。", Offers.WORKS),
    ("不得擅自改变土地用途。", Offers.WORKS),
)


@pytest.mark.parametrize(("sentence", "how"), OFFERS, ids=lambda v: str(v)[:20])
def test_how_much_a_sentence_holds_out(sentence: str, how: Offers) -> None:
    [offer] = offers_in(sentence, 0, len(sentence))
    assert offer.how is how
    assert sentence[offer.start : offer.end] == sentence.rstrip("。")


def test_what_others_are_to_serve_is_whom_it_is_for() -> None:
    sentence = "支持园区内银行开展贴现业务,提升服务小微企业能力。"
    kept = served_first(conditions_in(sentence))
    assert [one.words for one in kept] == ["小微企业"]


def test_a_standing_that_is_to_be_gained_is_no_condition() -> None:
    found = conditions_in("支持企业申请成为高新技术企业。")
    assert not [one for one in found if one.about is Bounded.STANDING]


def test_a_partner_is_no_condition() -> None:
    found = conditions_in("支持社会办医机构与公立医院深化合作。")
    assert [one.words for one in found] == ["社会办医机构"]


BOUNDS = (
    ("职工人数不超过20人", "employees", 20, False),
    ("员工达到1000人的", "employees", 1000, True),
    ("年销售额5000万元以下", "revenue", 5000, False),
    ("主营业务收入不低于2亿元的", "revenue", 20000, True),
    ("单笔等值5万美元以上", "amount", 5, True),
    ("注册资本500万元以上", "amount", 500, True),
    ("成立未满三年", "age", 3, False),
)


@pytest.mark.parametrize(("text", "quantity", "value", "least"), BOUNDS, ids=lambda v: str(v))
def test_bounds(text: str, quantity: str, value: float, least: bool) -> None:
    [bound] = bounds_in(text)
    assert (bound.quantity, bound.value, bound.least) == (quantity, value, least)
    assert bound.met(value)
    assert bound.met(value + 1) is least


def test_a_target_of_an_authority_is_no_bound() -> None:
    assert not list(bounds_in("累计落户200家总部类企业,产业链营收达到8400亿元。"))


def test_figures_of_a_description() -> None:
    found = [(f.value, f.unit) for f in figures_in("我们30人,年营收3000万,单笔8万美元,成立2年")]
    assert found == [(30, "人"), (8, "美元"), (2, "年")]
