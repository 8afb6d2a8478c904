"""What was typed, read as it was meant; every correction is told."""
