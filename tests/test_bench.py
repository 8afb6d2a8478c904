"""The benchmark of search: its texts, its own parts on few clauses, its goals and its plot."""

import json
import lzma
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from typing import Any

import pytest

from bench import local_search
from bench.goals import verdicts
from bench.plot_search import plot
from bench.search import Bed, run
from bench.sentences import clauses, questions
from bench.timing import latency
from bench.word_engines import wence
from index.tokens import search_words
from settings import ROOT

Parts = dict[str, dict[str, Any]]


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder in the form of `shared/data`: sixty sentences, and thirty questions."""
    folder = tmp_path_factory.mktemp("data")
    sentences = [f"第{n}条　经营者申请第{n}号许可，应当提交材料。" for n in range(60)]
    law = {"title": "条例", "category": "", "text": "# 条例\n" + "".join(sentences) + "\n短。"}
    (folder / "statutes.jsonl.xz").write_bytes(lzma.compress(json.dumps(law).encode()))
    bed = folder / "statute-retrieval"
    bed.mkdir()
    asked = [f"{n}\t第{n}号许可怎么申请" for n in range(30)]
    (bed / "queries.tsv").write_text("\n".join(asked), "utf-8")
    (bed / "qrels.tsv").write_text("1\t1\n", "utf-8")
    rows = [json.dumps({"id": n, "name": "条例", "text": text}) for n, text in enumerate(sentences)]
    (bed / "corpus.jsonl").write_text("\n".join(rows), "utf-8")
    return folder


def test_clauses_are_the_same_each_time_and_vary_beyond_their_number(data: Path) -> None:
    file = data / "statutes.jsonl.xz"
    many = list(clauses(file, 200))
    assert many == list(clauses(file, 200))
    assert list(clauses(file, 10)) == many[:10]
    assert len(set(many[:60])) == 60
    assert all("许可" in text and "\n" not in text for text in many)
    assert len(set(many)) > 150
    assert questions(data / "statute-retrieval")[1] == "第1号许可怎么申请"


def test_the_own_search_is_measured(data: Path, tmp_path: Path) -> None:
    texts = tmp_path / "clauses.txt"
    texts.write_text(
        "".join(f"{text}\n" for text in clauses(data / "statutes.jsonl.xz", 60)), "utf-8"
    )
    asked = questions(data / "statute-retrieval")
    figures = local_search.measure(texts, 50, asked, tmp_path / "index")
    assert figures["clauses"] == 50
    assert 0 < figures["p50_ms"] <= figures["p95_ms"]
    assert figures["memory_mb"] > 20
    assert local_search.recall(tmp_path / "index", asked[:3])["recall@10"] == 1.0
    change = local_search.change(tmp_path / "index")
    assert change["found_at_once"] == 1.0
    assert change["slowest_ms"] >= change["change_ms"] > 0


def test_the_own_engine_finds_what_it_was_built_of_and_what_was_added() -> None:
    texts = ["无人机应当登记", "餐饮服务实行许可", "劳动合同采用书面形式"]
    ask, add = wence([search_words(text) for text in texts])
    assert add is not None
    assert next(iter(ask(search_words("劳动合同")))) == 2
    add([search_words("量子计算机产业园")])
    assert next(iter(ask(search_words("量子计算机")))) == 3


def test_what_warms_up_is_not_timed() -> None:
    asked: list[str] = []
    figures = latency(asked.append, [str(n) for n in range(25)])
    assert figures["questions"] == 5
    assert sorted(asked, key=int) == [str(n) for n in range(25)]
    assert asked[-5:] == ["0", "1", "2", "3", "4"]


def test_goals_are_held_or_not_or_not_measured() -> None:
    parts: Parts = {"wence/10000": {"p50_ms": 2.5}, "langchain/10000": {"p50_ms": 50.0},
             "txtai/10000": {"failed": "not installed"}}  # fmt: skip
    rows = {row["goal"]: (row["measured"], row["held"]) for row in verdicts(parts)}
    assert rows["p50 of a hybrid query, 10,000 clauses, ms"] == (2.5, False)
    assert rows["times faster than LangChain, 10,000"] == (20.0, True)
    assert rows["times faster than txtai, 10,000"] == (None, None)


def test_the_plot_has_a_line_for_each_engine_that_was_measured() -> None:
    parts: Parts = {"wence/10000": {"p50_ms": 1.2}, "wence/1000000": {"p50_ms": 12.0},
             "langchain/10000": {"p50_ms": 44.0}, "txtai/10000": {"failed": "<no>"}}  # fmt: skip
    drawing = ElementTree.fromstring(plot(parts))
    shapes = [shape.tag.rpartition("}")[2] for shape in drawing]
    assert shapes.count("circle") == 3
    said = {shape.text for shape in drawing if shape.tag.endswith("text")}
    assert {"1.2", "Wence 问策  12", "LangChain · jieba  44", "10,000", "1,000,000"} <= said
    assert not any("txtai" in (text or "") for text in said)
    assert not any(shape.tag.endswith("}a") for shape in drawing.iter())


def test_a_part_runs_by_its_name_and_one_that_fails_says_why(data: Path, tmp_path: Path) -> None:
    out = tmp_path / "search.json"
    where = ("--data", str(data), "--out", str(out))
    command = [sys.executable, "-m", "bench.search", "articles", *where]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True)
    report = json.loads(done.stdout)
    assert json.loads(out.read_text("utf-8")) == report
    figures = report["parts"]["articles/60733"]
    assert figures["clauses"] == 60
    [goal] = [row for row in report["goals"] if row["held"] is not None]
    assert goal["measured"] == figures["build_s"]
    assert out.with_suffix(".svg").is_file()
    (data / "statute-retrieval" / "qrels.tsv").unlink()
    report = run(["articles/60733"], Bed(data, tmp_path), None)
    assert "qrels.tsv" in report["parts"]["articles/60733"]["failed"]
