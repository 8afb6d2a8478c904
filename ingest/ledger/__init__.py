"""Who does what: unit statements, in brackets, after labels, in prose and in tables."""
