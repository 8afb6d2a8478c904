"""The `wence` command as people run it: a process, its output, its exit status."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
POLICIES = ROOT / "data" / "policies"


def wence(
    *arguments: str, data: Path, status: int = 0, **environ: str
) -> subprocess.CompletedProcess[str]:
    environment = {k: v for k, v in os.environ.items() if not k.startswith("WENCE_")}
    environment |= {"WENCE_DATA_DIR": str(data), "COLUMNS": "200", **environ}
    done = subprocess.run(
        [sys.executable, str(ROOT / "cli.py"), *arguments],
        env=environment, cwd=data.parent, capture_output=True, text=True, timeout=120, check=False,
    )  # fmt: skip
    assert done.returncode == status, done.stdout + done.stderr
    assert "Traceback" not in done.stderr
    return done


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A data folder that the first command fills."""
    folder = tmp_path_factory.mktemp("cli") / "data"
    wence("policies", data=folder)
    return folder


def test_the_first_command_loads_the_bundled_policies(tmp_path: Path) -> None:
    done = wence("ask", "低空经济由谁牵头?", "--json", data=tmp_path / "new")
    assert json.loads(done.stdout)["status"] == "answered"
    assert done.stderr.count("已载入") == 2


def test_an_answer_for_people(data: Path) -> None:
    done = wence("ask", "药品临床试验审批时限压缩到多少日?", data=data)
    assert "已回答" in done.stdout
    assert "30日。" in done.stdout
    assert "[1] 《关于推进上海自贸试验区闵行联动创新区建设的实施方案》第10项" in done.stdout


def test_a_conversation_over_two_commands(data: Path) -> None:
    first = json.loads(wence("ask", "低空经济由谁牵头?", "--json", data=data).stdout)
    arguments = ("--conversation", first["conversation_id"], "--json")
    second = json.loads(wence("ask", "那配合单位呢?", *arguments, data=data).stdout)
    assert "大零号湾集团" in second["answer"]


def test_tasks_as_table_json_and_csv(data: Path) -> None:
    options = ("tasks", "--unit", "市监局", "--role", "lead")
    assert "共4项任务" in wence(*options, data=data).stdout
    rows = json.loads(wence(*options, "--json", data=data).stdout)
    assert [row["number"] for row in rows] == ["9", "10", "12", "15"]
    lines = wence(*options, "--csv", data=data).stdout.splitlines()
    assert lines[0] == "policy_id,number,title,lead,cooperate,responsible,deadline"
    assert lines[1].startswith("ftz-2024,9,推动重点领域专利快速审查,区市场监管局,区科委")
    silent = wence("tasks", "--policy", "hongqiao-2021", data=data).stdout
    assert "没有写明任何单位的分工" in silent


def test_search_and_doctor(data: Path) -> None:
    hits = json.loads(wence("search", "无人机", "-k", "1", "--json", data=data).stdout)
    assert hits[0]["clause_id"] == "ftz-2024#8"
    checks = json.loads(wence("doctor", "--json", data=data).stdout)
    assert checks["索引"] == (
        f"本地文件 {data}/index，正常；86个条款(标题除外)，1个分段，BM25 与向量精确检索(每次逐条计算)"
    )
    assert checks["台账"] == "22个单位；未写明单位的文件1份：hongqiao-2021"


def test_a_filter_holds_inside_the_search(data: Path) -> None:
    def found(*options: str) -> list[dict[str, str]]:
        done = wence("search", "无人机", *options, "--json", data=data)
        return list(json.loads(done.stdout))

    hits = found("--policy", "hongqiao-2021", "-k", "40")
    assert [hit["policy_id"] for hit in hits] == ["hongqiao-2021"] * 40
    both = found("--year", "2021", "--year", "2024", "--region", "闵行", "--k", "86")
    assert len(both) == 86
    hits = found("--unit", "市监局", "--state", "现行有效", "-k", "50")
    assert {hit["number"] for hit in hits} == {"9", "10", "12", "15"}
    nothing = wence("search", "无人机", "--state", "已废止", data=data)
    assert (nothing.stdout, nothing.stderr) == ("", "没有符合条件的条款\n")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (("ask", ""), "问题是空的"),
        (("ask", "问" * 10_000), "上限是2000个字"),
        (("ask", "第5项", "--policy", "nope"), "nope"),
        (("tasks", "--unit", "火星局"), "火星局"),
        (("search", "补贴", "--policy", "ftz-2025"), "现有：ftz-2024、hongqiao-2021"),
        (("search", "补贴", "--unit", "区商务伟"), "没有单位“区商务伟”；相近的有：区商务委"),
        (("search", "补贴", "--state", "好"), "有效、已失效、已废止、已被取代、不明"),
        (("search", "补贴", "--year", "二〇二四"), "--year"),
        (("eval", "nowhere.jsonl"), "nowhere.jsonl"),
        (("bench", "retrieval", "nowhere"), "nowhere"),
        (("ingest", "nowhere"), "nowhere"),
        (("fly",), "fly"),
    ],
)
def test_the_users_mistake_is_one_sentence_and_status_2(
    arguments: tuple[str, ...], says: str, data: Path
) -> None:
    done = wence(*arguments, data=data, status=2)
    assert says in done.stderr
    assert done.stdout == ""


