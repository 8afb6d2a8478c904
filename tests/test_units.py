"""Names of units: which mean the same one."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.units import alias_table, aliases, canonical, departments, looks_like_unit, names_in

SAME = {
    "区发展改革委": "区发展改革委",
    "区发改委": "区发展改革委",
    "区发展和改革委员会": "区发展改革委",
    "闵行区发展和改革委员会": "区发展改革委",
    "上海市发展改革委": "市发展改革委",
    "国家发改委": "国家发展改革委",
    "区 商务委": "区商务委",
    "区市监局": "区市场监管局",
    "市监局": "市场监管局",
    "市市场监管局": "市市场监管局",
    "闵行区市场监督管理局": "区市场监管局",
    "浦东新区商务委员会": "区商务委",
    "国家市场监督管理局": "国家市场监管局",
    "科委": "科委",
    "莘庄海关": "莘庄海关",
    "大零号湾集团": "大零号湾集团",
    "闵行区人民政府": "闵行区人民政府",
}
OTHERS = (  # bodies that people may mix up, and a ledger may not
    ("市公安局", "市公安分局"),
    ("县水利局", "县水务局"),
    ("县卫生健康局", "县卫生健康委"),
    ("区消防救援局", "区消防救援支队"),
    ("市自然资源和规划局", "市规划资源局"),
    ("区发展和改革局", "区发展改革委"),
    ("市信访局", "市信访办"),
)
LEVELS = ("", "区", "市", "县", "省", "国家")


@pytest.mark.parametrize(("name", "one"), SAME.items())
def test_a_name_has_its_one_form(name: str, one: str) -> None:
    assert canonical(name) == one


@pytest.mark.parametrize(("one", "other"), OTHERS)
def test_another_type_of_body_is_another_unit(one: str, other: str) -> None:
    assert canonical(one) == one
    assert canonical(other) == other
    table = alias_table([one, other])
    assert table[one] == (one,)
    assert table[other] == (other,)
    assert alias_table([one])[other] == (
        one,
    )  # a question may mean it so, where it is the only one


def test_a_place_of_another_region_stays() -> None:
    assert canonical("浦东新区商务委", "上海市闵行区") == "浦东新区商务委"
    assert canonical("闵行区商务委员会", "上海市闵行区") == "区商务委"
    assert canonical("上海市商务委", "闵行区") == "市商务委"
    assert canonical("省市场监管局（省知识产权局）") == "省市场监管局"


@pytest.mark.parametrize("level", LEVELS)
def test_every_form_in_the_table_means_its_department(level: str) -> None:
    for department, forms in departments().items():
        for form in (department, *forms):
            assert canonical(level + form) in (level + department, level + form)
            assert canonical(level + department) == level + department


@given(st.sampled_from(sorted(departments())), st.sampled_from(LEVELS))
def test_a_form_keeps_its_level(department: str, level: str) -> None:
    assert level + department in set(aliases(level + department))
    assert department in set(aliases(level + department))


def test_no_form_belongs_to_two_departments() -> None:
    forms = [form for name, others in departments().items() for form in {name, *others}]
    assert sorted(forms) == sorted(set(forms))


@given(st.text(max_size=20))
def test_the_one_form_is_its_own(name: str) -> None:
    assert canonical(canonical(name)) == canonical(name)


def test_people_write_a_unit_in_these_forms() -> None:
    forms = set(aliases("区市场监管局"))
    assert {"区市场监管局", "市场监管局", "区市监局", "市监局", "区市场监督管理局"} <= forms
    assert "区" not in forms
    assert set(aliases("大零号湾集团")) == {"大零号湾集团"}


def test_a_form_may_mean_several_of_the_known_units() -> None:
    table = alias_table(["区商务委", "市商务委", "区科委"])
    assert table["商务委"] == ("区商务委", "市商务委")
    assert table["区商务委员会"] == ("区商务委",)
    assert table["科技委"] == ("区科委",)
    assert "财政局" not in table


def test_a_kind_alone_means_each_unit_of_the_kind() -> None:
    assert alias_table(["莘庄海关", "龙吴海关", "区科委"])["海关"] == ("莘庄海关", "龙吴海关")
    assert alias_table(["莘庄海关", "海关"])["海关"] == ("海关",)


def test_departments_are_found_in_a_text_with_their_level(sample: str) -> None:
    """
    按照市发展改革委工作部署,区发改委和上海市闵行区市场监督管理局配合,区内企业参与。
    """
    assert [(sample[start:end], unit) for start, end, unit in names_in(sample)] == [
        ("市发展改革委", "市发展改革委"),
        ("区发改委", "区发展改革委"),
        ("区市场监督管理局", "区市场监管局"),
    ]


@given(st.text("区市县省国家发展改革委科商务局海关的,", max_size=40))
def test_found_names_lie_in_the_text(text: str) -> None:
    for start, end, unit in names_in(text):
        assert canonical(text[start:end]) == unit


@pytest.mark.parametrize(
    "name",
    ["区商务委", "莘庄海关", "大零号湾集团", "临港浦江国际科技城", "新虹桥国际医学中心", "科委"],
)
def test_a_unit_looks_like_one(name: str) -> None:
    assert looks_like_unit(name)


@pytest.mark.parametrize("name", ["加强领导", "另有规定的除外", "B型", "", "46平方公里"])
def test_other_words_do_not(name: str) -> None:
    assert not looks_like_unit(name)
