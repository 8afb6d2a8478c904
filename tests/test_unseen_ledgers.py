"""Who, which and how many on documents never seen: every unit and every item of their ledgers.

Questions are made from the catalog's rows (`ledger_questions`); an answer must say the units or the
count exactly, and cite just the items that it must.
"""

from collections.abc import Iterator
from pathlib import Path

import pytest
from ledger_questions import Ledger, Made, holds

from domain import Filters, Question
from ingest.catalog import Catalog
from ingest.pipeline import ingest
from qa.engine import Engine
from settings import load_settings
from workspace import Workspace

ROOT = Path(__file__).parents[1]
EXAM = sorted(
    file
    for file in (ROOT / "tests" / "golden" / "exam").glob("*.*")
    if file.suffix in (".txt", ".md") and file.name != "README.md"
)
OFFICIAL = ROOT.parent / "shared" / "data" / "official"
NAMED = (  # of the official documents, those that name units
    "state-council/国务院关于加快推进农业机械化*",
    "state-council/国务院办公厅关于加快发展体育竞赛表演*",
    "state-council/国务院办公厅关于印发“无废城市”*",
    "state-council/国务院办公厅关于深入开展消费扶贫*",
    "state-council/国务院办公厅关于抓好赋予科研*",
    "central-bank/央行文件_2022年*",
    "central-bank/关于进一步防范和处置虚拟货币*",
    "central-bank/关于金融支持中国式养老*",
    "provincial-reports/内蒙古*",
)
MOST = 60  # questions a document, spread evenly over all of them
SHARE = 0.99  # of them that must hold


@pytest.fixture(scope="module")
def shelf(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """The documents of the exam and, where they are at hand, official ones; no bundled policy."""
    folder = tmp_path_factory.mktemp("unseen")
    settings = load_settings({"WENCE_DATA_DIR": str(folder / "data")}, folder / "none.toml")
    official = [file for name in NAMED for file in sorted(OFFICIAL.glob(name))]
    list(ingest([*EXAM, *official], Catalog(settings.catalog_url)))
    return Workspace(settings)


@pytest.fixture(scope="module")
def unseen(shelf: Workspace) -> Engine:
    return shelf.engine()


def asked(
    shelf: Workspace, engine: Engine, *, by_title: bool
) -> Iterator[tuple[Ledger, Made, str]]:
    """Some of the questions on each document that names units, with its id."""
    for policy_id in sorted(engine.knowledge.stating):
        ledger = Ledger(shelf.catalog, policy_id, engine.knowledge.tasks({policy_id}))
        made = list(ledger.questions(f"《{ledger.title}》" if by_title else ""))
        step = max(1, -(-len(made) // MOST))
        for one in made[::step]:
            yield ledger, one, policy_id


@pytest.mark.parametrize("by_title", [True, False], ids=["titled", "filtered"])
def test_who_which_and_how_many_are_exact_on_unseen_documents(
    by_title: bool, shelf: Workspace, unseen: Engine
) -> None:
    wrong, total = [], 0
    for ledger, made, policy_id in asked(shelf, unseen, by_title=by_title):
        filters = Filters() if by_title else Filters(policies=(policy_id,))
        answer = unseen.answer(Question(made.text, filters=filters))
        total += 1
        if not holds(made, answer, ledger):
            wrong.append(f"{made.text}\n  {made.says}\n  {answer.text[:200]}")
    assert total >= 500
    assert len(wrong) <= (1 - SHARE) * total, "\n".join(wrong[:20])


def test_every_document_of_the_exam_with_units_is_asked(shelf: Workspace, unseen: Engine) -> None:
    ledgers = {policy_id for _, _, policy_id in asked(shelf, unseen, by_title=True)}
    assert len(ledgers) >= 16
    assert all(unseen.knowledge.policies[policy_id].title for policy_id in ledgers)


def test_a_wrong_count_or_a_missing_unit_would_be_seen(shelf: Workspace, unseen: Engine) -> None:
    ledger, made, _ = next(asked(shelf, unseen, by_title=True))
    answer = unseen.answer(Question(made.text))
    assert holds(made, answer, ledger)
    assert not holds(Made(made.text, (f"{made.says[0]}多",), made.items), answer, ledger)
    assert not holds(Made(made.text, made.says, made.items | {"x#1"}), answer, ledger)
    assert not holds(Made(made.text, made.says, frozenset()), answer, ledger)