def test_no_traceback_for_odd_input(data: Path, tmp_path: Path) -> None:
    wence("ask", b"\xff\xfe".decode("utf-8", "surrogateescape"), data=data, status=2)
    wence("serve", "--port", "99999", data=data, status=2)
    done = wence("policies", data=data, status=2, WENCE_DATABASE_URL="nosuchdb://x/y")
    assert "WENCE_DATABASE_URL" in done.stderr
    assert wence("ask", "低空经济", data=data, PYTHONIOENCODING="ascii").stdout
    (tmp_path / "empty").mkdir()
    done = wence("ingest", str(tmp_path / "empty"), data=data, status=2)
    assert "没有可导入的文件" in done.stderr


def test_a_data_folder_of_any_name_holds_its_catalog(tmp_path: Path) -> None:
    folder = tmp_path / "数据 夹?x#y%20"
    wence("policies", data=folder)
    assert (folder / "catalog.sqlite").is_file()


def test_settings_that_cannot_be_used_are_named(data: Path, tmp_path: Path) -> None:
    assert "WENCE_PORT" in wence("policies", data=data, status=2, WENCE_PORT="x").stderr
    done = wence("ask", "低空经济", data=data, status=2, WENCE_ENCODER=str(tmp_path / "none"))
    assert "WENCE_ENCODER" in done.stderr


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", "utf-8")
    done = wence("policies", data=tmp_path / "data", status=1, WENCE_DATA_DIR=f"{tmp_path}/file/x")
    assert "WENCE_DATA_DIR" in done.stderr


def test_a_damaged_index_is_named_and_made_anew(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    wence("ask", "低空经济由谁牵头?", data=copy)
    [segment] = (copy / "index").glob("*.safetensors")
    segment.write_bytes(b"damaged")
    done = wence("ask", "低空经济由谁牵头?", "--json", data=copy)
    assert segment.name in done.stderr
    assert "重建索引" in done.stderr
    assert json.loads(done.stdout)["status"] == "answered"
    assert wence("ask", "低空经济由谁牵头?", "--json", data=copy).stderr == ""


def test_ingest_shows_first_and_then_stores(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    plan = tmp_path / "plan-2030.txt"
    plan.write_text("1.建设月球驿站。尽快建成。(牵头单位:区航天局)\n3.开通航班。\n", "utf-8")
    dry = wence("ingest", str(plan), "--dry-run", data=copy)
    assert "区航天局" in dry.stdout
    assert "跳号" in dry.stdout
    assert len(json.loads(wence("policies", "--json", data=copy).stdout)) == 2
    report = json.loads(wence("ingest", str(plan), "--dry-run", "--json", data=copy).stdout)
    assert report["coverage"]["residue"] == 0
    assert [clause["number"] for clause in report["clauses"]] == ["1", "3"]
    assert "新导入" in wence("ingest", str(plan), data=copy).stdout
    assert "没有变化" in wence("ingest", str(plan), data=copy).stdout
    answer = json.loads(wence("ask", "月球驿站由谁牵头?", "--json", data=copy).stdout)
    assert "区航天局" in answer["answer"]


def test_a_bad_file_stops_only_itself(data: Path, tmp_path: Path) -> None:
    copy = tmp_path / "data"
    shutil.copytree(data, copy)
    good, bad = tmp_path / "good.txt", tmp_path / "bad.txt"
    good.write_text("1.甲任务。做甲。\n", "utf-8")
    bad.write_bytes(bytes(range(256)))
    done = wence("ingest", str(bad), str(good), data=copy, status=2)
    assert "不是文本文件" in done.stderr
    assert "good" in done.stdout
    assert len(json.loads(wence("policies", "--json", data=copy).stdout)) == 3


def test_eval_reports_by_kind_and_fails_where_something_does(data: Path, tmp_path: Path) -> None:
    questions = tmp_path / "q.jsonl"
    right = {"id": "1", "kind": "who", "question": "低空经济由谁牵头?", "status": "answered"}
    wrong = {"id": "2", "kind": "who", "question": "低空经济由谁牵头?", "status": "declined"}
    questions.write_text(json.dumps(right) + "\n", "utf-8")
    assert "who" in wence("eval", str(questions), data=data).stdout
    questions.write_text(json.dumps(right) + "\n" + json.dumps(wrong) + "\n", "utf-8")
    done = wence("eval", str(questions), "--out", str(tmp_path / "out"), data=data, status=1)
    assert "应为 declined" in done.stdout
    report = json.loads((tmp_path / "out" / "report.json").read_text("utf-8"))
    assert [record["holds"] for record in report["records"]] == [True, False]


def test_bench_retrieval_prints_one_object(data: Path, tmp_path: Path) -> None:
    bed = tmp_path / "bed"
    bed.mkdir()
    texts = ["无人机应当实名登记", "餐饮服务实行许可", "劳动合同应当书面订立"]
    rows = [{"id": i, "name": "", "text": text} for i, text in enumerate(texts)]
    (bed / "corpus.jsonl").write_text("\n".join(map(json.dumps, rows)), "utf-8")
    (bed / "queries.tsv").write_text("q1\t无人机要登记吗\nq2\t劳动合同怎么签\n", "utf-8")
    (bed / "qrels.tsv").write_text("q1\t0\nq2\t2\n", "utf-8")
    figures = json.loads(wence("bench", "retrieval", str(bed), data=data).stdout)
    assert set(figures) == {"bm25", "dense", "hybrid"}
    assert figures["hybrid"]["recall@5"] == 1.0
    assert figures["hybrid"]["mrr@10"] == 1.0
