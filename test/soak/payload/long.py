"""The trainer on four processes, for longer than `npm test` has time: `npm run soak -- payload`.

`BERTHA_SOAK_SEED` (1) decides at which moments it is killed, `BERTHA_SOAK_STEPS` (300) how long it trains.
"""

import os
import random
import signal
import time
from pathlib import Path
from typing import Any

import pytest
from trainers import Attempt, Trainers, config, wait_until

SEED, STEPS = int(os.environ.get("BERTHA_SOAK_SEED", "1")), int(os.environ.get("BERTHA_SOAK_STEPS", "300"))
BATCH = 24  # micro-batches of two, shared by 4, 2 and 3
SETTINGS = config(steps=STEPS, globalBatch=BATCH, checkpointSteps=5)
UNALIKE = [4, 2, 3, 4]


@pytest.fixture
def draw() -> random.Random:
    """What decides the moments; printed, so that a failure can be seen again."""
    print(f"BERTHA_SOAK_SEED={SEED}")
    return random.Random(SEED)


def killed(attempt: Attempt, draw: random.Random, number: signal.Signals = signal.SIGKILL) -> int:
    """Ends all ranks at a random moment behind the first checkpoint; returns the newest checkpoint's step."""
    wait_until(attempt.checkpoints, "a checkpoint")
    time.sleep(draw.uniform(0, 1.0))
    attempt.signal(number)
    attempt.wait()
    return attempt.checkpoints()[-1]


def test_killed_again_and_again_on_four_processes_it_ends_equal_to_the_bit(
    trainers: Trainers, draw: random.Random
) -> None:
    straight = trainers.run(SETTINGS, world=4)
    resume: list[str | Path] = []
    kills = 0
    while True:
        attempt = trainers.start(SETTINGS, *resume, world=4)
        step = killed(attempt, draw, draw.choice([signal.SIGKILL, signal.SIGTERM]))
        if step == STEPS:
            break
        kills += 1
        resume = ["--resume", attempt.checkpoint(step)]
    last = attempt if (attempt.folder / "ending.json").exists() else trainers.run(SETTINGS, *resume, world=4)
    assert kills >= 3, "it was too fast to be killed: give it more steps"
    assert last.weights(STEPS) == straight.weights(STEPS)
    assert last.manifest(STEPS)["sampleHash"] == straight.manifest(STEPS)["sampleHash"]


def test_on_four_two_three_and_four_processes_it_sees_what_one_alone_sees(
    trainers: Trainers, draw: random.Random
) -> None:
    settings: dict[str, Any] = {**SETTINGS, "model": {**SETTINGS["model"], "dropout": 0, "attentionDropout": 0}}
    straight = trainers.run(settings)
    resume: list[str | Path] = []
    for world in UNALIKE[:-1]:
        attempt = trainers.start(settings, *resume, world=world)
        step = killed(attempt, draw)
        assert step < STEPS, "it was too fast to be killed: give it more steps"
        resume = ["--resume", attempt.checkpoint(step)]
    last = trainers.run(settings, *resume, world=UNALIKE[-1])
    found, expected = last.manifest(STEPS), straight.manifest(STEPS)
    assert found["worldSize"] == 4
    for field in ("sampleHash", "samples", "tokens", "cursor"):
        assert found[field] == expected[field], field


def test_restarted_in_place_again_and_again_it_ends_equal_to_the_bit(trainers: Trainers, draw: random.Random) -> None:
    straight = trainers.run(SETTINGS, world=3)
    attempt = trainers.start(SETTINGS, world=3)
    for _ in range(3):
        if killed(attempt, draw) == STEPS:
            break
        attempt = trainers.begin_again(SETTINGS, before=attempt, world=3)
    attempt.succeed()
    assert attempt.weights(STEPS) == straight.weights(STEPS)
