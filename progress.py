"""A progress bar for long work, on standard error."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """A bar on standard error that tells how many files are done; hidden where nobody watches."""

    def __init__(self, *, shown: bool) -> None:
        console = Console(stderr=True)
        columns = (TextColumn("读取"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(*columns, console=console, transient=True, disable=not shown)
        self._task = self._bar.add_task("", total=None, visible=False)
        self.files = 0

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, done: int, files: int) -> None:
        """Show that `done` of so many `files` are done."""
        self.files = files
        self._bar.update(self._task, completed=done, total=files, visible=files > 1)
