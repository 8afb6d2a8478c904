"""Questions as people type them: what is corrected, what is told, and what must stay as it is."""

from pathlib import Path

import pytest

from domain import Answer, AnswerStatus, Question
from eval.questions import read_questions
from qa.engine import Engine
from qa.typed.english import in_chinese, mixed
from qa.typed.script import simplified
from qa.typed.short_numbers import spelled_out
from qa.typed.small_talk import without_talk
from qa.typed.spelling import corrected
from settings import ROOT

NOISY = [
    line.split("\t")
    for line in (Path(__file__).parent / "noisy.tsv").read_text("utf-8").splitlines()
    if not line.startswith("#")
]
CASES = [(clean, noisy) for _, clean, *forms in NOISY for noisy in forms]


def ask(engine: Engine, text: str) -> Answer:
    return engine.answer(Question(text))


def places(answer: Answer) -> set[tuple[str, int, int]]:
    return {(one.policy_id, one.start, one.end) for one in answer.citations}


def reads(text: str, engine: Engine) -> list[str]:
    return [one.read for one in corrected(text, engine.knowledge).corrections]


@pytest.mark.parametrize(("clean", "noisy"), CASES, ids=[noisy for _, noisy in CASES])
def test_a_noisy_question_gets_the_answer_of_the_clean_one(
    clean: str, noisy: str, engine: Engine
) -> None:
    if noisy.startswith("保水仓库"):
        pytest.xfail("保水 is a word of the language, which is never corrected")
    wanted, given = ask(engine, clean), ask(engine, noisy)
    assert (given.status, places(given)) == (wanted.status, places(wanted)), given.text


def test_no_well_written_question_is_changed(engine: Engine) -> None:
    sets = [ROOT / "eval" / "questions" / name for name in ("minhang.jsonl", "minhang-wide.jsonl")]
    asked = [one for file in sets for one in read_questions(file) if one.kind != "noisy"]
    texts = [text for one in asked for text in (one.question, *one.after)]
    assert {text: reads(text, engine) for text in texts if reads(text, engine)} == {}


def test_no_everyday_question_is_changed(engine: Engine) -> None:
    """What people ask of other documents, in words that these do not have."""
    files = sorted((ROOT / "data" / "training").glob("kept*.tsv"))
    texts = [line.split("\t")[-1] for f in files for line in f.read_text("utf-8").splitlines()]
    assert len(texts) > 1000
    assert {text: reads(text, engine) for text in texts if reads(text, engine)} == {}


@pytest.mark.parametrize(
    ("typed", "first_line"),
    [
        ("区财正局牵头哪些任务", "按“区财政局”理解。"),
        ("区科位负则什么", "按“区科委”、“负责”理解。"),
        ("低空經濟由誰牽頭", "按简体字理解。"),
        ("區財正局牽頭哪些任務", "按简体字，按“区财政局”理解。"),
        ("who leads the low-altitude economy?", "按“低空经济由谁牵头”理解。"),
        ("自贸区方案 task 8谁牵头", "按“任务”理解。"),
    ],
)
def test_a_correction_is_told_first(typed: str, first_line: str, engine: Engine) -> None:
    answer = ask(engine, typed)
    assert answer.status is AnswerStatus.ANSWERED
    assert answer.text.splitlines()[0] == first_line


@pytest.mark.parametrize(
    "typed", ["低空经济由谁牵头？？？", "１７号文有多少项任务", "低 空 经 济 由 谁 牵 头"]
)
def test_marks_blanks_and_full_width_forms_are_no_news(typed: str, engine: Engine) -> None:
    assert not ask(engine, typed).text.startswith("按")


@pytest.mark.parametrize(
    "typed",
    [
        "市财政局牵头哪些任务",  # another unit, not a slip of 区财政局
        "浦东的低空经济谁牵头",
        "静安区的人才公寓怎么申请",
        "区民政局牵头哪些任务",  # a department that these documents do not name
        "区经信局牵头哪些任务",
        "漕河泾开发区归谁管",
        "电竞中心在哪",
        "氢能有什么政策",
        "“区财正局”是什么",  # quoted: meant as it stands
        "《低空京济方案》谁牵头",
    ],
)
def test_what_is_meant_stays(typed: str, engine: Engine) -> None:
    assert reads(typed, engine) == []


