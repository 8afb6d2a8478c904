"""What a document says of itself: invented documents of many shapes, and a gold table of real ones."""

from __future__ import annotations

import csv
import unicodedata
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from errors import UnreadableFile
from ingest.card.dates import LENGTH, add, last_day, read_day
from ingest.card.metadata import Metadata, parse_card, read_card, read_metadata
from ingest.catalog import Catalog
from ingest.document import settle
from ingest.formats.text import read as read_text
from ingest.reader import read_source

OFFICIAL = Path(__file__).resolve().parents[2] / "shared" / "data" / "official"
GOLD = Path(__file__).parent / "golden" / "metadata.tsv"
REAL = pytest.mark.skipif(not OFFICIAL.is_dir(), reason=f"no documents in {OFFICIAL}")


def repealed(card: Metadata) -> list[tuple[str, str | None, str | None]]:
    return [(one.kind, one.title, one.doc_no) for one in card.repeals]


def test_a_notice_that_issues_a_document(sample: str) -> None:
    """
    闵行区人民政府印发《关于推进联动创新区建设的实施方案》的通知
    闵府发〔2024〕17号 2024-11-01
    各镇人民政府:
    闵行区人民政府
    2024年11月1日
    """
    assert read_metadata(sample) == Metadata(
        title="关于推进联动创新区建设的实施方案",
        doc_no="闵府发〔2024〕17号",
        issuers=("闵行区人民政府",),
        addressees=("各镇人民政府",),
        written=date(2024, 11, 1),
        published=date(2024, 11, 1),
        region="闵行区",
        year=2024,
    )


def test_a_press_text_says_only_its_title_and_year(sample: str) -> None:
    """
    2021年推进虹桥国际开放枢纽建设,60项重点工作公布

    近日,领导小组于2021年3月5日召开第一次全体会议,审议并通过了《重点工作安排》。
    """
    title = "2021年推进虹桥国际开放枢纽建设,60项重点工作公布"
    assert read_metadata(sample) == Metadata(title=title, year=2021)


def test_a_page_is_of_the_region_of_its_site(sample: str) -> None:
    """
    创业贷款常见问题-滨海市人力资源和社会保障局网站
    首页
    创业贷款常见问题
    一、贷款额度是多少？
    答：最高30万元。
    """
    assert read_metadata(sample).region == "滨海市"


def test_a_markdown_title_loses_its_marks(sample: str) -> None:
    """
    # **上海市徐汇区行动方案(2025年)**
    正文。
    """
    card = read_metadata(sample)
    assert (card.title, card.region, card.year) == (
        "上海市徐汇区行动方案(2025年)", "上海市徐汇区", 2025)  # fmt: skip


def test_a_title_over_lines_and_spaced_out(sample: str) -> None:
    """
    国务院办公厅
    关于某某工作中所提问题和建议
    办 理 情 况 的 函
    国办函[2005]57号
    某某省人民政府：
    现函复如下。
    国务院办公厅 &sp;
    二〇〇五年六月十一日
    """
    card = read_metadata(sample)
    assert card.title == "国务院办公厅关于某某工作中所提问题和建议办理情况的函"
    assert (card.doc_no, card.issuers) == ("国办函[2005]57号", ("国务院办公厅",))
    assert (card.addressees, card.written) == (("某某省人民政府",), date(2005, 6, 11))


def test_a_title_without_book_marks_is_that_of_what_is_issued(sample: str) -> None:
    """
    国务院关于印发某某税专项
    附加扣除暂行办法的通知
    国发〔2018〕41号
    各省、自治区、直辖市人民政府，国务院各部委、各直属机构：
    现将《某某税专项附加扣除暂行办法》印发给你们，请认真贯彻执行。
    国务院
    2018年12月13日
    """
    card = read_metadata(sample)
    assert card.title == "某某税专项附加扣除暂行办法"
    assert card.addressees == ("各省、自治区、直辖市人民政府", "国务院各部委、各直属机构")


