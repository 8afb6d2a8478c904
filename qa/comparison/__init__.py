"""Documents, years and versions side by side."""
