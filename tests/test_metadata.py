"""What a document says of itself."""

from datetime import date
from pathlib import Path

import pytest

from errors import UnreadableFile
from ingest.catalog import Catalog
from ingest.metadata import Metadata, read_metadata

FILE = Path("方案.txt")


def test_a_notice_that_issues_a_document(sample: str) -> None:
    """
    闵行区人民政府印发《关于推进联动创新区建设的实施方案》的通知
    闵府发〔2024〕17号 2024-11-01
    各镇人民政府:
    闵行区人民政府
    2024年11月1日
    """
    assert read_metadata(sample, FILE) == Metadata(
        title="关于推进联动创新区建设的实施方案",
        doc_no="闵府发〔2024〕17号",
        issuer="闵行区人民政府",
        issued=date(2024, 11, 1),
        region="闵行区",
        year=2024,
    )


def test_a_press_text_says_only_its_title_and_year(sample: str) -> None:
    """
    2021年推进虹桥国际开放枢纽建设,60项重点工作公布

    近日,领导小组于2021年3月5日召开第一次全体会议,审议并通过了《重点工作安排》。
    """
    title = "2021年推进虹桥国际开放枢纽建设,60项重点工作公布"
    assert read_metadata(sample, FILE) == Metadata(title=title, year=2021)


def test_a_markdown_title_loses_its_marks(sample: str) -> None:
    """
    # **上海市徐汇区行动方案(2025年)**
    正文。
    """
    card = read_metadata(sample, FILE)
    assert (card.title, card.region, card.year) == (
        "上海市徐汇区行动方案(2025年)", "上海市徐汇区", 2025)  # fmt: skip


@pytest.mark.parametrize(
    "block",
    [
        "---\nid: ftz\ntitle: 实施方案\nissued: 2024-11-01\nsource: https://example.org/a=b\n---\n",
        '+++\nid = "ftz"\ntitle = "实施方案"\nissued = 2024-11-01\n'
        'source = "https://example.org/a=b"\n+++\n',
    ],
    ids=["yaml", "toml"],
)
def test_a_front_matter_wins_over_the_text(block: str) -> None:
    card = read_metadata(block + "# 别的标题\n2020年1月1日\n", FILE)
    assert (card.id, card.title, card.issued) == ("ftz", "实施方案", date(2024, 11, 1))
    assert (card.source, card.year) == ("https://example.org/a=b", 2024)


def test_a_file_beside_it_wins_over_both(tmp_path: Path) -> None:
    (tmp_path / "方案.toml").write_text('title = "甲"\nyear = 2023\nother = "不管"\n', "utf-8")
    card = read_metadata("---\ntitle: 乙\nissuer: 丙丁区人民政府\n---\n丁\n", tmp_path / "方案.txt")
    assert (card.title, card.year, card.issuer) == ("甲", 2023, "丙丁区人民政府")
    assert card.region == "丙丁区"


def test_values_of_a_file_beside_it_are_text(tmp_path: Path) -> None:
    (tmp_path / "方案.toml").write_text("id = 2024\ntitle = 2024\ndoc_no = 17\n", "utf-8")
    card = read_metadata("正文\n", tmp_path / "方案.txt")
    assert (card.id, card.title, card.doc_no, card.year) == ("2024", "2024", "17", 2024)


@pytest.mark.parametrize(
    ("card", "said"),
    [
        ("title = ", "元数据读不通"),
        ('issued = "2024年11月"', "日期或年份写法不对"),
        ('year = "今年"', "日期或年份写法不对"),
    ],
)
def test_a_broken_file_beside_it_is_named(tmp_path: Path, card: str, said: str) -> None:
    (tmp_path / "方案.toml").write_text(card, "utf-8")
    with pytest.raises(UnreadableFile, match=rf"方案\.toml:元数据.*|{said}") as caught:
        read_metadata("正文\n", tmp_path / "方案.txt")
    assert said in str(caught.value)


def test_a_date_that_does_not_exist_is_none(sample: str) -> None:
    """
    实施方案
    2024年13月45日
    """
    assert read_metadata(sample, FILE).issued is None


def test_the_cards_of_the_bundled_policies(catalog: Catalog) -> None:
    ftz, hongqiao = catalog.policies()
    assert (ftz.doc_no, ftz.issued, ftz.year) == ("闵府发〔2024〕17号", date(2024, 11, 1), 2024)
    assert (hongqiao.doc_no, hongqiao.issued, hongqiao.year) == (None, None, 2021)
    assert ftz.region == hongqiao.region == "闵行区"
    assert "自贸试验区" in ftz.title
    assert "虹桥国际开放枢纽" in hongqiao.title
