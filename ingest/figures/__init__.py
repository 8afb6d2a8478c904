"""Deadlines, amounts, percentages and counts, as printed and as values."""
