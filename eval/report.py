"""Records as a table for people and as files to compare."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import median

import orjson

from errors import StoreError
from eval.run import Record


@dataclass(frozen=True, slots=True)
class Row:
    """How one kind of question did; `p50_ms` is the median time of an answer."""

    kind: str
    asked: int
    held: int
    p50_ms: float


def summary(records: Sequence[Record]) -> list[Row]:
    """A row a kind in the order of the set, and the total last."""
    kinds = dict.fromkeys(record.expected.kind for record in records)
    rows = [_row(kind, [r for r in records if r.expected.kind == kind]) for kind in kinds]
    return [*rows, _row("total", records)]


def _row(kind: str, records: Sequence[Record]) -> Row:
    times = [sum(record.answer.timings_ms.values()) for record in records]
    held = sum(record.holds for record in records)
    return Row(kind, len(records), held, round(median(times), 2) if times else 0.0)


def write_report(records: Sequence[Record], folder: Path) -> Path:
    """Write `report.json` with the summary and every record. Raises `StoreError`."""
    content = {
        "summary": [asdict(row) for row in summary(records)],
        "records": [
            {
                **record.expected.model_dump(mode="json"),
                "holds": record.holds,
                "faults": list(record.faults),
                "answer": record.answer.text,
                "answer_status": record.answer.status.value,
                "cited": [citation.clause_id for citation in record.answer.citations],
                "timings_ms": dict(record.answer.timings_ms),
            }
            for record in records
        ],
    }
    file = folder / "report.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        file.write_bytes(orjson.dumps(content, option=orjson.OPT_INDENT_2))
    except OSError as error:
        raise StoreError(f"报告 {file} 写不进去({error.strerror})，请换一个 --out 目录") from None
    return file