@pytest.mark.parametrize(
    ("typed", "chinese"),
    [
        ("who leads the flying saucer program", None),  # unknown words: nothing is guessed
        ("translate this into French", None),
        ("Hello", None),
        ("How many tasks does the Commerce Commission lead?", "区商务委牵头几项任务"),
        ("which tasks does the tax bureau lead", "税务局牵头哪些任务"),
        ("does the Pudong commerce commission lead AEO", "浦东区商务委牵头aeo吗"),
        ("What is task eight?", "第8项任务是什么"),
        ("who supports task 9", "第9项任务的配合单位是谁"),
        ("who leads AEO", "aeo由谁牵头"),  # printed so in the documents
        ("AEO certification who is in charge", "aeo认证由谁牵头"),
        ("Does Xi'an have a free trade zone?", "西安有没有自贸区"),
        ("Who leads Jing'an District's talent apartments?", "静安人才公寓由谁牵头"),
        (
            "How long is the visa for foreign talents?",
            "外籍人才签证期限是多久",
        ),  # of, for: in front
        ("Which companies can apply for certification?", "哪些企业可以申请认证"),
        ("When will Line 13 be completed?", "13号线什么时候完成"),
        ("What is the area of the bonded logistics centre?", "保税物流中心总面积是多少"),
        ("Which industries are planned?", "有哪些产业"),  # alone, `industry` says something
        ("In the 2024 plan, who leads offshore trade?", "2024年方案里离岸经贸由谁牵头"),
        ("how are you today", None),
        ("What is the capital of France", None),
    ],
)
def test_english_becomes_chinese(typed: str, chinese: str | None, engine: Engine) -> None:
    assert in_chinese(typed, engine.knowledge.vocabulary) == chinese


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        ("Who leads AEO certification?", "牵头单位是区商务委"),
        ("What is the total area of the Minhang linkage innovation zone", "46平方公里"),
        ("How large is the innovation zone?", "46平方公里"),
        ("Where is the office of the special task force located?", "设在区发展改革委"),
        ("Who is the leader of the special task force?", "区长担任专班组长"),
        ("How long is the work residence permit for foreign technology talent?", "最长五年"),
        ("What is the time limit for drug clinical trial approval?", "压缩至30日"),
        ("How long does it take to approve a drug clinical trial?", "压缩至30日"),
        ("How many affiliated schools will be formed?", "7所"),
        ("How many supporting units does task 1 in the free trade zone plan have?", "共3个"),
        ("What does the plan say about low-altitude economy?", "飞行员培训"),
        ("Does the plan support eVTOL pilot training?", "飞行员培训"),
        ("Can bonded warehouses extend the storage period?", "延长保税仓库存储期限"),
        ("Is there any policy on bonded warehouses?", "保税仓库"),
        ("What is the goal of offshore trade?", "离岸"),
        ("When was the plan issued?", "2024年11月1日"),
        ("Who issued the plan?", "闵行区人民政府"),
        ("Which hospitals will be built?", "泰和诚肿瘤医院"),
        ("What cultural events will be held?", "江南吃货节"),
        ("Which customs office leads the bonded logistics centre?", "莘庄海关、龙吴海关"),
        ("List the tasks led by Xinzhuang Customs", "莘庄海关牵头2项"),
        ("List the supporting units of task 10 in the 2024 plan", "区卫生健康委"),
        ("How can foreigners get a work residence permit?", "工作类居留许可"),
        ("What are the responsibilities of the Cyberspace Administration?", "区网信办"),
    ],
)
def test_an_english_question_is_answered(typed: str, said: str, engine: Engine) -> None:
    answer = ask(engine, typed)
    assert said in answer.text
    assert answer.text.startswith("按")


def test_an_english_term_stands_once() -> None:
    lines = (ROOT / "data" / "english.tsv").read_text("utf-8").splitlines()
    terms = [line.split("\t")[0] for line in lines if not line.startswith("#")]
    assert len(terms) == len(set(terms))
    assert [term for term in terms if term != term.lower() or "-" in term] == []


def test_an_english_question_on_unknown_terms_is_not_answered(engine: Engine) -> None:
    assert ask(engine, "who leads the flying saucer program").status is AnswerStatus.NOT_FOUND


def test_english_words_that_the_documents_print_stay(engine: Engine) -> None:
    vocabulary = engine.knowledge.vocabulary
    assert mixed("AEO认证谁牵头", vocabulary) == ("AEO认证谁牵头", [])
    assert mixed("esports谁牵头", vocabulary) == ("电竞谁牵头", [("esports", "电竞")])


@pytest.mark.parametrize(
    ("typed", "bare"),
    [
        ("急急急,低空经济谁牵头???谢谢啦", "低空经济谁牵头?"),
        ("亲,低空经济归谁管呀,在线等,挺急的", "低空经济归谁管呀"),
        ("低空经济谁牵头😂😂🙏", "低空经济谁牵头"),
        ("低空经济...谁牵头[捂脸]", "低空经济,谁牵头"),
        ("你好", "你好"),  # talk alone is left to the rules of scope
        ("😂", "😂"),
        ("急救中心谁牵头", "急救中心谁牵头"),
        ("领导小组有哪些单位", "领导小组有哪些单位"),
        ("老师待遇怎么提高", "老师待遇怎么提高"),
    ],
)
def test_talk_around_a_question_is_left_out(typed: str, bare: str) -> None:
    assert without_talk(typed) == bare


@pytest.mark.parametrize(
    ("typed", "whole"),
    [
        ("闵府发17号谁印发的", "闵府发〔2024〕17号谁印发的"),
        ("请看府发2024年17号", "请看闵府发〔2024〕17号"),
        ("闵府发18号谁印发的", "闵府发18号谁印发的"),  # there is none
        ("十七号文有几项任务", "17号文有几项任务"),
        ("地铁17号线归谁", "地铁17号线归谁"),
        ("第拾项是什么", "第十项是什么"),
    ],
)
def test_short_numbers_are_spelled_out(typed: str, whole: str, engine: Engine) -> None:
    assert spelled_out(typed, engine.knowledge) == whole


def test_words_of_taiwan_become_those_of_the_documents(engine: Engine) -> None:
    vocabulary = engine.knowledge.vocabulary
    assert simplified("低空經濟", vocabulary) == "低空经济"
    assert simplified("數據跨境流動", vocabulary) == "数据跨境流动"
    assert simplified("數位經濟", vocabulary) == "数字经济"


def test_a_conversation_goes_on_from_the_corrected_question(engine: Engine) -> None:
    first = ask(engine, "低空京济由谁迁头")
    then = engine.answer(Question("那配合单位呢?", first.conversation_id))
    assert "大零号湾集团" in then.text


def test_a_clean_question_loads_no_dictionary_of_sounds(engine: Engine) -> None:
    import subprocess
    import sys

    code = (
        "import sys\nfrom qa.typed.slips import slips\nfrom qa.typed.vocabulary import Vocabulary\n"
        "found = slips('低空经济由谁牵头', Vocabulary((), ['低空经济'], '低空经济'))\n"
        "print(found, {'pypinyin', 'opencc', 'rapidfuzz'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.split() == ["[]", "set()"]
