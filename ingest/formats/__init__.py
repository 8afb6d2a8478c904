"""One module a format, each with `read(data, name) -> Source`; `ingest/reader.py` has the table."""
