"""What one start of the trainer is asked to do."""

from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True)
class Job:
    """The command line."""

    config: Path
    data: Path
    output: Path
    run: str
    phase: str
    attempt: str
    resume: Path | None
    init: Path | None
