"""Which checkpoint a start goes on from: the newest of its own attempt that verifies, else the one it was given."""

import sys
from pathlib import Path
from typing import Protocol

from .checkpoint import Checkpoint, read_checkpoint, require_same
from .endings import BadCheckpoint, Ending
from .own import own_checkpoints

PARTS = ("model", "optimizer", "rng")


class Agreeing(Protocol):
    """What the ranks need of each other, see `ranks.Ranks`."""

    rank: int

    def share(self, text: str | None) -> str:
        """Rank 0's text, for all."""

    def all_well(self, is_well: bool) -> bool:
        """Whether it is well with every rank."""

    def agree(self, problem: Ending | None, kind: type[Ending]) -> None:
        """Raises this rank's problem, or `kind` with the words of another rank that has one."""


def checkpoint_to_resume(
    output: Path, own: str, given: Path | None, ranks: Agreeing, config_sha256: str, data_sha256: str
) -> Checkpoint | None:
    """The checkpoint to go on from, verified on every rank; None where there is none. All ranks call it together.

    `own` is the name of this start, `given` what the command line names: older than what a start that the platform made
    again in place has saved itself. A damaged one of its own is passed over with a word. Raises BadCheckpoint on all
    ranks if one of them cannot use the one that was given.
    """
    # Each node sees the folder through a mount of its own: rank 0 says what is looked for.
    found = ranks.share("\n".join(own_checkpoints(output, own)) if ranks.rank == 0 else None)
    for folder in [output / name for name in found.splitlines()]:
        checkpoint, problem = _verified(folder, config_sha256, data_sha256)
        if problem is not None:
            print(problem, file=sys.stderr, flush=True)
        if ranks.all_well(problem is None):
            return checkpoint
    if given is None:
        return None
    checkpoint, problem = _verified(given, config_sha256, data_sha256)
    ranks.agree(problem, BadCheckpoint)
    return checkpoint


def _verified(
    folder: Path, config_sha256: str, data_sha256: str
) -> tuple[Checkpoint, None] | tuple[None, BadCheckpoint]:
    try:
        checkpoint = read_checkpoint(folder, PARTS)
        require_same(folder, "config", checkpoint.manifest.config_sha256, config_sha256)
        require_same(folder, "dataset", checkpoint.manifest.data_sha256, data_sha256)
        return checkpoint, None
    except BadCheckpoint as error:
        return None, error
