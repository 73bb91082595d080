"""One start of the trainer: a folder that no other start ever writes to, and its last words."""

from pathlib import Path

from .clock import incarnation_name, now
from .files import to_json, write_whole


class Incarnation:
    """Names this start by the time and, on rank 0, makes its folder below the attempt's; other ranks have no folder."""

    def __init__(self, output: Path, rank: int) -> None:
        self.name = incarnation_name()
        self.folder = output / self.name if rank == 0 else None
        self.step: int | None = None
        if self.folder is not None:
            self.folder.mkdir(parents=True)

    def end(self, reason: str, message: str, exit_code: int) -> None:
        """Writes ending.json. An error in writing is not worth another error."""
        if self.folder is None:
            return
        words = {"reason": reason, "message": message, "step": self.step, "exitCode": exit_code, "at": now()}
        try:
            write_whole(self.folder / "ending.json", to_json(words), sync=True)
        except OSError:
            pass
