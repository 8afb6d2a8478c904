"""Reports and rules in prose: long sections, years, who does what, parts after a colon, limits of figures."""

from itertools import pairwise
from pathlib import Path

import pytest
from conftest import assert_told, engine_over
from hypothesis import given
from hypothesis import strategies as st

from domain import AnswerStatus, Hit, Question
from index.passages import LONGEST, NORMAL, clauses_found, of_passage, passage_id, passages
from qa.engine import Engine

REPORT = """青山县2025年政府工作报告
一、2024年工作回顾
过去一年，经济运行稳中有进。全县地区生产总值增长5.2%，一般公共预算收入增长3.1%，城乡居民人均可支配收入分别增长4.6%和6.3%。粮食总产量达到18.6万吨，连续九年丰收。规模以上工业增加值增长7.4%，新增规模以上工业企业21家。
民生事业持续改善。新建普惠性幼儿园3所，增加学位810个。改造老旧小区42个，惠及居民1.3万户。新增公共停车泊位2600个。建成乡镇养老服务中心6个，居家适老化改造1200户。城镇新增就业5400人，高校毕业生就业率达到93%。
生态环境稳步向好。空气质量优良天数比例达到91.2%，国考断面水质全部达标。完成造林1.8万亩，治理水土流失面积35平方公里。关停小散乱污企业17家。农村生活污水治理率达到62%。
改革开放不断深化。政务服务事项网上可办率达到98%，企业开办时间压缩到1个工作日。引进县外投资项目64个，到位资金38亿元。外贸进出口总额增长12%，跨境电商交易额突破2亿元。新增高新技术企业9家，技术合同成交额达到3.4亿元。县域商业体系建设试点通过验收，新建村级物流点58个。完成国有企业改革三年任务，盘活闲置资产2.7亿元。招商引资签约项目71个，其中亿元以上项目23个。
二、2025年工作安排
今年发展的主要预期目标是：地区生产总值增长5.5%左右，一般公共预算收入增长3%，城镇新增就业5000人以上，居民收入与经济增长同步。
着力扩大有效投资。全年安排重点项目86个，年度投资120亿元。开工建设青山北站综合枢纽，建成城东快速路二期。加快推进抽水蓄能电站前期工作，力争年内获得核准。推动青山产业园扩区2.6平方公里。
着力办好民生实事。新增停车泊位3000个，改造老旧小区50个，新建社区食堂20个。县人民医院新院区10月底前投入使用。免费为65岁以上老年人体检。为中小学教室全部安装空调。新增公办幼儿园学位900个，实施薄弱学校改造12所。
着力保护生态环境。全面推行林长制，完成造林2万亩。实施青河流域综合治理，新建污水处理厂2座。推进生活垃圾分类，城区覆盖率达到95%以上。开展秸秆综合利用，利用率达到90%。
着力推进乡村振兴。新建高标准农田3.2万亩，改造提升1.1万亩。培育县级以上家庭农场40家，新增农产品加工企业6家。改造农村公路85公里、危桥11座，实现较大自然村全部通硬化路。完成农村户厕改造2600户，创建和美乡村示范村15个。
"""

RULES = """---
id: shops-2024
title: 青山县小餐饮管理办法
year: 2024
---
# 青山县小餐饮管理办法

## 第一章 总则

第一条 为了规范小餐饮经营，制定本办法。

第二条 县市场监督管理局负责小餐饮的备案和日常监督。乡镇人民政府协助做好宣传工作。

## 第二章 备案

第三条 申请备案，应当提交下列材料：
（一）经营者身份证明；
（二）从业人员健康证明；
（三）经营场所平面图。

第四条 市场监督管理部门应当自收到材料之日起5个工作日内办结，最迟不超过10个工作日。

第五条 备案证有效期为3年。每年3月底前提交年度报告。

## 第三章 附则

第六条 本办法由县市场监督管理局负责解释。

第七条 本办法自发布之日起施行。
"""

