"""The command line: wrong input is told in one sentence, at once, with exit code 3."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from trainers import Trainers, config


def remove(settings: dict[str, Any], name: str) -> dict[str, Any]:
    return {key: value for key, value in settings.items() if key != name}


WRONG = {
    "unknown field optimizer.momentum": config(optimizer__momentum=0.9),
    "unknown field epochs": config(epochs=3),
    "steps is missing": remove(config(), "steps"),
    "steps is 0": config(steps=0),
    "seed is 1.5": config(seed=1.5),
    "threads is True": config(threads=True),
    "precision is 'float8'": config(precision="float8"),
    "model must be an object": config(model=3),
    "masking.probability is 1": config(masking__probability=1),
    "hiddenSize 16 is not a multiple of model.attentionHeads 3": config(model__attentionHeads=3),
    "sequenceLength 64 exceeds model.maxPositions 32": config(sequenceLength=64),
    "schedule.decayRate and schedule.decaySteps must be given": config(
        schedule={"name": "exponential", "warmupRatio": 0}
    ),
    "schedule.power must be given": config(schedule__name="polynomial"),
    "deterministic is 1": config(deterministic=1),
    "compile is true": config(compile=True),
    "no set with sequenceLength 24, only 16, 32": config(sequenceLength=24),
}


@pytest.mark.parametrize(("sentence", "settings"), WRONG.items(), ids=WRONG)
def test_a_wrong_config_exits_3_and_names_field_and_value(
    trainers: Trainers, sentence: str, settings: dict[str, Any]
) -> None:
    attempt = trainers.start(settings)
    assert attempt.wait() == [3]
    ending = attempt.json("ending.json")
    assert sentence in ending["message"]
    assert (ending["reason"], ending["exitCode"], ending["step"]) == ("user-error", 3, None)
    assert attempt.log() == f"bertha_train: {ending['message']}\n"


def test_a_missing_dataset_exits_3(trainers: Trainers, tmp_path: Path) -> None:
    attempt = trainers.start(config(), data=tmp_path / "nowhere")
    assert attempt.wait() == [3]
    assert "nowhere/manifest.json" in attempt.json("ending.json")["message"]


def test_a_truncated_shard_exits_3(trainers: Trainers, data: Path, tmp_path: Path) -> None:
    bad = tmp_path / "bad"
    subprocess.run(["cp", "-r", data, bad], check=True)
    shard = bad / "seq-0016/train/shard-00001.safetensors"
    shard.write_bytes(shard.read_bytes()[:-2])
    attempt = trainers.start(config(), data=bad)
    assert attempt.wait() == [3]
    assert "shard-00001.safetensors has" in attempt.json("ending.json")["message"]


def start_for_real(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "bertha_train", *arguments],
        env=dict(os.environ),
        capture_output=True,
        text=True,
        timeout=120,
    )


def test_a_missing_argument_exits_3_without_a_stack_trace() -> None:
    done = start_for_real("--config", "x")
    assert done.returncode == 3
    assert "--data" in done.stderr and "Traceback" not in done.stderr


def test_the_command_trains_and_says_so_line_by_line(tmp_path: Path, data: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(config(steps=3)))
    places = ["--config", tmp_path / "config.json", "--data", data, "--output", tmp_path / "out"]
    done = start_for_real(*places, "--run", "r", "--phase", "p1", "--attempt", "a001")
    assert done.returncode == 0, done.stderr
    said = done.stdout.splitlines()
    assert said[0].startswith("r p1 a001: starting from fresh weights; 3 steps of 12 samples on 1 processes")
    assert any("step 3/3 mlm " in line for line in said)
    assert any("held out: mlm " in line for line in said)
