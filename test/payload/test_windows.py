"""Skipped windows: what lies in them is never used, all else comes in the order it would have come in anyway."""

from pathlib import Path

import numpy as np
import pytest
from trainers import Trainers, config

from bertha_train.config import read_config
from bertha_train.order import mask_seeds, sample_at
from resilience.endings import UserError
from resilience.samplehash import SampleHash
from resilience.windows import Window, next_positions

BATCH, SEED, SAMPLES = 12, 7, 90  # of the tests' config and dataset


def kept(windows: list[tuple[int, int]], start: int, count: int) -> list[int]:
    """The uninterrupted sequence minus the windows, by looking at each position."""
    inside = {position for begin, end in windows for position in range(begin, end)}
    return [position for position in range(start, start + count + len(inside)) if position not in inside][:count]


@pytest.mark.parametrize(
    "windows",
    [
        [],
        [(0, 5)],
        [(3, 4), (4, 9), (20, 21)],
        [(12, 24)],
        [(11, 13), (100, 200)],
        [(7, 19), (24, 25), (36, 37), (1000, 1001)],
    ],
)
def test_steps_use_the_uninterrupted_sequence_minus_the_windows(windows: list[tuple[int, int]]) -> None:
    cursor, used = 0, []
    for _ in range(10):
        positions, cursor = next_positions(cursor, BATCH, [Window(*window) for window in windows])
        used += positions.tolist()
        assert cursor == used[-1] + 1
    assert used == kept(windows, 0, 10 * BATCH)


def test_a_window_that_begins_before_the_cursor_counts_from_there() -> None:
    positions, cursor = next_positions(50, 3, [Window(0, 10), Window(40, 52)])
    assert (positions.tolist(), cursor) == ([52, 53, 54], 55)


def sample_hash(batches: list[list[int]]) -> str:
    """The contract's formula over these positions, one batch per step."""
    found = SampleHash()
    for step, positions in enumerate(batches, start=1):
        found.update(step, sample_at(np.array(positions), SAMPLES, SEED), mask_seeds(np.array(positions), SEED))
    return found.hex


def test_a_trainer_uses_all_but_the_windows_on_any_number_of_processes(trainers: Trainers) -> None:
    windows = [(30, 50), (61, 62), (88, 93)]  # the last one across the end of the first pass
    asked = [{"from": begin, "to": end} for begin, end in windows]
    positions = kept(windows, 0, 12 * BATCH)
    expected = sample_hash([positions[start : start + BATCH] for start in range(0, len(positions), BATCH)])
    for world in (1, 2):
        attempt = trainers.run(config(skipWindows=asked), world=world)
        manifest = attempt.manifest(12)
        assert manifest["sampleHash"] == expected
        assert (manifest["cursor"]["position"], manifest["samples"]) == (positions[-1] + 1, 12 * BATCH)
        assert manifest["skipWindows"] == asked


def test_a_window_may_be_added_behind_a_checkpoint_that_was_made_without_it(trainers: Trainers) -> None:
    first = trainers.run(config(steps=12), world=2)
    windows = [(10, 20), (50, 70)]  # one is used already, one is ahead of step 4
    asked = [{"from": begin, "to": end} for begin, end in windows]
    resumed = trainers.run(config(skipWindows=asked), "--resume", first.checkpoint(4))
    positions = kept([], 0, 4 * BATCH) + kept(windows, 4 * BATCH, 8 * BATCH)
    expected = sample_hash([positions[start : start + BATCH] for start in range(0, len(positions), BATCH)])
    assert resumed.manifest(12)["sampleHash"] == expected != first.manifest(12)["sampleHash"]
    assert resumed.losses()[5] != first.losses()[5]
    again = trainers.run(config(skipWindows=asked), "--resume", resumed.checkpoint(8), world=2)
    assert again.manifest(12)["sampleHash"] == expected


@pytest.mark.parametrize("windows", [[(5, 5)], [(5, 3)], [(5, 9), (8, 10)], [(8, 10), (1, 2)]], ids=str)
def test_windows_out_of_order_are_refused(tmp_path: Path, windows: list[tuple[int, int]]) -> None:
    import json

    file = tmp_path / "config.json"
    file.write_text(json.dumps(config(skipWindows=[{"from": begin, "to": end} for begin, end in windows])))
    with pytest.raises(UserError, match="skipWindows has"):
        read_config(file)
