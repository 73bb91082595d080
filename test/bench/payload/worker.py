"""Sequences a second of one job: `worker.py SHAPE LENGTH BATCH MICRO STEPS DATA`; a rank of it, by the environment.

Each rank has one thread and prints JSON: what all of them did. DATA `-` stands for full-length samples of BERT's vocabulary.
"""

import json
import sys
import tempfile
import time
from pathlib import Path

import torch
from full_length import write
from sides import ours, settings

WARM_UP = 2
VOCABULARY = 30_522


def main(shape: str, length: int, batch: int, micro: int, steps: int, data: str) -> None:
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.utils.deterministic.fill_uninitialized_memory = False  # type: ignore[attr-defined]
    with tempfile.TemporaryDirectory() as folder:
        place = write(Path(folder), length, VOCABULARY) if data == "-" else Path(data)
        trainer, step = ours(settings(shape, length, batch, micro), place)
        for _ in range(WARM_UP):
            step()
        began = time.perf_counter()
        done = sum(step() for _ in range(steps))
        seconds = time.perf_counter() - began
        trainer.peers.leave()
        print(json.dumps({"rate": done / seconds}))


if __name__ == "__main__":
    main(sys.argv[1], *(int(number) for number in sys.argv[2:6]), sys.argv[6])
