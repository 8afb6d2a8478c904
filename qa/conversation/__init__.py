"""What a question leaves out, filled from the turn before it."""