def test_a_notice_that_says_it_all_keeps_its_title(sample: str) -> None:
    """
    某州市民政局 某州市财政局关于印发我市2025年救助标准的通知
    某民规字〔2025〕2号
    各区人民政府：
    一、标准为每人每月1309元。
    本通知有效期1年。
    某州市民政局　　某州市财政局
    2025年5月30日
    """
    card = read_metadata(sample)
    assert card.title == "某州市民政局 某州市财政局关于印发我市2025年救助标准的通知"
    assert card.issuers == ("某州市民政局", "某州市财政局")
    assert (card.effective, card.expires) == (None, date(2026, 5, 29))


def test_the_number_of_a_cited_document_is_not_its_own(sample: str) -> None:
    """
    闵行区2024年工作要点

    为做好今年工作，根据《某市工作意见》（某府发〔2024〕3号），制定本要点。
    一、总体要求
    """
    card = read_metadata(sample)
    assert (card.title, card.doc_no, card.year) == ("闵行区2024年工作要点", None, 2024)


def test_three_departments_of_which_one_is_named(sample: str) -> None:
    """
    市发展改革委等三部门关于印发《某市产业发展
    中长期规划（2022—2035年）》的通知

    各区人民政府，市政府有关部门，有关单位：
        现将《某市产业发展中长期规划（2022—2035年）》印发给你们。
        附件：1.重点任务分工表
              2.某市产业发展中长期规划重点
                项目清单
              3.名词解释说明

    某市发展和改革委员会
    某市科学技术委员会    某市经济和信息化委员会
    2 0 2 2 年 6 月 1 日
    """
    card = read_metadata(sample)
    assert card.title == "某市产业发展中长期规划（2022—2035年）"
    names = ("某市发展和改革委员会", "某市科学技术委员会", "某市经济和信息化委员会")
    assert (card.issuers, card.written) == (names, date(2022, 6, 1))
    assert card.attachments == (
        "重点任务分工表", "某市产业发展中长期规划重点项目清单", "名词解释说明")  # fmt: skip


def test_a_red_head_two_units_and_a_printing_line(sample: str) -> None:
    """
    财政部 税务总局文件
    财税【2022】1号
    关于进一步实施优惠政策的公告
    为支持发展，现公告如下。
    本公告执行期限为2022年1月1日至2024年12月31日。
    财政部　　　　税务总局
    （盖章）
    2022年3月14日
    抄送：各省、自治区、直辖市财政厅（局）。
    财政部办公厅　　　　2022年3月15日印发
    """
    card = read_metadata(sample)
    assert (card.doc_no, card.issuers) == ("财税【2022】1号", ("财政部", "税务总局"))
    assert (card.written, card.published) == (date(2022, 3, 14), date(2022, 3, 15))
    assert (card.effective, card.expires) == (date(2022, 1, 1), date(2024, 12, 31))


def test_a_rule_under_a_notice(sample: str) -> None:
    """
    上海市闵行区生态环境局文件
    某环规〔2022〕2号
    上海市闵行区生态环境局关于印发《某区环境保护
    专项资金使用管理办法》的通知
    各有关单位：
        现予印发，请遵照执行。
                            上海市闵行区生态环境局
                              2022年10月9日
    某区环境保护专项资金使用管理办法
    第一条 为规范，制定本办法。
    第十条 本办法由区生态环境局负责解释，自2022年11月1日起施行，有效期五年。原《某区环保资金办法》
    （某环〔2017〕8号）自本办法施行之日起废止。
    """
    card = read_metadata(sample)
    assert (card.title, card.region) == ("某区环境保护专项资金使用管理办法", "上海市闵行区")
    assert (card.effective, card.expires) == (date(2022, 11, 1), date(2027, 10, 31))
    [repeal] = card.repeals
    assert repealed(card) == [("repeals", "某区环保资金办法", "某环〔2017〕8号")]
    assert sample[repeal.start : repeal.end] == "《某区环保资金办法》\n（某环〔2017〕8号）"


def test_an_order_with_its_number_on_a_line_of_its_own(sample: str) -> None:
    """
    中华人民共和国国务院令
    第 797 号
    《某条例》已经2024年11月22日国务院第46次常务会议通过，现予公布，自2025年4月1日起施行。
    总 理  李 某
    2024年12月6日
    某条例
    （1991年3月4日国务院令第76号发布　2024年11月22日修订通过）
    第一章 总 则
    第四十条 本条例自2025年4月1日起施行。1990年国务院发布的《某暂行条例》同时废止。
    """
    card = read_metadata(sample)
    assert (card.title, card.doc_no) == ("某条例", "中华人民共和国国务院令第797号")
    assert (card.issuers, card.written) == (("国务院",), date(2024, 12, 6))
    assert (card.published, card.effective) == (None, date(2025, 4, 1))
    assert repealed(card) == [("repeals", "某暂行条例", None)]


