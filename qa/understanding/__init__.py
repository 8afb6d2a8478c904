"""A question's text to a `Reading`."""
