"""A progress bar on stderr, for people only: where nobody watches a terminal, nothing is shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn


@contextmanager
def file_progress(what: str, size: int) -> Iterator[Callable[[int], None]]:
    """Tell what it yields how many of the `size` bytes have been read."""
    console = Console(stderr=True)
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
    with Progress(*columns, console=console, disable=not console.is_terminal) as bar:
        task = bar.add_task(what, total=size)
        yield lambda position: bar.update(task, completed=position)
