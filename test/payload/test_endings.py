"""How a trainer ends: each way has its name, its code and its facts, on all ranks."""

import signal
import time
from pathlib import Path

import pytest
from trainers import Trainers, config, wait_until

from resilience.endings import LossSpike, ending_of
from resilience.incarnation import Incarnation
from resilience.spikes import SpikeDetector, SpikeLimits


def test_a_stopped_rank_ends_the_others_that_wait_for_it_in_a_collective_operation(trainers: Trainers) -> None:
    attempt = trainers.start(config(steps=1_000_000, checkpointSteps=None, stuckSeconds=3), world=2).reach(30)
    attempt.signal(signal.SIGSTOP, 1)
    stopped = time.monotonic()
    processes = attempt.processes
    wait_until(lambda: processes[0].exitcode is not None, "the end of rank 0")
    assert processes[0].exitcode == 8, attempt.log()
    assert time.monotonic() - stopped < 5
    ending, beat = attempt.json("ending.json"), attempt.heartbeat()
    assert (ending["reason"], ending["exitCode"], ending["step"]) == ("stuck-rank", 8, beat["step"])
    assert (beat["stuck"]["silentRanks"], beat["stuck"]["nodes"]) == ([1], ["node-1"])
    assert "Traceback" not in attempt.log(0)
    attempt.signal(signal.SIGKILL, 1)


def test_too_little_memory_is_told_from_other_crashes(trainers: Trainers) -> None:
    attempt = trainers.start(config(model__intermediateSize=1 << 42))
    assert attempt.wait() == [10], attempt.log()
    ending = attempt.json("ending.json")
    assert ending["reason"] == "out-of-memory" and "memory" in ending["message"]


@pytest.mark.parametrize(
    ("error", "reason"),
    [
        (MemoryError(), "out-of-memory"),
        (RuntimeError("CUDA out of memory. Tried to allocate 2.00 GiB"), "out-of-memory"),
        (type("OutOfMemoryError", (RuntimeError,), {})("CUDA"), "out-of-memory"),
        (RuntimeError("[gloo/transport/tcp/pair.cc:547] Connection closed by peer [127.0.0.1]:1"), "lost-peer"),
        (RuntimeError("NCCL error: remote process exited or there was a network error"), "lost-peer"),
        (RuntimeError("shapes do not match"), "crashed"),
        (OSError(28, "No space left on device"), "crashed"),
    ],
    ids=str,
)
def test_an_exception_is_given_the_name_of_what_it_means(error: Exception, reason: str) -> None:
    ending = ending_of(error)
    assert ending.reason == reason and str(ending)


def spike(losses: list[float], limits: SpikeLimits = SpikeLimits(window=4, factor=2.0, patience=3)) -> tuple | None:
    """What the detector says of these losses, with a checkpoint every five steps."""
    detector = SpikeDetector(limits)
    for step, loss in enumerate(losses, start=1):
        try:
            detector.take(step, loss, (step - 1) // 5 * 5 or None)
        except LossSpike as found:
            return step, found.step, found.before
    return None


def test_a_spike_is_told_with_its_first_step_and_the_checkpoint_before_it() -> None:
    calm = [5.0, 4.0, 5.0, 4.0, 5.0, 4.0, 5.0, 4.0]
    assert spike([*calm, 9.1, 9.2, 30.0]) == (11, 9, 5), "the checkpoint of step 10 lies in the spike"
    assert spike([*calm, 9.1, 9.2, 4.5, 9.1, 9.2, 4.5]) is None, "two in a row are not three"
    assert spike([*calm, 8.9, 8.9, 8.9, 8.9, 8.9]) is None, "not above the factor"
    assert spike([1.0, 1.0, 1.0, 9.0, 9.0, 9.0]) is None, "no judgement before the window is full"
    assert spike([4.0, 4.0, 4.0, 4.0, 9.0, 9.0, 9.0]) == (7, 5, None), "no checkpoint to trust at all"


def test_losses_of_a_spike_do_not_raise_the_mean_that_they_are_measured_by() -> None:
    assert spike([4.0] * 4 + [9.0] * 9, SpikeLimits(window=4, factor=2.0, patience=9)) == (13, 5, None)


def test_a_trainer_whose_loss_spikes_exits_7_on_all_ranks_and_names_the_step_to_go_back_to(trainers: Trainers) -> None:
    settings = config(
        steps=60, optimizer__learningRate=3.0, schedule__warmupRatio=0.5, checkpointSteps=2,
        spikeDetector={"window": 5, "factor": 1.3, "patience": 3},
    )  # fmt: skip
    attempt = trainers.start(settings, world=2)
    assert attempt.wait() == [7, 7], attempt.log()
    ending = attempt.json("ending.json")
    losses = {step: mlm + nsp for step, (mlm, nsp) in attempt.losses().items()}
    began, before = ending["spike"]["step"], ending["spike"]["before"]
    assert ending["reason"] == "loss-spike" and f"since step {began} " in ending["message"]
    assert sorted(losses)[-3:] == [began, began + 1, began + 2]
    assert before in attempt.checkpoints() and before == max(s for s in attempt.checkpoints() if s < began)


def test_b18_no_two_starts_share_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    names = {Incarnation(tmp_path, 0).name for _ in range(50)}
    assert len(names) == 50 == len(list(tmp_path.iterdir()))
    taken = names.pop()
    monkeypatch.setattr("resilience.incarnation.incarnation_name", lambda: taken)
    with pytest.raises(FileExistsError):
        Incarnation(tmp_path, 0)
