"""Preempted again and again, on changing numbers of nodes: the training sees what it would have seen undisturbed."""

import signal
from pathlib import Path

from trainers import Attempt, Trainers, config, wait_until

STEPS = 60
SETTINGS = config(steps=STEPS, checkpointSteps=1, model__dropout=0, model__attentionDropout=0)
# A global batch of twelve in micro-batches of two: eight, six and eight nodes in the small.
WORLDS = [2, 1, 1, 3, 1, 1, 2, 1, 1, 1]


def test_b25_ten_preemptions_on_changing_numbers_of_nodes_leave_samples_masks_and_their_order_as_they_were(
    trainers: Trainers,
) -> None:
    resume: list[str | Path] = []
    for world in WORLDS:
        attempt = trainers.start(SETTINGS, *resume, world=world)
        killed_behind_its_checkpoint(attempt, 2)
        # As if the newest were damaged: at least one step is done again.
        resume = ["--resume", attempt.checkpoint(attempt.checkpoints()[0])]
    last = trainers.run(SETTINGS, *resume)

    straight = trainers.run(SETTINGS)
    found, expected = last.manifest(STEPS), straight.manifest(STEPS)
    for field in ("sampleHash", "samples", "tokens", "cursor"):
        assert found[field] == expected[field], field


def test_b22_a_kill_at_any_moment_of_writing_leaves_a_checkpoint_that_is_taken(trainers: Trainers) -> None:
    """The trainer deletes nothing and names a checkpoint whole only when it is: what was good stays good."""
    settings = config(steps=200, checkpointSteps=1)
    attempt = trainers.start(settings)
    step = killed_behind_its_checkpoint(attempt, 3)
    steps = attempt.checkpoints()
    assert steps == list(range(1, step + 1)), "none that was whole is gone"
    resumed = trainers.start(settings, "--resume", attempt.checkpoint(step))
    resumed.reach(step + 1)


def killed_behind_its_checkpoint(attempt: Attempt, number: int) -> int:
    """kill -9 of all ranks when so many checkpoints are whole. Returns the step of the newest, below the last one."""
    wait_until(lambda: len(list(attempt.output.glob("*/checkpoints/*/manifest.json"))) >= number, "a checkpoint")
    attempt.signal(signal.SIGKILL)
    attempt.wait()
    assert not (attempt.folder / "ending.json").exists(), "killed too late: the run had ended"
    return attempt.checkpoints()[-1]