def test_an_order_alone_names_what_it_puts_into_force(sample: str) -> None:
    """
    某某省人民政府令
    （第三十八号）
    《某某省人工影响天气管理规定》已经2010年12月14日省政府第76次常务会议通过，现予公布，自2011年2月1日起施行。
    省长　赵某
    二O一○年十二月二十五日
    """
    card = read_metadata(sample)
    assert (card.title, card.doc_no) == (
        "某某省人工影响天气管理规定", "某某省人民政府令第三十八号")  # fmt: skip
    assert (card.issuers, card.written) == (("某某省人民政府",), date(2010, 12, 25))


def test_an_announcement_has_a_number_for_a_title(sample: str) -> None:
    """
    中国人民银行公告〔2024〕第6号
    为规范业务，现公告如下：
    一、本公告自2024年7月1日起施行。
    中国人民银行
    2024年6月1日
    """
    card = read_metadata(sample)
    assert (card.doc_no, card.issuers) == ("中国人民银行公告〔2024〕第6号", ("中国人民银行",))
    assert (card.effective, card.written) == (date(2024, 7, 1), date(2024, 6, 1))


def test_a_law_with_its_history(sample: str) -> None:
    """
    # 某某市城市绿化条例

    （1998年7月30日某某市第十一届人民代表大会常务委员会第二次会议通过 1998年10月24日某某省第九届
    人民代表大会常务委员会第八次会议批准 2020年2月28日某某市第十七届人民代表大会常务委员会第二十五次
    会议通过 2020年3月26日某某省第十三届人民代表大会常务委员会第十八次会议批准的《某某市人民代表大会
    常务委员会关于修改〈某某市城市绿化条例〉的决定》修正）

    第一条 为了绿化，制定本条例。
    第二条 本条例自公布之日起施行。
    """
    card = read_metadata(sample)
    assert card.issuers == ("某某市人民代表大会常务委员会",)
    assert (card.written, card.effective) == (date(2020, 3, 26), date(1998, 7, 30))
    assert (card.repeals, card.region) == ((), "某某市")


@pytest.mark.parametrize(
    "table",
    [
        "索 引 号：\t000014349/2018-00240\t主题分类：\t农业\n"
        "发文机关：\t国务院\t成文日期：\t2018年12月21日\n标　　题：\t国务院关于某产业的指导意见\n"
        "发文字号：\t国发〔2018〕42号\t发布日期：\t2018年12月29日\n有效性：\t有效\n",
        "发文机关： 国务院  成文日期： 2018年12月21日\n发文字号： 国发〔2018〕42号 "
        "发布日期： 2018年12月29日 17:03 有效性： 有效\n",
        "发文机关：\n国务院\n成文日期：\n2018-12-21\n生效日期：\n失效日期：\n文件状态：\n有效\n文　　号：\n"
        "国发〔2018〕42号\n发布日期：\n2018-12-29 17:03:11\n",
        "发文机关 国务院\n文件编号 国发〔2018〕42号\n发布时间 2018-12-29\n成文日期 2018-12-21\n有效性 有效\n",
    ],
    ids=["cells", "blanks", "lines", "no colons"],
)
def test_the_table_that_a_page_prints_over_a_document(table: str) -> None:
    card = read_metadata(table + "国务院关于某产业\n的指导意见\n各省人民政府：\n　　正文一句。\n")
    assert (card.title, card.doc_no) == ("国务院关于某产业的指导意见", "国发〔2018〕42号")
    assert (card.written, card.published) == (date(2018, 12, 21), date(2018, 12, 29))
    assert (card.issuers, card.validity, card.expires) == (("国务院",), "有效", None)


