"""Whether a policy holds on a day, and what one policy does to another."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import Policy, PolicyState
from ingest.card.metadata import read_metadata
from ingest.state import Relation, relations, state_on

TODAY = date(2025, 6, 1)


def policy(policy_id: str, text: str) -> Policy:
    """A policy as its text says."""
    card = read_metadata(text)
    return Policy(
        id=policy_id, title=card.title, text=text, digest="", doc_no=card.doc_no,
        issuer="、".join(card.issuers) or None, issued=card.issued, published=card.published,
        effective=card.effective, expires=card.expires, validity=card.validity,
        repeals=card.repeals)  # fmt: skip


def rule(title: str, number: str, day: str, rest: str = "", unit: str = "闵行区人民政府") -> str:
    """A rule of a few lines; `day` is written, as 2024年5月1日."""
    notice = f"{unit}关于印发《{title}》的通知\n{number}\n现将《{title}》印发。\n{unit}\n{day}\n"
    return f"{notice}{title}\n第一条　{rest}\n"


OLD = policy("old", rule("资助办法", "闵府发〔2010〕5号", "2010年3月1日"))
NEW = policy(
    "new",
    rule("扶持办法", "闵府发〔2024〕9号", "2024年3月1日",
         "本办法自2024年5月1日起施行，有效期至2026年4月30日。《资助办法》（闵府发[2010]5号）同时废止。"),
)  # fmt: skip


def test_a_policy_named_as_repealed_is_so_from_that_day_on() -> None:
    acts = relations([OLD, NEW])
    [relation] = acts["old"]
    assert (relation.effect, relation.by_id, relation.since) == ("repeals", "new", date(2024, 5, 1))
    assert NEW.text[relation.start : relation.end] == "《资助办法》（闵府发[2010]5号）"
    before = state_on(date(2024, 4, 30), OLD, acts["old"])
    assert (before.state, before.reason) == (
        PolicyState.IN_FORCE, "2010年3月1日印发，没有写明有效期")  # fmt: skip
    after = state_on(date(2024, 5, 1), OLD, acts["old"])
    assert after.state == PolicyState.REPEALED
    assert after.reason == "自2024年5月1日起被《扶持办法》（闵府发〔2024〕9号）废止"
    assert "new" not in acts


@pytest.mark.parametrize(
    ("day", "state", "reason"),
    [
        (date(2024, 4, 30), PolicyState.UNKNOWN, "自2024年5月1日起施行，这一天尚未施行"),
        (date(2024, 5, 1), PolicyState.IN_FORCE, "自2024年5月1日起施行，有效期至2026年4月30日"),
        (date(2026, 4, 30), PolicyState.IN_FORCE, "自2024年5月1日起施行，有效期至2026年4月30日"),
        (date(2026, 5, 1), PolicyState.EXPIRED, "有效期至2026年4月30日"),
    ],
)
def test_the_days_of_a_policy(day: date, state: PolicyState, reason: str) -> None:
    found = state_on(day, NEW)
    assert (found.state, found.reason) == (state, reason)


@pytest.mark.parametrize(
    ("validity", "state"),
    [
        ("有效", PolicyState.IN_FORCE),
        ("已修改", PolicyState.IN_FORCE),
        ("部分失效", PolicyState.IN_FORCE),
        ("尚未生效", PolicyState.IN_FORCE),
        ("已失效", PolicyState.EXPIRED),
        ("全文废止", PolicyState.REPEALED),
    ],
)
def test_what_a_page_prints(validity: str, state: PolicyState) -> None:
    found = state_on(TODAY, replace(OLD, validity=validity))
    assert found.state == state
    if state != PolicyState.IN_FORCE:
        assert validity in found.reason


def test_a_policy_without_a_date_is_unknown() -> None:
    found = state_on(TODAY, policy("a", "工作要点\n一、总体要求\n"))
    assert (found.state, found.reason) == (PolicyState.UNKNOWN, "没有写明日期和有效期")


def test_a_plan_whose_years_are_over_is_unknown() -> None:
    plan = policy("a", rule("某业三年行动计划（2021—2023年）", "闵府发〔2021〕1号", "2021年1月1日"))
    assert state_on(date(2023, 12, 31), plan).state == PolicyState.IN_FORCE
    found = state_on(date(2024, 1, 1), plan)
    assert found.state == PolicyState.UNKNOWN
    assert found.reason == "标题所写的期间到2023年为止，没有写明是否仍然有效"


def test_a_later_edition_supersedes_the_one_before() -> None:
    title = "闵行区人民政府工作规则"
    editions = [
        policy("2019", rule(title, "闵府发〔2019〕1号", "2019年1月1日")),
        policy("2022", rule(title, "闵府发〔2022〕1号", "2022年1月1日")),
        policy("2025", rule(f"{title}（2025年修订）", "闵府发〔2025〕1号", "2025年1月1日")),
        policy("other", rule(title, "浦府发〔2024〕1号", "2024年1月1日", unit="浦东新区人民政府")),
    ]
    acts = relations(editions)
    assert {key: [one.by_id for one in ones] for key, ones in acts.items()} == {
        "2019": ["2022"], "2022": ["2025"]}  # fmt: skip
    found = state_on(TODAY, editions[1], acts["2022"])
    assert found.state == PolicyState.SUPERSEDED
    name = "《闵行区人民政府工作规则（2025年修订）》（闵府发〔2025〕1号）"
    assert found.reason == f"自2025年1月1日起已有新的版本{name}"
    assert state_on(date(2024, 12, 31), editions[1], acts["2022"]).state == PolicyState.IN_FORCE


def test_a_notice_of_the_same_title_the_next_year_supersedes_none() -> None:
    notices = [
        policy(
            str(year),
            f"闵行区应急局关于做好防汛工作的通知\n各镇：\n请做好。\n闵行区应急局\n{year}年5月1日\n",
        )
        for year in (2023, 2024)
    ]
    assert relations(notices) == {}


def test_a_title_alone_means_the_older_one_of_its_unit() -> None:
    text = rule(
        "资助办法",
        "闵府发〔2025〕7号",
        "2025年3月1日",
        "本办法自2025年4月1日起施行。《资助办法》同时废止。",
    )
    acts = relations([policy("again", text), replace(OLD, doc_no=None)])
    assert list(acts) == ["old"]
    assert [one.effect for one in acts["old"]] == ["repeals"]
    named = rule("扶持办法", "闵府发〔2025〕8号", "2025年3月1日",
                 "《浦东新区人民政府关于印发资助办法的通知》同时废止。")  # fmt: skip
    assert relations([policy("by", named), replace(OLD, doc_no=None)]) == {}


def test_another_number_is_another_policy() -> None:
    other = replace(OLD, doc_no="闵府发〔2011〕6号")
    assert relations([other, NEW]) == {}


def test_an_amended_policy_stays_in_force_and_says_so() -> None:
    title = "闵行区人民政府关于修改《资助办法》的决定\n闵府发〔2020〕2号\n"
    text = title + "本决定自2020年2月1日起施行。\n闵行区人民政府\n2020年1月1日\n"
    acts = relations([OLD, policy("by", text)])
    assert [one.effect for one in acts["old"]] == ["amends"]
    found = state_on(TODAY, OLD, acts["old"])
    assert found.state == PolicyState.IN_FORCE
    name = "《闵行区人民政府关于修改〈资助办法〉的决定》（闵府发〔2020〕2号）"
    assert found.reason == f"2010年3月1日印发，没有写明有效期，部分内容已被{name}修改或废止"
    assert "部分" not in state_on(date(2020, 1, 31), OLD, acts["old"]).reason


def test_of_two_ends_the_first_counts() -> None:
    repeal = Relation("repeals", "x", "丙办法", None, date(2026, 6, 1))
    assert state_on(date(2026, 7, 1), NEW, [repeal]).state == PolicyState.EXPIRED
    sooner = replace(repeal, since=date(2025, 1, 1))
    assert state_on(date(2026, 7, 1), NEW, [sooner]).state == PolicyState.REPEALED
    undated = replace(repeal, effect="replaces", since=None)
    found = state_on(date(2026, 7, 1), NEW, [undated])
    assert (found.state, found.reason) == (PolicyState.SUPERSEDED, "被《丙办法》取代")


@given(
    st.lists(st.sampled_from(["甲办法", "乙规定", "丙方案"]), min_size=1, max_size=3, unique=True),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
    st.integers(-400, 400),
)
def test_every_policy_of_a_list_is_repealed_on_the_day_and_not_before(
    titles: list[str], day: date, away: int
) -> None:
    stored = [
        replace(OLD, id=title, title=title, doc_no=None, issued=date(1999, 1, 1))
        for title in titles
    ]
    listed = "、".join(f"《{title}》" for title in titles)
    when = f"{day.year}年{day.month}月{day.day}日"
    text = rule(
        "扶持办法",
        "闵府发〔1999〕9号",
        "1999年12月1日",
        f"本办法自{when}起施行。{listed}同时废止。",
    )
    acts = relations([policy("by", text), *stored])
    for one in stored:
        asked = day + timedelta(days=away)
        repealed = state_on(asked, one, acts[one.id]).state == PolicyState.REPEALED
        assert repealed == (away >= 0)
