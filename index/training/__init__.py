"""Training of the bundled sentence encoder, from official texts alone; not needed at run time."""
