"""A checkpoint that does not verify is refused before any training step, in one sentence, with exit code 4."""

import json
from collections.abc import Callable
from pathlib import Path
from shutil import copytree
from typing import Any

import pytest
from dataset import write_dataset
from trainers import Attempt, Trainers, config

FILES = ("model.safetensors", "optimizer.safetensors", "rng.safetensors")


@pytest.fixture(scope="module")
def checkpoint(tmp_path_factory: pytest.TempPathFactory, data: Path) -> Path:
    """A good checkpoint of step 4, with eight steps to go."""
    trainers = Trainers(tmp_path_factory.mktemp("good"), data)
    return trainers.run(config()).checkpoint(4)


def cut_short(file: Path) -> None:
    content = file.read_bytes()
    file.write_bytes(content[: len(content) * 2 // 3])


def flip_one_bit(file: Path) -> None:
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)


def remove(file: Path) -> None:
    file.unlink()


def empty(file: Path) -> None:
    file.write_bytes(b"")


def change_manifest(folder: Path, change: Callable[[dict[str, Any]], None]) -> None:
    manifest = json.loads((folder / "manifest.json").read_text())
    change(manifest)
    (folder / "manifest.json").write_text(json.dumps(manifest))


def refused(attempt: Attempt, world: int = 1) -> str:
    """Asserts the refusal and returns its sentence."""
    assert attempt.wait() == [4] * world, attempt.log()
    assert attempt.metrics() == [] and not (attempt.folder / "checkpoints").exists()
    ending = attempt.json("ending.json")
    assert (ending["reason"], ending["exitCode"]) == ("bad-checkpoint", 4)
    assert attempt.log(0).count("\n") == 1 and ending["message"] in attempt.log(0)
    return ending["message"]


DAMAGES = [(damage, file) for damage in (cut_short, flip_one_bit, remove, empty) for file in (*FILES, "manifest.json")]
DAMAGES.remove(
    (flip_one_bit, "manifest.json")
)  # a flipped bit there may still be a manifest; what it says is checked below


@pytest.mark.parametrize(("damage", "file"), DAMAGES, ids=lambda value: getattr(value, "__name__", value))
def test_b21_a_damaged_file_is_refused_by_name(
    trainers: Trainers, checkpoint: Path, tmp_path: Path, damage: Any, file: str
) -> None:
    bad = Path(copytree(checkpoint, tmp_path / "bad"))
    damage(bad / file)
    assert file in refused(trainers.start(config(), "--resume", bad))


def test_a_damaged_checkpoint_is_refused_as_the_start_of_a_phase_too(
    trainers: Trainers, checkpoint: Path, tmp_path: Path
) -> None:
    bad = Path(copytree(checkpoint, tmp_path / "bad"))
    flip_one_bit(bad / "optimizer.safetensors")  # not even used, yet the checkpoint is not what its manifest says
    assert "optimizer.safetensors" in refused(trainers.start(config(), "--init", bad))


def test_when_one_rank_cannot_use_its_copy_all_ranks_end_alike(
    trainers: Trainers, checkpoint: Path, tmp_path: Path
) -> None:
    once = Path(copytree(checkpoint, tmp_path / "bad"))
    empty(once / "model.safetensors")
    refused(trainers.start(config(), "--resume", once, world=2), world=2)


def test_a_checkpoint_of_another_config_is_refused(trainers: Trainers, checkpoint: Path) -> None:
    assert "another config" in refused(trainers.start(config(optimizer__learningRate=0.02), "--resume", checkpoint))


def test_a_checkpoint_of_another_dataset_is_refused(trainers: Trainers, checkpoint: Path, tmp_path: Path) -> None:
    (tmp_path / "other").mkdir()
    other = write_dataset(tmp_path / "other", sequence_lengths=(16,), seed=2)
    assert "another dataset" in refused(trainers.start(config(), "--resume", checkpoint, data=other))


def test_a_model_of_another_size_is_refused_as_the_start_of_a_phase(trainers: Trainers, checkpoint: Path) -> None:
    assert "another model" in refused(trainers.start(config(model__intermediateSize=64), "--init", checkpoint))


def test_weights_of_another_vocabulary_are_refused_as_the_start_of_a_phase(
    trainers: Trainers, checkpoint: Path, tmp_path: Path
) -> None:
    other = tmp_path / "other"
    other.mkdir()
    write_dataset(other, sequence_lengths=(16,))
    manifest = json.loads((other / "manifest.json").read_text())
    manifest["vocabulary"]["sha256"] = "0" * 64
    (other / "manifest.json").write_text(json.dumps(manifest))
    assert "another vocabulary" in refused(trainers.start(config(), "--init", checkpoint, data=other))


def test_a_manifest_of_a_format_to_come_is_refused(trainers: Trainers, checkpoint: Path, tmp_path: Path) -> None:
    bad = Path(copytree(checkpoint, tmp_path / "bad"))
    change_manifest(bad, lambda manifest: manifest.update(format="bertha-checkpoint/2"))
    assert "bertha-checkpoint/2" in refused(trainers.start(config(), "--resume", bad))


def test_a_manifest_cannot_name_files_outside_its_folder(trainers: Trainers, checkpoint: Path, tmp_path: Path) -> None:
    bad = Path(copytree(checkpoint, tmp_path / "bad"))
    change_manifest(bad, lambda manifest: manifest["files"][0].update(name="../model.safetensors"))
    refused(trainers.start(config(), "--resume", bad))


@pytest.mark.parametrize("field", ["step", "parent", "cursor", "sampleHash", "files"])
def test_a_manifest_without_a_field_is_refused(
    trainers: Trainers, checkpoint: Path, tmp_path: Path, field: str
) -> None:
    bad = Path(copytree(checkpoint, tmp_path / "bad"))
    change_manifest(bad, lambda manifest: manifest.pop(field))
    refused(trainers.start(config(), "--resume", bad))


def test_pace_and_micro_batch_may_change_between_attempts(trainers: Trainers, checkpoint: Path) -> None:
    changed = config(
        microBatch=6, threads=2, checkpointSteps=None, checkpointSeconds=9, heartbeatSeconds=1, metricsSeconds=1
    )
    trainers.run(changed, "--resume", checkpoint)
