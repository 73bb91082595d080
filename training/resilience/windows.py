"""Skipped windows of the sample stream: positions that are never used, while the order of all others stays."""

from collections.abc import Iterable
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True)
class Window:
    """Positions `from_` (included) to `to` (not included)."""

    from_: int
    to: int


def next_positions(cursor: int, count: int, windows: Iterable[Window]) -> tuple[np.ndarray, int]:
    """The next `count` positions (u64) at or behind `cursor` that lie in no window, and the cursor behind them.

    `windows` are sorted and apart from each other. The cursor is all that a resume needs, whatever windows were added
    in between.
    """
    pieces, missing = [], count
    for window in windows:
        free = max(0, min(missing, window.from_ - cursor))
        pieces.append(np.arange(cursor, cursor + free, dtype=np.uint64))
        missing -= free
        if missing == 0:
            return np.concatenate(pieces), cursor + free
        cursor = max(cursor, window.to)
    pieces.append(np.arange(cursor, cursor + missing, dtype=np.uint64))
    return np.concatenate(pieces), cursor + missing
