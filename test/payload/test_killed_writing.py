"""kill -9 while a checkpoint is being written, of the trainer, of the process that writes, of both at once."""

import hashlib
import multiprocessing
import os
import random
import signal
import time
from pathlib import Path

import pytest
import torch
from children import child_of, has_ended
from saver import SIZE, save_for_ever
from states import state
from trainers import Attempt, Trainers, config, wait_until

from resilience.checkpoint import read_checkpoint
from resilience.endings import BadCheckpoint

ENDLESS = config(steps=1_000_000, checkpointSteps=2)
KILLS = 3
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the process that writes in /proc")


def test_kills_at_random_moments_of_writing_leave_whole_checkpoints_and_one_that_is_none(tmp_path: Path) -> None:
    draw, torn = random.Random(8), 0
    for number in range(KILLS):
        folder = tmp_path / str(number)
        process = multiprocessing.get_context("forkserver").Process(target=save_for_ever, args=(folder,), daemon=True)
        process.start()
        wait_until(lambda: list(folder.glob("*/manifest.json")), "a checkpoint")
        writer = child_of(process.pid or 0, "resilience.writer")
        time.sleep(draw.uniform(0, 0.1))
        process.kill()
        process.join()
        wait_until(lambda: has_ended(writer), "the end of the process that writes, which ends with its trainer")
        torn += is_none_but_the_newest(sorted(folder.iterdir()))
    assert torn > 0, "no kill came while something was written"


def is_none_but_the_newest(folders: list[Path]) -> bool:
    """Asserts that all verify but, at most, the newest, which then has no manifest. Returns whether it has none."""
    for folder in folders[:-1]:
        found = read_checkpoint(folder, ("model",))
        assert torch.equal(found.parts["model"]["weight"], state(found.manifest.step, SIZE)["model"]["weight"])
    try:
        read_checkpoint(folders[-1], ("model",))
    except BadCheckpoint as error:
        assert "was never finished" in str(error)
        return True
    return False


def test_training_goes_on_beside_a_slow_mount_and_ends_with_a_name_where_writing_does(trainers: Trainers) -> None:
    attempt = trainers.start(ENDLESS, world=2).reach(1)
    writer = child_of(attempt.processes[0].pid, "resilience.writer")
    os.kill(writer, signal.SIGSTOP)  # as if the mount hung
    wait_until(lambda: attempt.heartbeat().get("state") == "checkpointing" and is_standing_still(attempt), "a wait")
    newest = attempt.checkpoints()[-1] if attempt.checkpoints() else 0
    assert attempt.heartbeat()["step"] >= newest + 4, "steps were done while one was being written"
    os.kill(writer, signal.SIGKILL)
    assert attempt.wait() == [1, 1], attempt.log()
    ending = attempt.json("ending.json")
    assert ending["reason"] == "crashed" and "killed by signal 9" in ending["message"]
    assert "Traceback" not in attempt.log()


def is_standing_still(attempt: Attempt) -> bool:
    step = attempt.heartbeat()["step"]
    time.sleep(0.2)
    return attempt.heartbeat()["step"] == step


def test_what_was_asked_for_is_complete_when_it_is_acknowledged_however_slow_the_mount(trainers: Trainers) -> None:
    attempt = trainers.start(config(steps=1_000_000, checkpointSteps=None)).reach(2)
    writer = child_of(attempt.processes[0].pid, "resilience.writer")
    os.kill(writer, signal.SIGSTOP)
    attempt.tell(sequence=1, checkpointNow=1)
    wait_until(lambda: attempt.heartbeat().get("state") == "checkpointing", "the checkpoint")
    assert attempt.checkpoints() == [] and attempt.heartbeat()["control"]["checkpointNow"] == 0
    os.kill(writer, signal.SIGCONT)
    wait_until(lambda: attempt.heartbeat()["control"]["checkpointNow"] == 1, "the acknowledgement")
    assert attempt.checkpoints() == [attempt.heartbeat()["checkpointStep"]]


def test_a_trainer_that_wakes_up_beside_its_successor_changes_nothing_of_it(trainers: Trainers) -> None:
    settings = config(steps=40, checkpointSteps=4)
    late = trainers.start(settings).reach(6)
    pids = (late.processes[0].pid, child_of(late.processes[0].pid, "resilience.writer"))
    for pid in pids:
        os.kill(pid, signal.SIGSTOP)  # as its machine was, for long
    successor = trainers.restart(settings, before=late)
    before = contents(successor.folder)
    for pid in pids:
        os.kill(pid, signal.SIGCONT)
    assert late.wait() == [0], late.log()
    assert contents(successor.folder) == before, "it wrote below its own folder alone"
    assert late.weights(40) == successor.weights(40)


def contents(folder: Path) -> dict[str, str]:
    """The sha256 of every file by its path."""
    files = (file for file in sorted(folder.rglob("*")) if file.is_file())
    return {str(file): hashlib.sha256(file.read_bytes()).hexdigest() for file in files}
