"""Text to clauses: printed numbers, headings, attachments and tables of tasks."""
