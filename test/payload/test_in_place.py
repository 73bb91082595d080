"""A job that the platform restarts in place goes on from what its attempt has saved, not from where it was submitted."""

from pathlib import Path

from test_resume import kill_behind_a_checkpoint, newest_checkpoint
from trainers import Attempt, Trainers, config

STEPS = 40
SETTINGS = config(steps=STEPS, checkpointSteps=5)


def killed(trainers: Trainers, *extra: str | Path, world: int = 1, behind: int = 10) -> Attempt:
    attempt = trainers.start(SETTINGS, *extra, world=world)
    kill_behind_a_checkpoint(attempt, behind)
    return attempt


def damage(checkpoint: Path) -> None:
    file = checkpoint / "optimizer.safetensors"
    file.write_bytes(file.read_bytes()[:-1])


def test_it_continues_behind_its_newest_checkpoint_and_is_equal_to_the_bit(trainers: Trainers) -> None:
    straight = trainers.run(SETTINGS, world=2)
    first = killed(trainers, world=2)
    step = newest_checkpoint(first)
    second = trainers.restart(SETTINGS, before=first, world=2)
    assert min(second.losses()) == step + 1
    assert second.manifest(step + 5)["parent"] == {
        "attempt": first.output.name,
        "incarnation": first.manifest(step)["incarnation"],
        "step": step,
    }
    assert second.weights(STEPS) == straight.weights(STEPS)


def test_it_prefers_its_own_to_the_older_one_that_it_was_submitted_with(trainers: Trainers) -> None:
    before = trainers.run(SETTINGS)
    given = ("--resume", before.checkpoint(5))
    first = killed(trainers, *given, behind=15)
    second = trainers.restart(SETTINGS, *given, before=first)
    assert min(second.losses()) == newest_checkpoint(first) + 1


def test_a_damaged_one_is_passed_over_with_a_word_for_the_one_before(trainers: Trainers) -> None:
    first = killed(trainers, world=2)
    step = newest_checkpoint(first)
    damage(first.checkpoint(step))
    second = trainers.restart(SETTINGS, before=first, world=2)
    assert min(second.losses()) == step - 4
    assert f"step-{step:09d}: optimizer.safetensors has" in second.log(0)


def test_where_all_are_damaged_it_begins_as_it_was_submitted(trainers: Trainers) -> None:
    straight = trainers.run(SETTINGS)
    first = killed(trainers)
    for step in first.checkpoints():
        damage(first.checkpoint(step))
    second = trainers.restart(SETTINGS, before=first)
    assert min(second.losses()) == 1
    assert second.weights(STEPS) == straight.weights(STEPS)


def test_a_torn_one_without_manifest_does_not_count(trainers: Trainers) -> None:
    first = killed(trainers)
    step = newest_checkpoint(first)
    (first.checkpoint(step) / "manifest.json").unlink()
    second = trainers.restart(SETTINGS, before=first)
    assert min(second.losses()) == step - 4
    assert "step-" not in second.log(0).split("verified")[0], "nothing is said of what never was a checkpoint"


def test_a_restart_behind_the_last_step_only_evaluates(trainers: Trainers) -> None:
    first = trainers.run(SETTINGS)
    second = trainers.restart(SETTINGS, before=first)
    assert second.metrics() == []
    assert second.json("ending.json")["reason"] == "completed"