def test_a_page_saved_with_its_menus(sample: str) -> None:
    """
    某州市民政局关于加强供养工作的通知 - 某州市人民政府门户网站
    用户登录
    首页
    政务公开
    搜索热词：
    社保
    您当前所在的位置：首页 > 政务公开 > 通知公告
    某州市民政局关于加强供养工作的通知
    发表时间：2021-04-19 23:04:15
    信息来源：某州市民政局
    分享到
    某民〔2021〕7号
    各区民政局、财政局：
    本通知自印发之日起施行，有效期5年。
    某州市民政局
    2021年4月13日
    某州市民政局办公室 2021年4月16日印发
    扫一扫在手机打开当前页
    """
    card = read_metadata(sample)
    assert card.title == "某州市民政局关于加强供养工作的通知"
    assert (card.doc_no, card.addressees) == ("某民〔2021〕7号", ("各区民政局、财政局",))
    assert (card.written, card.published) == (date(2021, 4, 13), date(2021, 4, 16))
    assert (card.effective, card.expires) == (date(2021, 4, 16), date(2026, 4, 15))


def test_a_reprint_does_not_date_the_document(sample: str) -> None:
    """
    您的位置: 首页 » 法律资料网 » 法律法规 »

    关于印发《先进县(市)创建办法(试行)》的通知

    时间:2024-07-07 08:50:53 来源: 法律资料网 作者:法律资料网 阅读:9760
    下载地址: 点击此处下载

    关于印发《先进县(市)创建办法(试行)》的通知

    某某团中央办公厅

    某青办发[2005]13号

    某某团各省、自治区、直辖市委:
      现印发给你们。本办法自印发之日起施行。
         某某团中央办公厅
         二○○五年五月九日
    """
    card = read_metadata(sample)
    assert card.title == "先进县(市)创建办法(试行)"
    assert (card.doc_no, card.issuers) == ("某青办发[2005]13号", ("某某团中央办公厅",))
    assert (card.written, card.published) == (date(2005, 5, 9), None)
    assert card.effective == date(2005, 5, 9)


def test_traditional_characters_are_read_as_well(sample: str) -> None:
    """
    滬府發〔2017〕92號
    上海市人民政府印發《關於本市加強政務誠信建設的實施意見》的通知
    各區人民政府，市政府各委、辦、局：
    現將《關於本市加強政務誠信建設的實施意見》印發給你們。
    上海市人民政府
    2017年12月20日
    """
    card = read_metadata(sample)
    assert (card.title, card.doc_no) == ("關於本市加強政務誠信建設的實施意見", "滬府發〔2017〕92號")
    assert (card.issuers, card.written) == (("上海市人民政府",), date(2017, 12, 20))


@pytest.mark.parametrize(
    ("sentence", "effective", "expires"),
    [
        ("本办法自2024年5月1日起施行。", "2024-05-01", None),
        ("本办法自 2024 年\n5 月 1 日起实施，有效期 5 年。", "2024-05-01", "2029-04-30"),
        ("本办法由区财政局负责解释，自印发之日起施行，有效期至2026年12月31日。",
         "2024-03-15", "2026-12-31"),
        ("本办法自发布之日起30日后施行，试行期两年。", "2024-04-14", "2026-04-13"),
        ("本办法自印发之日起满30日后施行，有效期一年零六个月。", "2024-04-14", "2025-10-13"),
        ("本办法自印发之日起施行，试行一年。", "2024-03-15", "2025-03-14"),
        ("本办法有效期自2024年4月1日至2027年3月31日。", "2024-04-01", "2027-03-31"),
        ("本办法自2024年4月1日起施行。\n本办法有效期为三年。", "2024-04-01", "2027-03-31"),
        ("电子居住证有效期为一年，自2024年4月1日起执行新标准。", None, None),
        ("本办法规定的标准自2024年4月1日起执行。", None, None),
        ("市政府公布的补贴标准，自2024年4月1日起执行。", None, None),
        ("现将《某区资助办法》印发给你们，自2024年4月1日起施行。", "2024-04-01", None),
    ],
)  # fmt: skip
def test_effect_and_expiry(sentence: str, effective: str | None, expires: str | None) -> None:
    text = f"某区资助办法\n第一条 为资助。\n第二条 {sentence}\n某区人民政府\n2024年3月15日\n"
    card = read_metadata(text)
    days = [day and day.isoformat() for day in (card.effective, card.expires)]
    assert days == [effective, expires]


