"""What the cited characters bear, claim by claim."""
