"""One start of the trainer: a folder that no other start ever writes to, and its last words."""

from pathlib import Path

from .clock import incarnation_name
from .endings import Ending
from .files import to_json, write_whole


class Incarnation:
    """Names this start by the time and, on rank 0, makes its folder below the attempt's; other ranks have no folder."""

    def __init__(self, output: Path, rank: int) -> None:
        self.name = incarnation_name()
        self.rank = rank
        self.folder = output / self.name if rank == 0 else None
        self.step: int | None = None
        if self.folder is not None:
            self.folder.mkdir(parents=True)

    def end(self, ending: Ending) -> None:
        """Writes ending.json."""
        if self.folder is not None:
            write_last_words(self.folder, ending, self.step)


def write_last_words(folder: Path, ending: Ending, step: int | None) -> None:
    """Writes ending.json, once: a second ending, or an error in writing, is not worth another error."""
    try:
        write_whole(folder / "ending.json", to_json(ending.words(step)), sync=True)
    except OSError:
        pass