@pytest.mark.parametrize(
    ("sentence", "expected"),
    [
        ("《甲办法》（某府发〔2010〕5号）同时废止。", [("repeals", "甲办法", "某府发〔2010〕5号")]),
        ("《甲办法》和2007年6月11日发布的《乙办\n法》（某令〔2007〕第 1号）同时废止。",
         [("repeals", "甲办法", None), ("repeals", "乙办法", "某令〔2007〕第1号")]),
        ("根据《关于修改丙条例的决定》修正的《丙条例》同时废止。", [("repeals", "丙条例", None)]),
        ("原《甲办法》不再执行，原某府发〔2018〕3号文停止执行。",
         [("repeals", "甲办法", None), ("repeals", None, "某府发〔2018〕3号")]),
        ("《关于印发〈甲办法〉的通知》自2024年5月1日起废止。",
         [("repeals", "关于印发〈甲办法〉的通知", None)]),
        ("决定废止《甲办法》（某令第12号）、《乙办法》。",
         [("repeals", "甲办法", "某令第12号"), ("repeals", "乙办法", None)]),
        ("下列文件予以废止：\n1.《甲办法》（某府办〔2011〕3号）\n2.《乙办法（试行）》\n",
         [("repeals", "甲办法", "某府办〔2011〕3号"), ("repeals", "乙办法（试行）", None)]),
        ("《甲办法》与本办法不一致的，以本办法为准。", [("amends", "甲办法", None)]),
        ("《甲办法》第五条同时废止。", [("amends", "甲办法", None)]),
        ("《甲办法》被本办法取代。", [("replaces", "甲办法", None)]),
        ("对《甲办法》作如下修改：一、略。", [("amends", "甲办法", None)]),
        ("《甲办法》被废止的，依照《乙法》执行。行政行为不停止执行。", []),
    ],
)  # fmt: skip
def test_what_it_repeals(sentence: str, expected: list[tuple[str, str | None, str | None]]) -> None:
    text = f"某区资助办法\n第一条 为资助。\n第二条 本办法自2024年5月1日起施行。{sentence}\n"
    card = read_metadata(text)
    assert repealed(card) == expected
    for one in card.repeals:
        assert (one.title or one.doc_no or "")[:2] in text[one.start : one.end]


def test_a_list_of_repealed_documents_in_a_table(sample: str) -> None:
    """
    某市人民政府关于公布规范性文件清理结果的通知
    某市人民政府
    2024年4月2日
    附件：某市人民政府废止的规范性文件目录
    附件
    某市人民政府废止的规范性文件目录（共2件）
    序号	文件名称	文号
    1	某市人民政府关于某事的通知	某府发〔2010〕1号
    2	某市（试行）办法	某府发〔2011〕12号
    """
    card = read_metadata(sample)
    assert repealed(card) == [
        ("repeals", "某市人民政府关于某事的通知", "某府发〔2010〕1号"),
        ("repeals", "某市（试行）办法", "某府发〔2011〕12号"),
    ]
    assert card.attachments == ("某市人民政府废止的规范性文件目录",)


def test_what_a_person_says_wins_over_the_text() -> None:
    data = "---\ntitle: 实施方案\n---\n# 别的办法\n2020年1月1日\n".encode()
    document = settle(read_text(data, "方案.md"))
    block, text = document.residue[0].text, document.text
    assert (block, text) == ("---\ntitle: 实施方案\n---\n", "# 别的办法\n2020年1月1日\n")
    said = {"id": "ftz", "title": "实施方案", "issued": "2024-11-01", "issuer": "丙丁区人民政府"}
    card = read_metadata(text, parse_card(said, "方案.md"))
    assert (card.id, card.title, card.written) == ("ftz", "实施方案", date(2024, 11, 1))
    assert (card.issuers, card.region, card.year) == (("丙丁区人民政府",), "丙丁区", 2024)


def test_what_a_page_says_fills_in() -> None:
    page = {
        "title": "（转载）某市人民政府关于某事的通知 - 某市人民政府门户网站",
        "published": "2024-11-05 09:00",
        "written": "没有",
        "source": "https://example.org/a.html",
        "validity": "已废止",
    }
    card = read_metadata(
        "某市人民政府关于某事\n的通知\n正文。\n某市人民政府\n2024年11月1日\n", {}, page
    )
    assert (card.title, card.issuers) == ("某市人民政府关于某事的通知", ("某市人民政府",))
    assert (card.written, card.published) == (date(2024, 11, 1), date(2024, 11, 5))
    assert (card.source, card.validity) == ("https://example.org/a.html", "已废止")


