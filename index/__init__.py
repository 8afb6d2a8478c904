"""Search: clauses become tokens and vectors, files, and hits."""
