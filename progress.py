"""A progress bar for long work, on standard error."""

from __future__ import annotations

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, TextColumn, TimeRemainingColumn
from rich.progress import Progress as Bar


class Progress:
    """A bar on standard error that tells how much is done; hidden where nobody watches.

    `total` is how much there is to do, 0 until it is known.
    """

    def __init__(self, work: str, *, shown: bool) -> None:
        console = Console(stderr=True)
        columns = (TextColumn(work), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
        self._bar = Bar(
            *columns, console=console, transient=True, disable=not (shown and console.is_terminal)
        )
        self._task = self._bar.add_task("", total=None, visible=False)
        self.total = 0

    def __enter__(self) -> Progress:
        self._bar.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._bar.stop()

    def __call__(self, done: int, of: int) -> None:
        """Show that `done` is done `of` so much."""
        self.total = of
        self._bar.update(self._task, completed=done, total=of, visible=of > 1)
