"""Our step, a plain Hugging Face loop's, and ours without determinism in turn: `compare.py SHAPE LENGTH PAIRS [DATA]`.

Prints JSON. With DATA the samples are real ones of all lengths, which the plain loop pads to LENGTH; else all are full.
"""

import json
import platform
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
import transformers
from full_length import write
from sides import ours, settings, theirs

BATCHES = {("base", 128): (8, 8), ("base", 512): (2, 2), ("small", 128): (64, 32), ("small", 512): (16, 8)}
MIXED = (32, 8)
VOCABULARY = 30_522
LEAST_SECONDS = 2.0


def sequences_a_second(step: Callable[[], int], deterministic: bool) -> float:
    """Of at least two seconds of steps."""
    torch.use_deterministic_algorithms(deterministic)
    done, began = 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < LEAST_SECONDS:
        done += step()
    return done / spent


def main(shape: str, length: int, pairs: int, mix: Path | None) -> dict[str, Any]:
    torch.utils.deterministic.fill_uninitialized_memory = False
    batch, micro = BATCHES[shape, length] if mix is None else MIXED
    with tempfile.TemporaryDirectory() as folder:
        data = write(Path(folder), length, VOCABULARY) if mix is None else mix
        config = settings(shape, length, batch, micro)
        trainer, our_step = ours(config, data)
        their_step = theirs(config, trainer, None if mix is None else length)
        sides = [("ours", our_step, True), ("theirs", their_step, False), ("free", our_step, False)]
        found: dict[str, list[float]] = {name: [] for name, _, _ in sides}
        for step in (our_step, their_step):
            step()
        for turn in range(pairs):
            for name, step, deterministic in sides if turn % 2 == 0 else reversed(sides):
                found[name].append(sequences_a_second(step, deterministic))
    versions = {
        "python": platform.python_version(),
        "torch": torch.__version__,
        "transformers": transformers.__version__,
    }
    return {**found, "versions": versions}


if __name__ == "__main__":
    mix_data = Path(sys.argv[4]) if len(sys.argv) > 4 else None
    print(json.dumps(main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]), mix_data)))
