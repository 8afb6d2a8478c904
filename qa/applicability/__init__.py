"""What applies to a described enterprise or person, and on which conditions."""