PLAN = """国务院办公厅关于印发《绿色校园行动方案》的通知
国办发〔2024〕77号
各省、自治区、直辖市人民政府：
现将《绿色校园行动方案》印发给你们，请认真贯彻执行。
国务院办公厅
2024年6月3日
绿色校园行动方案
为推进校园节能降碳，提高师生环境意识，制定本方案。
一、总体要求
坚持因地制宜，分类推进，到2027年建成一批绿色校园。
二、主要任务
（一）实施节能改造。推广高效照明，优先更换教室、图书馆和宿舍里服役超过八年的灯具，更换节能灯具20万套，改善学生用眼环境。鼓励学校采用合同能源管理方式，引入专业机构投资改造，节约的费用按约定分享。支持农村学校和寄宿制学校先行改造，所需经费从现有渠道统筹安排。新购设备应当达到二级以上能效，采购文件写明能效要求，验收时逐台核对铭牌并登记造册。（教育部牵头，财政部参与）更新老旧供暖管网，安装分户计量装置，对超过设计年限的锅炉限期更换，严禁使用高耗能设备。新建校舍执行绿色建筑标准，既有校舍结合抗震加固同步开展外墙保温和门窗更换。寒冷地区学校在供暖季之前完成管道检修，做到不漏一处、不停一日。（住房城乡建设部负责）建立用能公示制度，每季度公布一次能耗数据，接受师生和家长监督。完善能耗统计口径，统一监测平台接口，逐校核定用能基线，按学年比较升降，把结果作为安排改造经费的依据之一。对连续两个学年下降的学校给予通报表扬，经验做法在区域内推广。加强后勤人员培训，每年至少组织一次节能管理业务交流，编写用能管理手册供学校参考。对用能明显偏高的学校开展节能诊断，提出整改建议并跟踪落实。（国家发展改革委、市场监管总局指导）
（二）开展宣传教育。编写环境教育读本，组织学生参观污水处理厂。（生态环境部牵头，教育部参与）
三、保障措施
（一）加强组织领导。建立部门联席会议，研究解决重大问题。
"""


@pytest.fixture(scope="module")
def county(tmp_path_factory: pytest.TempPathFactory) -> Engine:
    """A report of two long sections and rules in articles, of a county that is not there; a plan of
    paragraphs that each name their units."""
    files = {"report-2025.txt": REPORT, "rules.md": RULES, "campus-2024.txt": PLAN}
    return engine_over(tmp_path_factory.mktemp("prose"), files)


@pytest.mark.parametrize(
    ("question", "says", "cites"),
    [
        ("今年新建多少个社区食堂?", "20个", "report-2025#二"),
        ("今年计划新增多少停车位?", "3000个", "report-2025#二"),
        ("去年新增了多少公共停车泊位?", "2600个", "report-2025#一"),
        ("2024年造林多少?", "1.8万亩", "report-2025#一"),
        ("县人民医院新院区什么时候投入使用?", "10月底前", "report-2025#二"),
        ("小餐饮备案由哪个部门负责?", "县市场监督管理局", "shops-2024#第二条"),
        ("小餐饮宣传由谁负责?", "乡镇人民政府协助", "shops-2024#第二条"),
        ("谁协助做好小餐饮的宣传?", "乡镇人民政府协助", "shops-2024#第二条"),
        ("小餐饮备案要交哪些材料?", "经营场所平面图", "shops-2024#第三条"),
        ("小餐饮备案几天办结?", "5个工作日内", "shops-2024#第四条"),
        ("小餐饮的办法由谁解释?", "县市场监督管理局", "shops-2024#第六条"),
        ("小餐饮备案证有效期几年?", "3年", "shops-2024#第五条"),
    ],
)
def test_what_prose_says_is_told_with_its_place(
    question: str, says: str, cites: str, county: Engine
) -> None:
    assert_told(county, question, says, cites)


@pytest.mark.parametrize(
    "question",
    [
        "2023年造林多少?",  # a year that no document is of or speaks of
        "安吉县新建多少社区食堂?",  # another county
        "小餐饮备案要交多少钱?",  # what is not written
        "谁负责垃圾分类?",  # nobody is named for it
        "谁牵头小餐饮备案?",  # who is responsible is written, not who leads
    ],
)
def test_what_prose_does_not_say_is_not_told(question: str, county: Engine) -> None:
    answer = county.answer(Question(question))
    assert answer.status in (AnswerStatus.NOT_FOUND, AnswerStatus.NOT_STATED), answer.text


@pytest.mark.parametrize(
    ("questions", "says"),
    [
        (("小餐饮备案要交哪些材料?", "几天办结?"), "5个工作日内"),
        (("小餐饮备案由哪个部门负责?", "那宣传呢?"), "乡镇人民政府协助"),
        (("去年新增了多少公共停车泊位?", "今年呢?"), "停车泊位3000个"),
        (("今年造林多少?", "去年呢?"), "造林1.8万亩"),
    ],
)
def test_a_talk_goes_on_in_prose(questions: tuple[str, str], says: str, county: Engine) -> None:
    first = county.answer(Question(questions[0]))
    answer = county.answer(Question(questions[1], first.conversation_id))
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert says in answer.text


