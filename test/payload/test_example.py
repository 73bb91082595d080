"""A trainer of one's own around the library: killed and resumed it ends with the weights of one that never stopped."""

import json
import signal

import pytest
from trainers import Attempt, Trainers, wait_until

SETTINGS = {
    "steps": 60, "globalBatch": 8, "microBatch": 4, "seed": 3, "width": 16, "dropout": 0.1, "learningRate": 0.01,
    "checkpointSteps": 10, "checkpointSeconds": None, "heartbeatSeconds": 0.02, "metricsSeconds": 0.1,
}  # fmt: skip


@pytest.fixture
def examples(trainers: Trainers) -> Trainers:
    """Starts the example instead of BERT."""
    trainers.program = "examples.plain"
    return trainers


def killed(attempt: Attempt, behind: int) -> int:
    """kill -9 of all ranks behind a checkpoint; returns the newest one's step."""
    wait_until(lambda: (attempt.heartbeat().get("checkpointStep") or 0) >= behind, "a checkpoint")
    attempt.signal(signal.SIGKILL)
    attempt.wait()
    assert not (attempt.folder / "ending.json").exists(), "killed too late: the run had ended"
    return attempt.checkpoints()[-1]


def test_the_plain_loop_killed_and_resumed_is_equal_to_the_bit(examples: Trainers) -> None:
    settings = {**SETTINGS, "steps": 400}
    straight = examples.run(settings, world=2)
    first = examples.start(settings, world=2)
    step = killed(first, 10)
    second = examples.start(settings, "--resume", first.checkpoint(step), world=2)
    newest = killed(second, step + 10)
    in_place = examples.restart(settings, "--resume", first.checkpoint(step), before=second, world=2)
    assert min(in_place.losses_of("mlm")) == newest + 1
    assert in_place.weights(400) == straight.weights(400)
    assert in_place.losses_of("mlm")[400] == straight.losses_of("mlm")[400]
    assert in_place.json("ending.json")["reason"] == "completed"


def test_it_is_told_and_tells_what_the_contract_says(examples: Trainers) -> None:
    attempt = examples.start({**SETTINGS, "steps": 1_000_000, "checkpointSteps": None}).reach(5)
    attempt.tell(sequence=1, checkpointNow=1)
    wait_until(lambda: (attempt.heartbeat().get("control") or {}).get("checkpointNow") == 1, "the acknowledgement")
    assert attempt.checkpoints() == [attempt.heartbeat()["checkpointStep"]]
    attempt.signal(signal.SIGTERM)
    assert attempt.wait() == [6], attempt.log()
    steps = [line["step"] for line in attempt.metrics()]
    assert steps == list(range(1, attempt.checkpoints()[-1] + 1))
    assert attempt.metrics()[0].keys() == {"step", "at", "loss", "learningRate", "gradNorm", "samples", "seconds"}


def test_it_refuses_a_checkpoint_that_is_damaged_or_of_another_config(examples: Trainers) -> None:
    first = examples.run({**SETTINGS, "steps": 10})
    other = examples.start({**SETTINGS, "steps": 10, "width": 8}, "--resume", first.checkpoint(10))
    assert other.wait() == [4] and "another config" in other.json("ending.json")["message"]
    manifest = json.loads((first.checkpoint(10) / "manifest.json").read_text())
    file = first.checkpoint(10) / manifest["files"][0]["name"]
    file.write_bytes(file.read_bytes()[:-1])
    damaged = examples.start({**SETTINGS, "steps": 10}, "--resume", first.checkpoint(10))
    assert damaged.wait() == [4] and file.name in damaged.json("ending.json")["message"]
