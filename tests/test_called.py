"""What people call a document by, among many titles that share words."""

import pytest

from domain import Policy
from qa.understanding.called import called, first_of

TITLES = {
    "law": "中华人民共和国反洗钱法（2024修订）",
    "rules": "金融机构反洗钱和反恐怖融资监督管理办法",
    "market": "贵州省培育壮大市场主体行动方案(2022—2025年)",
    "report-1998": "1998年中华人民共和国国务院政府工作报告",
    "report-1999": "1999年中华人民共和国国务院政府工作报告",
    "report-2000": "2000年中华人民共和国国务院政府工作报告",
    "report-2001": "2001年中华人民共和国国务院政府工作报告",
}
POLICIES = [Policy(id_, title, "", "") for id_, title in TITLES.items()]


@pytest.mark.parametrize(
    ("before", "noun", "ids"),
    [
        ("反洗钱", "法", {"law"}),  # 管理办法 is no law
        ("贵州市场主体行动", "方案", {"market"}),
        ("请问贵州市场主体", "方案", {"market"}),
        ("1998年国务院", "政府工作报告", {"report-1998"}),
        ("国务院", "政府工作报告", set()),  # too many
        ("火星移民", "方案", set()),
    ],
)
def test_a_name_calls_the_documents_whose_titles_hold_its_words(
    before: str, noun: str, ids: set[str]
) -> None:
    assert called(before, noun, POLICIES)[1] == ids


def test_the_name_begins_with_its_first_word_in_the_title() -> None:
    assert first_of("请问国务院关于加快推进", "国务院关于加快推进农业机械化的意见") == 2
    assert first_of("请问一下", "国务院关于加快推进农业机械化的意见") == 4
