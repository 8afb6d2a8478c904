"""Documents in: bytes, text, outline, clauses and assignments, catalog."""
