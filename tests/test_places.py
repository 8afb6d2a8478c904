"""A place that a question names bounds what it is answered from."""

import pytest
from conftest import engine_over

from domain import Question
from qa.engine import Engine
from qa.places import strangers

RATES = {"金山区": 300, "静安区": 800, "长宁区": 500}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Three districts with one text and three figures."""
    files = {
        f"{place}.txt": f"{place}人才租房补贴办法\n第一条 为吸引人才，制定本办法。\n"
        f"第二条 硕士每月租房补贴{rate}元。\n"
        for place, rate in RATES.items()
    }
    return engine_over(tmp_path_factory.mktemp("places"), files)


@pytest.mark.parametrize("place", RATES)
@pytest.mark.parametrize("form", ["{}", "{}的"])
def test_each_district_is_answered_from_its_own_document(
    engine: Engine, place: str, form: str
) -> None:
    for name in (place, place.removesuffix("区")):
        answer = engine.answer(Question(f"{form.format(name)}硕士租房补贴每月多少元？"))
        assert f"{RATES[place]}元" in answer.text
        assert {citation.policy_id for citation in answer.citations} == {place}


@pytest.mark.parametrize(
    ("question", "away"),
    [
        ("浦东新区的低空经济谁牵头", "浦东新区"),
        ("南京的公司想来这儿开分公司,欢迎吗?", ""),
        ("往湖州去的火车打咱这儿过吗?", ""),
        ("去湖州的高铁在修了吗?", ""),
        ("我老家在四川,能落户吗?", ""),
        ("我厂在松江,算在范围里吗?", ""),
        ("松江的补贴是多少?", "松江"),
        ("地铁19号线经过哪几站?", "19号线"),
        ("第七届博览会有哪些便利?", "第七届"),
        ("安吉县的补贴是多少?", "安吉县"),
        ("上海城市规划怎么说?", ""),  # no 海城市
        ("能跟苏州、杭州的片区联手吗?", ""),
        ("杭州老板想来落脚,有政策吗?", ""),
        ("在杭州住的,上海的事能办吗?", ""),
        ("去嘉定的轨道今年动工吗?", ""),
        ("我老家湖州的,坐火车方便吗?", ""),
    ],
)
def test_where_somebody_comes_from_is_not_what_is_asked_of(question: str, away: str) -> None:
    assert next(strangers(question, "上海市闵行区"), "") == away