def test_values_of_a_file_beside_it_are_text() -> None:
    data = b"id = 2024\ntitle = 2024\ndoc_no = 17\nissued = 2024-11-01\nother = [1]\n"
    given = parse_card(read_card(data, "方案.toml"), "方案.toml")
    assert given == {"id": "2024", "title": "2024", "doc_no": "17", "written": date(2024, 11, 1)}
    card = read_metadata("正文\n", given)
    assert (card.id, card.title, card.doc_no, card.year) == ("2024", "2024", "17", 2024)


@pytest.mark.parametrize("data", [b"title = ", b"\xff\xfe\x00", b"[a"], ids=repr)
def test_a_broken_file_beside_it_is_named(data: bytes) -> None:
    with pytest.raises(UnreadableFile, match=r"^方案\.toml：元数据读不通"):
        read_card(data, "方案.toml")


@pytest.mark.parametrize(
    "values", [{"issued": "2024年11月"}, {"year": "今年"}, {"expires": "2024-13-01"}], ids=repr
)
def test_a_date_that_is_none_is_named(values: dict[str, str]) -> None:
    with pytest.raises(
        UnreadableFile, match=r"^方案\.md：元数据中的日期或年份写法不对.*2024-11-01"
    ):
        parse_card(values, "方案.md")


def test_a_date_that_does_not_exist_is_none() -> None:
    assert read_metadata("实施方案\n2024年13月45日\n").issued is None
    assert read_metadata("\n \n") == Metadata(title="")


def test_the_cards_of_the_bundled_policies(catalog: Catalog) -> None:
    ftz, hongqiao = catalog.policies()
    assert (ftz.doc_no, ftz.issued, ftz.year) == ("闵府发〔2024〕17号", date(2024, 11, 1), 2024)
    assert (hongqiao.doc_no, hongqiao.issued, hongqiao.year) == (None, None, 2021)
    assert ftz.region == hongqiao.region == "闵行区"
    assert "自贸试验区" in ftz.title
    assert "虹桥国际开放枢纽" in hongqiao.title


def _shown(card: Metadata, field: str) -> str:
    if field == "repeals":
        return "|".join(f"{one.title}#{one.doc_no or ''}" for one in card.repeals) or "-"
    if field == "attachments":
        return str(len(card.attachments) or "-")
    value = getattr(card, field)
    return ("|".join(value) if isinstance(value, tuple) else str(value or "")) or "-"


def _plain(words: str) -> str:
    return "".join(unicodedata.normalize("NFKC", words).split())


@REAL
@pytest.mark.parametrize("suffix", [".txt", ".html"])
def test_real_documents_by_the_gold_table(suffix: str) -> None:
    """A field of the table: `-` is none, `?` is open, `‖` stands between two that are right."""
    wrong = []
    with GOLD.open(encoding="utf-8") as file:
        for row in csv.DictReader(file, delimiter="\t"):
            path = OFFICIAL / row.pop("file")
            page = path.with_suffix(suffix)
            file_read = page if page.exists() else path
            source = read_source(file_read.read_bytes(), file_read.name)
            card = read_metadata(settle(source).text, {}, source.card)
            wrong += [
                (path.name[:20], field, want, got)
                for field, want in row.items()
                if want != "?"
                and _plain(got := _shown(card, field)) not in map(_plain, want.split("‖"))
            ]
    assert wrong == []


UNITS = st.sampled_from(
    ["闵行区人民政府", "上海市民政局", "某某县发展和改革委员会", "国务院办公厅", "市经信委"]
)
KINDS = st.sampled_from(
    ["管理办法", "实施方案", "若干规定", "三年行动计划（2023-2025年）", "工作规则"]
)
DAYS = st.dates(date(1980, 1, 1), date(2035, 12, 31))
MATTERS = st.text("城市绿化数字经济养老服务人才引进专项资金", min_size=2, max_size=20)


