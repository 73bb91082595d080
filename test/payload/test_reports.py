"""What the trainer tells while it runs: metrics, heartbeat, manifests, and in which order they are closed."""

import json
import os
import re
import signal
import time
from pathlib import Path

import pytest
import torch
from trainers import Attempt, Trainers, config, wait_until

from resilience.checkpoint import write_checkpoint
from resilience.manifest import Manifest

CONTRACT = (Path(__file__).resolve().parents[2] / "docs" / "payload-contract.md").read_text()


def test_each_step_has_one_line_and_files_are_numbered_on(trainers: Trainers) -> None:
    attempt = trainers.run(config(metricsSeconds=0.02), world=2)
    assert [line["step"] for line in attempt.metrics()] == list(range(1, 13))
    names = sorted(file.name for file in (attempt.folder / "metrics").iterdir())
    assert names == [f"{number:05d}.jsonl" for number in range(1, len(names) + 1)]
    assert all(line["samples"] == 12 * line["step"] and line["seconds"] > 0 for line in attempt.metrics())


def test_files_come_first_the_manifest_last_and_one_is_closed_before_the_next_is_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    events: list[tuple[str, str]] = []
    names: dict[int, str] = {}
    really_open, really_close = os.open, os.close

    def note_open(path: Path, flags: int, mode: int = 0o777) -> int:
        descriptor = really_open(path, flags, mode)
        names[descriptor] = Path(path).name
        events.append(("open", names[descriptor]))
        return descriptor

    def note_close(descriptor: int) -> None:
        really_close(descriptor)
        events.append(("close", names[descriptor]))

    monkeypatch.setattr("resilience.files.os.open", note_open)
    monkeypatch.setattr("resilience.files.os.close", note_close)
    parts = {part: {"x": torch.ones(3)} for part in ("model", "optimizer", "rng")}
    write_checkpoint(tmp_path, a_manifest(), parts)
    folder = "step-000000004"
    order = ["model.safetensors", "optimizer.safetensors", "rng.safetensors", folder, "manifest.json", folder]
    assert events == [(event, name) for name in order for event in ("open", "close")]


def a_manifest() -> Manifest:
    return Manifest("r", "p1", "a001", "i", 4, 12, 48, 500, None, 1, 48, "c", "d", "00" * 32, "now")


def test_metrics_are_cut_before_each_manifest(trainers: Trainers) -> None:
    attempt = trainers.run(config(metricsSeconds=1000))
    for number, step in enumerate((4, 8, 12), start=1):
        file = attempt.folder / "metrics" / f"{number:05d}.jsonl"
        assert [json.loads(line)["step"] for line in file.read_text().splitlines()] == list(range(step - 3, step + 1))
        assert file.stat().st_mtime_ns <= (attempt.checkpoint(step) / "model.safetensors").stat().st_mtime_ns
    assert not (attempt.folder / "metrics" / "00004.jsonl").exists()


def test_rank_0_alone_writes(trainers: Trainers) -> None:
    attempt = trainers.run(config(), world=2)
    assert len(list(attempt.output.iterdir())) == 1
    assert re.fullmatch(r"\d{8}T\d{9}Z-[0-9a-f]{8}", attempt.folder.name)


def test_the_heartbeat_goes_on_while_a_step_blocks_and_its_metrics_are_not_held_back(trainers: Trainers) -> None:
    attempt = trainers.start(config(steps=4000, checkpointSteps=None), world=2)
    wait_until(lambda: (attempt.heartbeat().get("step") or 0) >= 2, "some steps")
    attempt.signal(signal.SIGSTOP, 1)  # rank 0 now waits for rank 1 in its next collective operation
    try:
        stuck = wait_until(lambda: stuck_heartbeat(attempt), "a step that blocks")
        later = wait_until(lambda: beat_behind(attempt, stuck["sequence"] + 10), "ten more beats")
        assert (later["step"], later["state"]) == (stuck["step"], "training")
        wait_until(
            lambda: sorted(attempt.losses()) == list(range(1, stuck["step"] + 1)), "the metrics of all steps done"
        )
    finally:
        attempt.signal(signal.SIGKILL, 1)
    assert attempt.wait()[0] == 1, "rank 0 ends by itself when its peer is gone"
    assert "a peer is gone" in attempt.log(0) and "Traceback" not in attempt.log(0)


