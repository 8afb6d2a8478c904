"""A `Reading` to a `Draft`, one module a kind of question."""
