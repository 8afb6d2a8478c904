"""Filters of a search and of a question: what they mean, and that they hold inside the search."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from domain import AnswerStatus, ClauseKind, Filters, PolicyState, Question
from errors import BadQuestion, UnknownPolicy, UserError
from ingest.catalog import Catalog
from ingest.pipeline import ingest
from qa.engine import Engine
from qa.filters import allowed, bounds
from qa.knowledge import Knowledge
from qa.places import parts, regions_of
from qa.states import STATE_NAMES, state_meant
from settings import load_settings
from workspace import Workspace

TODAY = date(2024, 6, 1)
RICH = "租房补贴按月发放，硕士租房补贴每月{}元，租房补贴申请全年受理。"
FILES = {
    "guangzhou.txt": "---\nregion: 广州市\nyear: 2023\nwritten: 2023-03-01\n---\n广州市租房补贴办法\n"
    + "".join(f"{n}.{RICH.format(n * 100)}(牵头单位:市住房城乡建设局)\n" for n in range(1, 61)),
    "tianhe.txt": """---
region: 广州市天河区
year: 2024
written: 2024-01-08
---
天河区人才工作方案
1.建设人才公寓。
(1)筹集房源，改造旧楼。
(2)公开配租，补贴租金。(牵头单位:区商务局;配合单位:区财政局)
2.举办招聘会。每季度一场。(牵头单位:区人力资源社会保障局)
""",
    "tianhe-bare.txt": """---
region: 天河区
year: 2022
written: 2022-05-01
expires: 2023-12-31
---
天河区早餐工程方案
1.设立早餐点。(牵头单位:区市场监管局;配合单位:区商务局)
2.补贴早餐点租金。(责任单位:区财政局)
""",
    "minhang.txt": """---
