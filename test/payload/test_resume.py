"""Resume: stopped anywhere, the training that continues is the training that never stopped."""

import signal
from collections.abc import Callable, Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import pytest
from trainers import Attempt, Trainers, config, wait_until

STEPS = 40
SETTINGS = config(steps=STEPS, checkpointSteps=10)


@pytest.fixture(scope="module")
def straight(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Iterator[Callable[[int], Attempt]]:
    """The uninterrupted run on so many processes, made once."""
    trainers = Trainers(tmp_path_factory.mktemp("straight"), data)
    yield lru_cache(lambda world: trainers.run(SETTINGS, world=world))
    trainers.close()


def kill_behind_a_checkpoint(attempt: Attempt, step: int) -> None:
    """kill -9 of all ranks while steps behind checkpoint `step` are done but not kept."""
    wait_until(lambda: (attempt.heartbeat().get("step") or 0) > step + 2, f"a step behind {step}")
    attempt.signal(signal.SIGKILL)
    attempt.wait()
    assert not (attempt.folder / "ending.json").exists(), "killed too late: the run had ended"


def newest_checkpoint(attempt: Attempt) -> int:
    return max(int(m.parent.name[5:]) for m in attempt.folder.glob("checkpoints/*/manifest.json"))


@pytest.mark.parametrize("world", [1, 2, 3])
def test_a_killed_run_resumed_is_equal_to_the_bit(
    trainers: Trainers, straight: Callable[[int], Attempt], world: int
) -> None:
    killed = trainers.start(SETTINGS, world=world)
    kill_behind_a_checkpoint(killed, 10)
    step = newest_checkpoint(killed)
    resumed = trainers.run(SETTINGS, "--resume", killed.checkpoint(step), world=world)

    whole = straight(world)
    losses = whole.losses()
    assert 10 <= step < STEPS
    assert resumed.weights(STEPS) == whole.weights(STEPS)
    assert resumed.manifest(STEPS)["sampleHash"] == whole.manifest(STEPS)["sampleHash"]
    assert resumed.losses() == {s: losses[s] for s in range(step + 1, STEPS + 1)}
    assert killed.losses() == {s: losses[s] for s in killed.losses()}
    assert resumed.json("evaluation.json") == whole.json("evaluation.json")


def test_another_number_of_processes_sees_the_same_samples(trainers: Trainers) -> None:
    settings = config(steps=16, model__dropout=0, model__attentionDropout=0)
    straight = attempt = trainers.run(settings, world=2)
    for step, world in ((4, 3), (8, 2), (12, 1)):
        attempt = trainers.run(settings, "--resume", attempt.checkpoint(step), world=world)
        found, expected = attempt.manifest(16), straight.manifest(16)
        for field in ("sampleHash", "samples", "tokens", "cursor"):
            assert found[field] == expected[field], f"{field} on {world}"
        assert found["worldSize"] == world
        for number, losses in attempt.losses().items():
            assert losses == pytest.approx(straight.losses()[number], rel=1e-4), f"step {number} on {world}"


@pytest.mark.parametrize("world", [1, 2])
def test_sigterm_to_one_rank_checkpoints_at_the_step_boundary_and_loses_nothing(
    trainers: Trainers, straight: Callable[[int], Attempt], world: int
) -> None:
    stopped = trainers.start({**SETTINGS, "checkpointSteps": None}, world=world)
    wait_until(lambda: (stopped.heartbeat().get("step") or 0) >= 3, "some steps")
    stopped.signal(signal.SIGTERM, world - 1)  # all ranks must agree

    assert stopped.wait() == [6] * world, stopped.log()
    ending = stopped.json("ending.json")
    step = newest_checkpoint(stopped)
    assert (ending["reason"], ending["exitCode"], ending["step"]) == ("interrupted", 6, step)
    assert sorted(stopped.losses()) == list(range(1, step + 1))
    assert "Traceback" not in stopped.log()
    resumed = trainers.run(SETTINGS, "--resume", stopped.checkpoint(step), world=world)
    assert resumed.weights(STEPS) == straight(world).weights(STEPS)


def test_a_resume_behind_the_last_step_only_evaluates(trainers: Trainers) -> None:
    first = trainers.run(config())
    again = trainers.run(config(), "--resume", first.checkpoint(12))
    assert again.metrics() == []
    assert again.json("evaluation.json") == first.json("evaluation.json")
    assert again.json("ending.json")["reason"] == "completed"


def test_the_parents_in_the_manifests_lead_back_to_the_start(trainers: Trainers) -> None:
    first = trainers.run(config())
    second = trainers.run(config(), "--resume", first.checkpoint(8))

    def link(attempt: Attempt, step: int) -> dict[str, Any]:
        manifest = attempt.manifest(step)
        return {key: manifest[key] for key in ("attempt", "incarnation", "step")}

    assert second.manifest(12)["parent"] == link(first, 8)
    assert first.manifest(8)["parent"] == link(first, 4)
    assert first.manifest(4)["parent"] is None


def test_the_next_phase_takes_weights_alone_and_counts_from_one(trainers: Trainers) -> None:
    first = trainers.run(config())
    second = trainers.run(config(sequenceLength=32, steps=3, schedule__name="constant"), "--init", first.checkpoint(12))
    assert [line["step"] for line in second.metrics()] == [1, 2, 3]
    assert second.manifest(3)["parent"] is None
    assert second.losses()[1][0] < first.losses()[1][0] - 0.3, "a fresh model would begin where the first phase began"


def test_precisions_below_float32_resume_to_the_bit_too(trainers: Trainers) -> None:
    for precision in ("bfloat16", "float16"):
        settings = config(precision=precision)
        straight = trainers.run(settings, world=2)
        resumed = trainers.run(settings, "--resume", straight.checkpoint(4), world=2)
        assert resumed.weights(12) == straight.weights(12)
