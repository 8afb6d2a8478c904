"""Questions as they are read: kinds, names, conditions."""

import pytest

from domain import Role
from qa.engine import Engine
from qa.reading import Kind, Numbered, Reading
from qa.understanding.parts import split_parts
from qa.understanding.understand import understand


def read(question: str, engine: Engine) -> Reading:
    return understand(question, engine.knowledge, list(engine.knowledge.policies))


@pytest.mark.parametrize(
    ("question", "parts"),
    [
        ("低空经济谁牵头,补贴多少?", ["低空经济谁牵头", "补贴多少"]),
        ("我们做芯片,有哪些政策?", ["我们做芯片,有哪些政策"]),
        ("区科委牵头几项、配合几项?", ["区科委牵头几项", "配合几项"]),
        ("谁牵头？谁配合？", ["谁牵头", "谁配合"]),
        ("哪些单位只配合、不牵头任何任务?", ["哪些单位只配合、不牵头任何任务"]),
        ("低空经济", ["低空经济"]),
    ],
)
def test_a_message_is_split_where_it_asks_again(question: str, parts: list[str]) -> None:
    assert split_parts(question) == parts


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        ("数据跨境归谁管", Kind.WHO),
        ("财政局干啥的", Kind.SELECT),
        ("哪个单位牵头最多", Kind.UNITS),
        ("方案分几个部分", Kind.SECTIONS),
        ("自贸区方案第二项", Kind.ITEM),
        ("自贸区方案的文号", Kind.CARD),
        ("前湾公园多大", Kind.FACT),
        ("我们做芯片,有什么政策", Kind.APPLY),
        ("讲个笑话", Kind.DECLINE),
        ("那个呢", Kind.UNCLEAR),
    ],
)
def test_a_question_has_a_kind(question: str, kind: Kind, engine: Engine) -> None:
    assert read(question, engine).kind is kind


@pytest.mark.parametrize(
    ("question", "policies"),
    [
        ("2021年第5项", ("hongqiao-2021",)),
        ("17号文第5项", ("ftz-2024",)),
        ("自贸区那个方案第5项", ("ftz-2024",)),
        ("《闵行区推进虹桥国际开放枢纽建设2021年重点工作安排》第5项", ("hongqiao-2021",)),
        ("虹桥2021第5项", ("hongqiao-2021",)),
        ("第5项", None),
        ("闵行的第5项", None),
    ],
)
def test_a_document_is_known_by_what_people_call_it(
    question: str, policies: tuple[str, ...] | None, engine: Engine
) -> None:
    assert read(question, engine).policies == policies


@pytest.mark.parametrize(
    ("question", "series", "values"),
    [
        ("第十二项任务", Numbered.TASK, [12]),
        ("任务8谁牵头", Numbered.TASK, [8]),
        ("第3到5项是什么", Numbered.TASK, [3, 4, 5]),
        ("第8、9项", Numbered.TASK, [8, 9]),
        ("保障措施第二条", Numbered.MEASURE, [2]),
        ("第二部分讲什么", Numbered.PART, [2]),
        ("第二个呢", Numbered.LISTED, [2]),
    ],
)
def test_item_numbers(question: str, series: Numbered, values: list[int], engine: Engine) -> None:
    numbers = read(question, engine).numbers
    assert [number.value for number in numbers] == values
    assert {number.series for number in numbers} == {series}


@pytest.mark.parametrize(
    "question", ["13号线什么时候开工", "大零号湾是什么", "两份文件各有几项任务"]
)
def test_other_figures_are_no_item_numbers(question: str, engine: Engine) -> None:
    assert read(question, engine).numbers == ()


def test_each_unit_keeps_the_role_that_the_words_give_it(engine: Engine) -> None:
    reading = read("市监局牵头、科委配合的任务有哪些", engine)
    assert [(ask.units, ask.role) for ask in reading.units] == [
        (("区市场监管局",), Role.LEAD),
        (("区科委",), Role.COOPERATE),
    ]
    reading = read("配合单位是区科委的任务", engine)
    assert [ask.role for ask in reading.units] == [Role.COOPERATE]


def test_conditions_on_roles(engine: Engine) -> None:
    assert read("哪些任务没有配合单位", engine).bounds.lacking == (Role.COOPERATE,)
    assert read("配合单位超过两家的任务", engine).bounds.several == (Role.COOPERATE, 3)
    assert read("有三个以上牵头单位的任务", engine).bounds.several == (Role.LEAD, 3)
    assert read("财政局单独牵头的任务", engine).bounds.sole
    assert read("哪些单位只配合不牵头", engine).bounds.only_role is Role.COOPERATE
    assert read("既牵头又配合的单位有哪些", engine).bounds.both_roles
    assert not read("牵头单位一共有几个", engine).bounds.on_items


def test_a_department_that_no_document_names_is_noticed(engine: Engine) -> None:
    assert read("区民政局牵头哪些任务", engine).unknown_units == ("区民政局",)
    assert read("市教育局牵头哪些任务", engine).unknown_units == ("市教育局",)
    assert read("区教育局牵头哪些任务", engine).unknown_units == ()


@pytest.mark.parametrize(
    ("question", "place"),
    [
        ("静安区的人才公寓", "静安区"),
        ("苏州的低空经济", "苏州"),
        ("2019年的任务", "2019"),
        ("闵行区的低空经济", ""),
        ("张江的仪器共享", ""),
    ],
)
def test_other_places_and_years_are_noticed(question: str, place: str, engine: Engine) -> None:
    assert read(question, engine).elsewhere == place