@st.composite
def notices(draw: st.DrawFn) -> tuple[str, Metadata]:
    """A notice that issues a rule, printed as pages and typesetters may, and its card."""
    units = tuple(draw(st.lists(UNITS, min_size=1, max_size=3, unique=True)))
    title = draw(MATTERS) + draw(KINDS)
    opening, closing = draw(st.sampled_from(["〔〕", "[]", "（）", "【】"]))
    year, count = draw(st.integers(1990, 2035)), draw(st.integers(1, 999))
    number = f"闵府发{opening}{year}{closing}{count}号"
    day, first = draw(DAYS), draw(DAYS)
    years = draw(st.integers(1, 5))
    heading = f"{' '.join(units)}关于印发《{title}》的通知"
    cut = draw(st.integers(len(" ".join(units)) + 2, len(heading)))
    printed_day = draw(
        st.sampled_from(["{0.year}年{0.month}月{0.day}日", "{0.year} 年 {0.month} 月 {0.day} 日"])
    )
    lines = [
        heading[:cut],
        heading[cut:],
        *draw(st.sampled_from([[number], [f"发文字号：{number}"], [f"（{number}）"]])),
        "各镇人民政府，区政府各委、办、局：",
        f"现将《{title}》印发给你们，请认真贯彻执行。",
        *units,
        printed_day.format(day),
        title,
        "第一条　为了规范，制定本办法。",
        f"第二条　本办法自{first.year}年{first.month}月{first.day}日起施行，有效期{years}年。",
    ]
    indent = draw(st.sampled_from(["", "　　", "  "]))
    text = "".join(indent + line + "\n" for line in lines if line)
    return text, Metadata(
        title=title, doc_no=number, issuers=units, written=day, effective=first,
        addressees=("各镇人民政府", "区政府各委、办、局"), expires=last_day(first, f"{years}年"))  # fmt: skip


@settings(max_examples=150, deadline=None)
@given(notices())
def test_what_is_printed_is_read_back(notice: tuple[str, Metadata]) -> None:
    text, said = notice
    card = read_metadata(text)
    fields = ("title", "doc_no", "issuers", "written", "effective", "addressees", "expires")
    assert [getattr(card, name) for name in fields] == [getattr(said, name) for name in fields]


PIECES = st.sampled_from([
    "关于", "印发", "《", "》", "〈", "〉", "的通知", "国务院", "人民政府", "\n", " ", "\t", "　", "。", "：",
    "，", "、", "（", "）", "〔2018〕", "42号", "第3号令", "2024年5月1日", "二〇二四年", "13月", "自",
    "起施行", "有效期", "5年", "同时废止", "下列文件予以废止：", "附件", "1.", "2.", "第一条", "本办法",
    "\u200b", "|", "成文日期：", "当前位置：", ">", "市长", "——", "通过", "修正", "目录", "废止", "x", "#",
])  # fmt: skip


@settings(max_examples=300, deadline=None)
@given(st.one_of(st.lists(PIECES, max_size=60).map("".join), st.text(max_size=300)))
def test_any_text_has_a_card(text: str) -> None:
    card = read_metadata(text, {"written": "?"}, {"expires": "?", "title": text[:20]})
    for one in card.repeals:
        assert 0 <= one.start < one.end <= len(text)
    assert len(card.title) <= 120


@given(DAYS, st.integers(1, 20))
def test_a_length_of_time_ends_a_day_before_it_begins_again(day: date, years: int) -> None:
    end = last_day(day, f"{years}年")
    assert end is not None
    assert end + timedelta(days=1) == add(day, f"{years}年")
    assert LENGTH


@given(DAYS)
def test_a_day_is_read_in_every_print(day: date) -> None:
    digits = str.maketrans("0123456789", "〇一二三四五六七八九")
    chinese = str(day.year).translate(digits)
    for printed in (
        f"{day.year}年{day.month}月{day.day}日",
        f"{day.year} 年 {day.month:02} 月 {day.day:02} 日",
        f"{day:%Y-%m-%d} 09:22:29",
        f"{day:%Y.%m.%d}",
        f"{day.year}/{day.month}/{day.day}",
        f"{chinese}年{day.month}月{day.day}日".replace("〇", "○"),
    ):
        assert read_day(printed) == day
