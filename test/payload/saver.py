"""A process that does nothing but save: each state behind the one before, until it is killed."""

import itertools
from pathlib import Path

from states import manifest, state

from resilience.checkpoints import Checkpoints

SIZE = 2_000_000  # numbers of four bytes in each of two parts


def save_for_ever(folder: Path) -> None:
    """Saves step after step below `folder`."""
    checkpoints = Checkpoints(folder)
    for step in itertools.count(1):
        checkpoints.save(manifest(step), state(step, SIZE))
