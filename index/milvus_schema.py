"""What stands in Milvus: the fields of both collections, their rows, and how filters name them.

wence_clauses   an entity an entry. `words` and `pairs` hold its text already cut, of which
                Milvus makes sparse vectors itself (its BM25 function); `dense` its vector;
                `facets` its facets as `name=value`; `key` 128 bits of its id's digest
wence_state     what the clauses were made of: the encoder, the policies' fingerprints, and the
                words that stand in the dictionary beside the general one
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import orjson
from pymilvus import CollectionSchema, DataType, Function, FunctionType, MilvusClient
from pymilvus.milvus_client import IndexParams

from index.encoder import Vectors
from index.entries import Entry, Where
from index.postings import K1, B
from index.tokens import Cutter, pairs

Row = dict[str, Any]

FORMAT = 2
CLAUSES = "wence_clauses"
STATE = "wence_state"
TERMS = ("words", "pairs")  # the fields that BM25 reads
STORED = ("key", "id", "policy", "digest", "facets", *TERMS, "dense")

_LONGEST = 65_535  # bytes of a string that Milvus takes
_FACET = 2048  # bytes of a facet
_CAPACITY = 4096  # facets of an entity that Milvus takes
_SIGN = re.compile(r"[^\w ]|_")  # where Milvus would part a term: 3.5, 99%, 〔2024〕17号
_ESCAPES = str.maketrans({"\\": "\\\\", '"': '\\"', "\n": "\\n", "\r": "\\r", "\t": "\\t"})


def clauses(dimensions: int, *, lite: bool) -> tuple[CollectionSchema, IndexParams]:
    """Fields and indexes of the clauses. `lite`: for Milvus Lite, which reads every vector."""
    schema = _schema({"id": 4096, "policy": 2048, "digest": 32})
    schema.add_field(
        "facets",
        DataType.ARRAY,
        element_type=DataType.VARCHAR,
        max_capacity=_CAPACITY,
        max_length=_FACET,
    )
    schema.add_field("dense", DataType.FLOAT_VECTOR, dim=dimensions)
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index("dense", index_type="FLAT" if lite else "AUTOINDEX", metric_type="IP")
    for name in TERMS:
        schema.add_field(
            name,
            DataType.VARCHAR,
            max_length=_LONGEST,
            enable_analyzer=True,
            analyzer_params={"tokenizer": "standard"},
        )
        schema.add_field(sparse(name), DataType.SPARSE_FLOAT_VECTOR)
        schema.add_function(Function(sparse(name), FunctionType.BM25, [name], [sparse(name)]))
        indexes.add_index(
            sparse(name),
            index_type="SPARSE_INVERTED_INDEX",
            metric_type="BM25",
            params={"bm25_k1": K1, "bm25_b": B},
        )
    if not lite:  # which has none over arrays
        indexes.add_index("policy", index_type="INVERTED")
        indexes.add_index("facets", index_type="INVERTED")
    return schema, indexes


def state() -> tuple[CollectionSchema, IndexParams]:
    """Fields and indexes of the state; Milvus wants a vector in every collection."""
    schema = _schema({"kind": 16, "name": 2048, "value": _LONGEST})
    schema.add_field("unused", DataType.FLOAT_VECTOR, dim=2)
    indexes = MilvusClient.prepare_index_params()
    indexes.add_index("unused", index_type="FLAT", metric_type="IP")
    return schema, indexes


def clause_row(policy: str, entry: Entry, vector: Vectors, cutter: Cutter) -> Row:
    """The entity of an entry; its vector in steps of 16 bits, as the local index has it."""
    text = f"{entry.context} {entry.text}"
    facets = [_facet(name, value) for name, values in entry.facets.items() for value in values]
    return {
        "key": key_of(entry.id),
        "id": entry.id,
        "policy": policy,
        "digest": entry.digest.hex(),
        "facets": facets[:_CAPACITY],
        "words": _cut(joined(cutter.words(text)), _LONGEST),
        "pairs": _cut(joined(pairs(text)), _LONGEST),
        "dense": vector.astype("float16").astype("float32"),
    }


def state_row(kind: str, name: str, value: object) -> Row:
    """One thing noted: `made`, a `policy` or some own `words`."""
    text = orjson.dumps(value).decode()
    key = key_of(f"{kind} {name}")
    return {"key": key, "kind": kind, "name": name, "value": text, "unused": [0.0, 0.0]}


def joined(terms: Iterable[str]) -> str:
    """Terms as a text that Milvus cuts into just these."""
    return _SIGN.sub(lambda sign: f"u{ord(sign[0]):x}", " ".join(terms))


def passing(where: Where) -> str:
    """The filter that lets pass what has, of every facet, one of its values; empty for all."""
    return " and ".join(
        f"array_contains_any(facets, [{_list(_facet(name, str(v)) for v in values)}])"
        for name, values in where.items()
    )


def of_policy(policy: str) -> str:
    """The filter for the entities of a policy."""
    return f"policy == {_quoted(policy)}"


def among(keys: Iterable[str]) -> str:
    """The filter for the entities with these keys."""
    return f"key in [{_list(keys)}]"


def sparse(name: str) -> str:
    """The field in which Milvus keeps what BM25 makes of a field of `TERMS`."""
    return f"{name}_bm25"


def key_of(name: str) -> str:
    """What an entity is known by: short, and safe in an expression."""
    return hashlib.blake2b(name.encode(), digest_size=16).hexdigest()


def parcels(rows: Iterable[Row], most: int, most_bytes: int) -> Iterator[list[Row]]:
    """Lists of clause rows that can be sent at once."""
    parcel: list[Row] = []
    size = 0
    for row in rows:
        parcel.append(row)
        size += 4 * len(row["dense"]) + 3 * sum(len(row[name]) for name in TERMS)
        if size > most_bytes or len(parcel) >= most:
            yield parcel
            parcel, size = [], 0
    if parcel:
        yield parcel


def _schema(texts: Mapping[str, int]) -> CollectionSchema:
    """A schema with `key` and string fields of so many bytes."""
    schema = MilvusClient.create_schema(auto_id=False, enable_dynamic_field=False)
    schema.add_field("key", DataType.VARCHAR, is_primary=True, max_length=32)
    for name, longest in texts.items():
        schema.add_field(name, DataType.VARCHAR, max_length=longest)
    return schema


def _facet(name: str, value: str) -> str:
    return _cut(f"{name}={value}", _FACET)


def _list(texts: Iterable[str]) -> str:
    return ", ".join(map(_quoted, texts))


def _quoted(text: str) -> str:
    """A string of Milvus's filter language."""
    return f'"{text.translate(_ESCAPES)}"'


def _cut(text: str, longest: int) -> str:
    """The text up to its last blank within so many bytes of UTF-8."""
    data = text.encode()
    if len(data) <= longest:
        return text
    kept = data[:longest].decode(errors="ignore")
    return kept.rpartition(" ")[0] or kept
