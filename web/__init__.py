"""The HTTP surface: API, chat page, source pages."""
