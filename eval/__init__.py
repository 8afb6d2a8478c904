"""Question sets run, measured and reported."""