def stuck_heartbeat(attempt: Attempt) -> dict | None:
    before = attempt.heartbeat()
    time.sleep(0.3)
    after = attempt.heartbeat()
    return after if before and after and after["step"] == before["step"] else None


def beat_behind(attempt: Attempt, sequence: int) -> dict | None:
    beat = attempt.heartbeat()
    return beat if beat.get("sequence", 0) > sequence else None


def test_a_lost_peer_ends_the_others_at_once(trainers: Trainers) -> None:
    attempt = trainers.start(config(steps=4000, checkpointSteps=None), world=2)
    wait_until(lambda: (attempt.heartbeat().get("step") or 0) >= 2, "some steps")
    killed_at = time.monotonic()
    attempt.signal(signal.SIGKILL, 1)
    code = attempt.wait()[0]
    assert code == 1 and time.monotonic() - killed_at < 5
    ending = attempt.json("ending.json")
    assert (ending["reason"], ending["exitCode"], ending["step"]) == ("lost-peer", 1, attempt.heartbeat()["step"])
    assert "a peer is gone" in attempt.log(0) and "Traceback" not in attempt.log(0)


def test_a_loss_that_is_no_number_exits_5_without_a_checkpoint_behind_it(trainers: Trainers) -> None:
    attempt = trainers.start(config(optimizer__learningRate=1e30, checkpointSteps=1))
    assert attempt.wait() == [5]
    ending = attempt.json("ending.json")
    assert ending["reason"] == "nan" and f"step {ending['step']} " in ending["message"]
    assert not attempt.checkpoint(ending["step"]).exists()
    assert "Traceback" not in attempt.log()


def test_checkpoints_by_time_come_without_steps_being_counted(trainers: Trainers) -> None:
    attempt = trainers.start(config(steps=4000, checkpointSteps=None, checkpointSeconds=0.2), world=2).reach(1)
    wait_until(lambda: len(attempt.checkpoints()) >= 3, "three checkpoints")
    attempt.signal(signal.SIGTERM)
    assert attempt.wait() == [6, 6], attempt.log()


def example(name: str) -> dict:
    """The contract's example that follows the mention of `name`."""
    text = CONTRACT[CONTRACT.index(f"`{name}`\n```json") :]
    return json.loads(re.search(r"```json\n(.*?)```", text, re.S)[1].replace('"..."', '"x"'))


def test_what_is_written_has_the_fields_of_the_contract(trainers: Trainers) -> None:
    attempt = trainers.run(config(heartbeatSeconds=0.02))
    heartbeat = attempt.json("heartbeat.json")
    assert heartbeat.keys() == example("heartbeat.json").keys()
    assert (heartbeat["state"], heartbeat["step"], heartbeat["totalSteps"], heartbeat["checkpointStep"]) == (
        "done",
        12,
        12,
        12,
    )
    unknown = {name for name, value in heartbeat.items() if value is None}
    assert unknown == {"control", "notice", "stuck", "restoreSeconds"} and heartbeat["nodes"] == ["node-0"]
    assert heartbeat["alive"] is False, "the last beat says that there will be no other"
    manifest, expected = attempt.manifest(12), example("checkpoints/step-*/manifest.json")
    assert manifest.keys() == expected.keys()
    assert manifest["files"][0].keys() == expected["files"][0].keys() and manifest["cursor"] == {"position": 144}
    assert manifest["skipWindows"] == []
    since = [sum(losses) for step, losses in attempt.losses().items() if step > 8]
    assert manifest["loss"] == pytest.approx(sum(since) / len(since))
    evaluation, expected = attempt.json("evaluation.json"), example("evaluation.json")
    assert evaluation.keys() == expected.keys() and evaluation["heldOut"].keys() == expected["heldOut"].keys()
    optional = {"spike", "detail"}
    assert attempt.json("ending.json").keys() == example("ending.json").keys() - optional
    line = json.loads(re.search(r'\{"step": 121.*\}', CONTRACT)[0])
    assert attempt.metrics()[0].keys() == line.keys()


def test_the_contracts_config_is_a_config(tmp_path: Path) -> None:
    from bertha_train.config import read_config

    text = re.search(r"## Trainer config.*?```json\n(.*?)```", CONTRACT, re.S)[1]
    file = tmp_path / "config.json"
    file.write_text(re.sub(r'"(\w+)( \| \w+)+"', r'"\1"', text))
    assert read_config(file).global_batch == 128