@pytest.mark.parametrize(
    ("question", "units", "others"),
    [
        ("更换节能灯具由谁牵头?", {"教育部", "财政部"}, {"住房城乡建设部", "市场监管总局"}),
        ("供暖管网更新由谁负责?", {"住房城乡建设部"}, {"教育部", "国家发展改革委"}),
        ("能耗公示由哪个部门负责?", {"国家发展改革委"}, {"住房城乡建设部", "财政部"}),
        ("环境教育读本谁牵头?", {"生态环境部"}, {"住房城乡建设部"}),
    ],
)
def test_of_a_section_the_units_of_its_paragraph_are_told(
    question: str, units: set[str], others: set[str], county: Engine
) -> None:
    answer = county.answer(Question(question))
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert units <= {unit for unit in units | others if unit in answer.text}
    assert not [unit for unit in others if unit in answer.text]
    assert len(answer.citations) == 1


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("绿色校园方案主要任务第一项是什么?", "实施节能改造"),
        ("绿色校园方案主要任务的头一项是什么?", "实施节能改造"),
        ("绿色校园方案保障措施第一项是什么?", "加强组织领导"),
        ("小餐饮管理办法最后一条说了什么?", "自发布之日起施行"),
        ("小餐饮管理办法什么时候施行?", "本办法自发布之日起施行"),
        ("小餐饮管理办法第三条到第五条", "备案证有效期为3年"),
        ("小餐饮管理办法共几章多少条?", "共7条"),
        ("绿色校园方案的文号和印发日期?", "国办发〔2024〕77号"),
        ("绿色校园方案的文号和印发日期?", "2024年6月3日"),
        ("为什么要制定绿色校园方案?", "提高师生环境意识"),
        ("开展宣传教育在绿色校园方案的主要任务里是第几项?", "（二）"),
    ],
)
def test_documents_are_asked_of_their_parts_and_of_themselves(
    question: str, says: str, county: Engine
) -> None:
    answer = county.answer(Question(question))
    assert answer.status is AnswerStatus.ANSWERED, answer.text
    assert says in answer.text


def test_a_figure_is_told_with_its_whole_limit(county: Engine) -> None:
    text = county.answer(Question("小餐饮备案最迟几个工作日办结?")).text
    assert not text.startswith("超过")
    assert "不超过10个工作日" in text


def test_a_list_is_told_with_all_its_parts(county: Engine) -> None:
    answer = county.answer(Question("小餐饮备案要交哪些材料?"))
    assert [c.clause_id.partition("#")[2] for c in answer.citations] == [
        "第三条",
        "（一）",
        "（二）",
        "（三）",
    ]


def test_a_long_section_is_found_by_its_passage(county: Engine) -> None:
    hit, clause = county.find("跨境电商 外贸进出口", 1)[0]
    whole = county.knowledge.clauses["report-2025#一"]
    assert (clause.id, hit.place > 0) == (whole.id, True)
    assert "跨境电商交易额突破2亿元" in clause.text
    assert len(clause.text) < LONGEST < len(whole.text)
    policy = county.knowledge.policies[clause.policy_id]
    assert policy.text[clause.start : clause.end] == clause.text


def test_a_clause_of_several_passages_comes_once(county: Engine) -> None:
    ids = [clause.id for _, clause in county.find("新增 改造 新建", 50)]
    assert len(ids) == len(set(ids))


def test_a_long_clause_takes_the_place_of_no_other(tmp_path: Path) -> None:
    """The passages of one section fill the first hits; the other clauses still come."""
    towns = "\n".join(
        f"第{n}镇新增停车泊位{n}个，停车泊位建设有序推进。" * 12 for n in range(1, 16)
    )
    text = f"""青山县停车规划
一、停车泊位
{towns}
二、经费
停车泊位建设的经费由县财政安排。
三、监督
县审计局监督停车场的建设。
"""
    parking = engine_over(tmp_path, {"parking.txt": text})
    ids = [clause.id for _, clause in parking.find("新增停车泊位", 2)]
    assert ids == ["parking#一", "parking#二"]


PIECES = st.lists(st.sampled_from([*"经济。；\n ", "发展" * 60, "任务。" * 30, "”"]), max_size=40)


@given(pieces=PIECES)
def test_passages_join_to_the_text_and_none_is_long(pieces: list[str]) -> None:
    text = "".join(pieces)
    spans = passages(text)
    assert "".join(text[start:end] for start, end in spans) == text
    assert all(end == start for (_, end), (start, _) in pairwise(spans))
    if len(text.strip()) <= LONGEST:
        assert spans == ((0, len(text)),)
        return
    for start, end in spans:  # only a sentence of its own may be longer than is normal
        body = text[start:end].strip("。；”\n ")
        assert end - start <= NORMAL or not {"。", "；"} & set(body)


@given(place=st.integers(0, 10**6))
def test_the_id_of_a_passage_gives_its_clause_and_place(place: int) -> None:
    assert of_passage(passage_id("a-2024#第一条", place)) == ("a-2024#第一条", place)


def test_a_passage_that_is_not_there_is_no_hit(county: Engine) -> None:
    known = county.knowledge.clauses
    hits = [Hit("report-2025#一", 1.0, {}, 99), Hit("gone#1", 1.0), Hit("shops-2024#第二条", 1.0)]
    assert [clause.id for _, clause in clauses_found(hits, known)] == ["shops-2024#第二条"]
