"""Checkpoints beside training: what is copied is what is written, and nothing that goes wrong is passed over."""

import os
import resource
import signal
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from children import child_of
from safetensors.torch import save
from states import manifest, state

from resilience.checkpoint import read_checkpoint, write_checkpoint
from resilience.checkpoints import Checkpoints
from resilience.endings import Crashed
from resilience.image import image_of, tensors_in
from resilience.slowdown import Slowdown

PARTS = ("model", "optimizer", "rng")
pytestmark = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the process that writes in /proc")


@pytest.fixture
def checkpoints(tmp_path: Path) -> Iterator[Checkpoints]:
    """Saves below `tmp_path`."""
    made = Checkpoints(tmp_path)
    yield made
    made.close()


def writer() -> int:
    """The pid of the process that writes for this one."""
    return child_of(os.getpid(), "resilience.writer")


def test_a_file_is_byte_for_byte_the_safetensors_librarys_and_read_as_it_was(tmp_path: Path) -> None:
    kinds = (torch.float64, torch.float32, torch.bfloat16, torch.float16, torch.int64, torch.int32, torch.int16)
    tensors = {f"{number}": torch.arange(7).to(kind) for number, kind in enumerate(kinds)}
    tensors |= {"u": torch.ones(3, dtype=torch.uint8), "i": torch.ones(1, dtype=torch.int8), "b": torch.ones(2).bool()}
    tensors |= {"scalar": torch.tensor(2.5), "none": torch.zeros(0, 4), "ä\"": torch.ones(2, 3).t()}
    image = image_of(tensors, {"about": "this"})
    memory = torch.empty(image.bytes, dtype=torch.uint8)
    image.write(memory, tensors)
    plain = {name: tensor.contiguous() for name, tensor in tensors.items()}
    assert memory.numpy().tobytes() == save(plain, {"about": "this"})
    found, about = tensors_in(memory)
    assert about == {"about": "this"} and found.keys() == tensors.keys()
    assert all(torch.equal(found[name], tensors[name]) and found[name].dtype == tensors[name].dtype for name in found)


def test_both_ways_to_write_give_the_same_files(tmp_path: Path, checkpoints: Checkpoints) -> None:
    at_once = write_checkpoint(tmp_path / "at-once", manifest(4), state(1), {"about": "this"})
    checkpoints.save(manifest(4), state(1), {"about": "this"})
    written = checkpoints.finish()
    assert written is not None and written.manifest == at_once and written.seconds > 0
    found = read_checkpoint(tmp_path / "step-000000004", PARTS)
    assert found.manifest == at_once and found.about == {"about": "this"}


def test_training_waits_for_the_copy_alone_and_what_it_does_then_is_not_in_the_checkpoint(
    tmp_path: Path, checkpoints: Checkpoints
) -> None:
    parts = state(1)
    os.kill(writer(), signal.SIGSTOP)
    assert checkpoints.save(manifest(1), parts) is None
    parts["model"]["weight"].add_(1)
    assert checkpoints.is_writing and checkpoints.poll() is None
    os.kill(writer(), signal.SIGCONT)
    assert checkpoints.finish() is not None and not checkpoints.is_writing
    found = read_checkpoint(tmp_path / "step-000000001", PARTS).parts["model"]["weight"]
    assert torch.equal(found + 1, parts["model"]["weight"])


def test_one_is_written_at_a_time_and_the_next_waits_for_it(checkpoints: Checkpoints) -> None:
    os.kill(writer(), signal.SIGSTOP)
    checkpoints.save(manifest(1), state(1))
    assert checkpoints.finish(seconds=0.05) is None, "it waits no longer than it is told to"
    os.kill(writer(), signal.SIGCONT)
    before = checkpoints.save(manifest(2), state(2))
    assert before is not None and before.manifest.step == 1
    after = checkpoints.finish()
    assert after is not None and after.manifest.step == 2 and checkpoints.finish() is None


def test_a_state_of_another_shape_finds_room_too(tmp_path: Path, checkpoints: Checkpoints) -> None:
    checkpoints.prepare({"model": {}})
    for step, size in ((1, 10), (2, 10_000), (3, 10)):
        checkpoints.save(manifest(step), state(step, size))
        checkpoints.finish()
        found = read_checkpoint(tmp_path / f"step-{step:09d}", PARTS).parts["model"]
        assert torch.equal(found["weight"], state(step, size)["model"]["weight"])


def test_when_the_process_is_killed_at_work_the_next_call_says_so_and_the_one_after_it_saves(
    tmp_path: Path, checkpoints: Checkpoints
) -> None:
    os.kill(writer(), signal.SIGSTOP)
    checkpoints.save(manifest(1), state(1))
    os.kill(writer(), signal.SIGKILL)
    with pytest.raises(Crashed, match="checkpoint of step 1 was not written: .* was killed by signal 9"):
        checkpoints.save(manifest(2), state(2))
    assert list(tmp_path.glob("*/manifest.json")) == []
    checkpoints.save(manifest(3), state(3))
    assert checkpoints.finish() is not None


def test_when_the_process_is_killed_at_rest_nothing_is_lost(tmp_path: Path, checkpoints: Checkpoints) -> None:
    killed = writer()
    os.kill(killed, signal.SIGKILL)
    os.waitid(os.P_PID, killed, os.WEXITED | os.WNOWAIT)
    checkpoints.save(manifest(1), state(1))
    assert checkpoints.finish() is not None
    read_checkpoint(tmp_path / "step-000000001", PARTS)


def test_a_full_disk_is_told_with_its_cause_and_leaves_no_manifest(tmp_path: Path, checkpoints: Checkpoints) -> None:
    checkpoints.save(manifest(1), state(1))
    resource.prlimit(writer(), resource.RLIMIT_FSIZE, (1000, 1000))  # all that can be had without a disk of one's own
    with pytest.raises(Crashed, match=r"checkpoint of step \d could not be written: .*File too large"):
        checkpoints.save(manifest(2), state(2, 100_000))
        checkpoints.finish()
    assert not (tmp_path / "step-000000002" / "manifest.json").exists()


def test_a_folder_that_is_there_already_is_never_written_to(tmp_path: Path, checkpoints: Checkpoints) -> None:
    checkpoints.save(manifest(1), state(1))
    checkpoints.finish()
    checkpoints.save(manifest(1), state(2))
    with pytest.raises(Crashed, match="File exists"):
        checkpoints.finish()
    found = read_checkpoint(tmp_path / "step-000000001", PARTS).parts["model"]["weight"]
    assert torch.equal(found, state(1)["model"]["weight"])


def test_what_writing_costs_the_steps_beside_it_is_measured_against_those_in_calm() -> None:
    slowdown = Slowdown()
    slowdown.take(9.0, is_writing=True)
    assert slowdown.seconds == 0, "nothing to compare with yet"
    for seconds in (1.0, 1.1, 0.9, 1.0, 7.0, 1.0):
        slowdown.take(seconds, is_writing=False)
    for seconds in (1.5, 1.25):
        slowdown.take(seconds, is_writing=True)
    assert slowdown.seconds == pytest.approx(0.75)
