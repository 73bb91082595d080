"""Learning rates of the schedules that have more to them than a line."""

import json
from pathlib import Path

import pytest
from trainers import config

from bertha_train.config import TrainConfig, read_config
from bertha_train.schedule import learning_rate


def settings(folder: Path, **changes: object) -> TrainConfig:
    (folder / "config.json").write_text(json.dumps(config(**changes)))
    return read_config(folder / "config.json")


def test_nvidias_phase_1_rises_for_2000_steps_and_falls_with_the_root_of_what_is_left(tmp_path: Path) -> None:
    nvidia = settings(
        tmp_path,
        steps=7038,
        optimizer__learningRate=6e-3,
        schedule={"name": "polynomial", "warmupRatio": 0.2843, "power": 0.5},
    )
    assert learning_rate(nvidia, 1000) == pytest.approx(6e-3 * 1000 / 2001)
    assert learning_rate(nvidia, 2001) == pytest.approx(6e-3)
    # PolyWarmUpScheduler at its step s reckons (1 - s / 7038) ^ 0.5; ours stands one step earlier and so never at zero.
    for step in (2002, 5000, 7038):
        assert learning_rate(nvidia, step) == pytest.approx(6e-3 * (1 - (step - 1) / 7038) ** 0.5)
    assert learning_rate(nvidia, 7038) > 0


@pytest.mark.parametrize("name", ["linear", "exponential", "polynomial", "constant"])
def test_an_offset_goes_on_with_the_schedule_of_a_longer_training(tmp_path: Path, name: str) -> None:
    shape = {"name": name, "warmupRatio": 0.1, "decayRate": 0.9, "decaySteps": 7, "power": 0.5}
    whole = settings(tmp_path, steps=100, schedule=shape)
    rest = settings(tmp_path, steps=40, schedule={**shape, "offsetSteps": 60})
    assert [learning_rate(rest, step) for step in range(1, 41)] == [learning_rate(whole, s) for s in range(61, 101)]
    assert learning_rate(whole, 60) > 0


def test_the_exponential_schedule_ends_where_the_old_recipes_did(tmp_path: Path) -> None:
    shape = {"name": "exponential", "warmupRatio": 0.02, "decayRate": 0.99, "decaySteps": 1000}
    large = settings(tmp_path, steps=187_000, optimizer__learningRate=2e-4, schedule=shape)
    assert learning_rate(large, 187_000) == pytest.approx(3.17e-5, rel=1e-3)