region: 上海市闵行区
year: 2024
written: 2024-02-01
---
闵行区电竞产业方案
1.建设电竞场馆。(牵头单位:区经委;配合单位:区文化旅游局)
2.引进电竞企业，补贴租金。(牵头单位:区投促中心)
""",
    "nowhere.txt": "---\nissuer: 国务院\n---\n租房通则\n1.各地可以发放租房补贴。\n",
}


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """Five documents: one that all searches would rather bring, of two cities and of no place."""
    folder = tmp_path_factory.mktemp("filters")
    for name, text in FILES.items():
        (folder / name).write_text(text, "utf-8")
    settings = load_settings({"WENCE_DATA_DIR": str(folder / "data")}, folder / "wence.toml")
    assert {one.state for one in ingest([folder], Catalog(settings.catalog_url))} == {"new"}
    engine = Workspace(settings).engine()
    engine.today = lambda: TODAY
    return engine


@pytest.fixture(scope="module")
def knowledge(engine: Engine) -> Knowledge:
    return engine.knowledge


def policies(engine: Engine, filters: Filters, k: int = 100) -> set[str]:
    return {clause.policy_id for _, clause in engine.find("租房补贴", k, filters)}


def test_without_a_filter_the_strongest_document_takes_all_places(engine: Engine) -> None:
    assert policies(engine, Filters(), k=10) == {"guangzhou"}
    assert policies(engine, Filters()) == {Path(name).stem for name in FILES}


@pytest.mark.parametrize(
    ("filters", "ids"),
    [
        ({"policies": ("minhang", "tianhe")}, {"minhang", "tianhe"}),
        ({"years": (2022, 2024)}, {"tianhe", "tianhe-bare", "minhang"}),
        ({"years": (1999,)}, set()),
        ({"regions": ("广州市",)}, {"guangzhou", "tianhe", "tianhe-bare"}),
        ({"regions": (" 天河 ",)}, {"tianhe", "tianhe-bare"}),
        ({"regions": ("上海市", "天河区")}, {"minhang", "tianhe", "tianhe-bare"}),
        ({"states": ("已失效",)}, {"tianhe-bare"}),
        ({"states": ("现行有效",)}, {"guangzhou", "tianhe", "minhang"}),
        ({"states": ("不明", "失效")}, {"nowhere", "tianhe-bare"}),
        ({"states": ("已废止",)}, set()),
        ({"units": ("商务局",)}, {"tianhe", "tianhe-bare"}),
        ({"units": ("天河区财政局", "区经委")}, {"tianhe", "tianhe-bare", "minhang"}),
        ({"regions": ("广州",), "years": (2024,), "states": ("有效",)}, {"tianhe"}),
        ({"policies": ("tianhe-bare",), "states": ("有效",)}, set()),
        ({"units": ("商务局",), "years": (2022,)}, {"tianhe-bare"}),
    ],
)
def test_a_filter_leaves_what_it_names(
    filters: dict[str, Any], ids: set[str], engine: Engine, knowledge: Knowledge
) -> None:
    asked = Filters(**filters)
    assert policies(engine, asked) == ids
    where = bounds(asked, knowledge, TODAY)
    if not asked.units:
        assert allowed(where, knowledge) == ids


def test_as_many_come_back_as_asked_for_where_there_are_so_many(engine: Engine) -> None:
    for filters in (
        Filters(years=(2024,)),
        Filters(units=("区商务局",)),
        Filters(regions=("天河",), states=("有效",)),
    ):
        every = engine.find("租房补贴", 100, filters)
        for k in range(1, len(every) + 1):
            assert engine.find("租房补贴", k, filters) == every[:k]
        assert len(every) > 3


def test_a_unit_of_a_task_counts_for_all_its_parts(engine: Engine) -> None:
    found = engine.find("筹集房源", 10, Filters(units=("区商务局",), policies=("tianhe",)))
    assert {clause.number for _, clause in found} == {"1", "(1)", "(2)"}
    assert found[0][1].number == "(1)"


@pytest.mark.parametrize("over", ["engine", "bundled"])
def test_the_index_has_the_units_that_questions_are_bounded_by(
    over: str, engine: Engine, workspace: Workspace
) -> None:
    asked = engine if over == "engine" else workspace.engine()
    knowledge = asked.knowledge
    assert knowledge.units
    for unit in knowledge.units:
        of_unit = knowledge.of_units([unit]).clauses.values()
        expected = {c.id for c in of_unit if c.kind is not ClauseKind.HEADING}
        found = asked.find("任务", 1000, Filters(units=(unit,)))
        assert {clause.id for _, clause in found} == expected


def test_a_question_is_answered_from_what_its_filters_leave(engine: Engine) -> None:
    def cited(question: str, **filters: Any) -> set[str]:
        answer = engine.answer(Question(question, filters=Filters(**filters)))
        return {citation.clause_id for citation in answer.citations}

    question = "补贴租金怎么说的"
    assert cited(question) == {"minhang#2"}  # of the region that Wence is at home in
    assert cited(question, units=("区商务局",)) == {"tianhe#(2)"}
    assert cited(question, units=("区商务局",), years=(2022,)) == set()
    assert cited(question, years=(2022,)) == {"tianhe-bare#2"}
    both = cited(question, policies=("minhang", "tianhe"))
    assert {"tianhe#(2)"} <= both <= {"minhang#2", "tianhe#(2)"}
    answer = engine.answer(Question(question, filters=Filters(years=(1999,))))
    assert answer.status is AnswerStatus.NOT_FOUND


@pytest.mark.parametrize(
    ("filters", "error", "says"),
    [
        (
            {"policies": ("minhang", "min-hang")},
            UnknownPolicy,
            "“min-hang”的文件；现有：guangzhou、",
        ),
        ({"units": ("区商物局",)}, BadQuestion, "没有单位“区商物局”；现有："),
        ({"states": ("好",)}, BadQuestion, "有效、已失效、已废止、已被取代、不明"),
        ({"regions": ("火星市",)}, BadQuestion, "地区为“火星市”的文件；现有："),
        ({"regions": ("",)}, BadQuestion, "地区是空的"),
        ({"policies": (" ",)}, BadQuestion, "文件编号是空的"),
        ({"units": ("区商务局", "")}, BadQuestion, "单位是空的"),
        ({"states": ("\t",)}, BadQuestion, "状态是空的"),
    ],
)
def test_a_wrong_filter_is_told_with_what_there_is(
    filters: dict[str, Any], error: type[UserError], says: str, engine: Engine
) -> None:
    asked = Filters(**filters)
    with pytest.raises(error, match=says):
        engine.find("补贴", 5, asked)
    with pytest.raises(error, match=says):
        engine.answer(Question("补贴多少?", filters=asked))


def test_of_many_units_those_most_like_a_wrong_one_are_named(workspace: Workspace) -> None:
    find = workspace.engine().find
    with pytest.raises(BadQuestion, match=r"没有单位“区商务伟”；相近的有：区商务委$"):
        find("补贴", 5, Filters(units=("区商务伟",)))
    with pytest.raises(BadQuestion, match=r"没有单位“火星局”；现有22个，如：(.{3,12}、){4}"):
        find("补贴", 5, Filters(units=("火星局",)))


def test_every_word_for_a_state_is_understood() -> None:
    for state, name in STATE_NAMES.items():
        assert state_meant(name) is state_meant(state.value) is state
    assert state_meant("现行有效") is PolicyState.IN_FORCE
    assert state_meant("废止") is PolicyState.REPEALED


@pytest.mark.parametrize(
    ("region", "made_of"),
    [
        ("江苏省徐州市沛县", ("江苏省", "徐州市", "沛县")),
        ("浙江省杭州市", ("浙江省", "杭州市")),
        ("晋城市城区", ("晋城市", "城区")),
        ("济南市市中区", ("济南市", "市中区")),
        ("甘肃省兰州市兰州新区", ("甘肃省", "兰州市", "兰州新区")),
        ("湖南省湘西土家族苗族自治州凤凰县", ("湖南省", "湘西土家族苗族自治州", "凤凰县")),
        ("内蒙古自治区锡林郭勒盟", ("内蒙古自治区", "锡林郭勒盟")),
        ("香港特别行政区", ("香港特别行政区",)),
        ("全国", ()),
    ],
)
def test_a_region_is_made_of_places(region: str, made_of: tuple[str, ...]) -> None:
    assert parts(region) == made_of


REGIONS = [
    "闵行区", "上海市", "上海市徐汇区", "广州市天河区", "天河区", "北京市朝阳区", "朝阳区",
    "长春市朝阳区", "新疆维吾尔自治区", "苏州市姑苏区", "浦东新区",
]  # fmt: skip


@pytest.mark.parametrize(
    ("place", "found"),
    [
        ("上海市", "上海市 上海市徐汇区"),  # nothing says where 闵行区 lies
        ("上海", "上海市 上海市徐汇区"),
        ("上海市闵行区", "闵行区"),
        ("上海徐汇", "上海市徐汇区"),
        ("广州", "广州市天河区 天河区"),  # another document says where 天河区 lies
        ("广东省广州市", "广州市天河区 天河区"),
        ("朝阳区", "北京市朝阳区 朝阳区 长春市朝阳区"),
        ("北京", "北京市朝阳区"),  # two say where 朝阳区 lies: the bare one may be either
        ("长春市朝阳区", "朝阳区 长春市朝阳区"),
        ("新疆", "新疆维吾尔自治区"),
        ("江苏省苏州市", "苏州市姑苏区"),
        ("浦东", "浦东新区"),
        ("上", ""),
        ("市", ""),
        ("区", ""),
        ("广东省", ""),
    ],
)
def test_a_place_finds_what_lies_in_it(place: str, found: str) -> None:
    assert regions_of(place, REGIONS) == tuple(found.split())
