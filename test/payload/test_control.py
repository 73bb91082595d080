"""control.json: believed only when whole and new, acted on at a step boundary by all ranks, acknowledged when done."""

import json
import time
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from trainers import Attempt, Trainers, config, wait_until

from resilience.control import ControlFile, parse_control

ENDLESS = config(steps=1_000_000, checkpointSteps=None)
WHOLE = {"format": "bertha-control/1", "sequence": 3, "at": "...", "checkpointNow": 2, "checkpointSeconds": 300}


def message(**changes: Any) -> bytes:
    return json.dumps({**WHOLE, **changes}).encode()


def test_no_part_of_a_message_is_a_message() -> None:
    whole = message(spendUntil="2026-11-23T05:00:00.000Z", stop="after-checkpoint")
    assert parse_control(whole) is not None
    assert [end for end in range(len(whole)) if parse_control(whole[:end]) is not None] == []


WRONG = [
    {"format": "bertha-control/2"},
    {"sequence": None},
    {"sequence": "3"},
    {"sequence": True},
    {"sequence": -1},
    {"checkpointNow": 1.5},
    {"checkpointSeconds": "300"},
    {"checkpointSeconds": -1},
    {"checkpointSteps": 0.5},
    {"stop": 1},
    {"spendUntil": "tomorrow"},
    {"spendUntil": 1790000000},
]


@pytest.mark.parametrize("change", WRONG, ids=str)
def test_a_message_that_says_what_cannot_be_is_ignored_as_a_whole(change: dict[str, Any]) -> None:
    assert parse_control(message()) is not None
    assert parse_control(message(**change)) is None


def test_what_a_newer_supervisor_may_say_does_no_harm() -> None:
    control = parse_control(message(sing="a song", stop="after-lunch"))
    assert control is not None and (control.sequence, control.stop) == (3, None)


def test_only_a_greater_sequence_is_news(tmp_path: Path) -> None:
    file, path = ControlFile(tmp_path), tmp_path / "control.json"
    heard = []
    for content in (None, message(), message(), message(sequence=2), b"", b"[]", message(sequence=4), b"[" * 60_000):
        if content is not None:
            path.write_bytes(content)
        heard.append(file.news())
    assert heard == [None, message(), None, None, None, None, message(sequence=4), None]


def acknowledged(attempt: Attempt, **wanted: Any) -> dict[str, Any]:
    """Waits until the heartbeat's `control` has these values, and returns that heartbeat."""

    def found() -> dict[str, Any] | None:
        beat = attempt.heartbeat()
        control = beat.get("control") or {}
        return beat if all(control.get(name, "") == value for name, value in wanted.items()) else None

    return wait_until(found, f"the acknowledgement {wanted}")


def beats(attempt: Attempt, count: int) -> dict[str, Any]:
    """Waits for so many more beats and returns the last."""
    behind = attempt.heartbeat()["sequence"] + count
    return wait_until(lambda: (beat := attempt.heartbeat()).get("sequence", 0) > behind and beat, "beats")


def test_a_running_trainer_does_what_it_is_told_once_and_says_so(trainers: Trainers) -> None:
    attempt = trainers.start(ENDLESS, world=2).reach(2)
    assert attempt.heartbeat()["control"] is None and attempt.checkpoints() == []

    attempt.tell(sequence=3, checkpointNow=1)
    beat = acknowledged(attempt, sequence=3, checkpointNow=1)
    assert attempt.checkpoints() == [beat["checkpointStep"]], "acknowledged when the manifest is there"

    attempt.tell(sequence=2, stop="after-checkpoint")  # a file cache shows old bytes
    assert beats(attempt, 5)["control"]["sequence"] == 3
    attempt.tell_raw(b'{"format": "bertha-control/1", "sequence": 9, "stop": "after-che')
    assert beats(attempt, 5)["control"]["sequence"] == 3

    attempt.tell(sequence=4, checkpointNow=1, checkpointSteps=7)
    acknowledged(attempt, sequence=4, checkpointNow=1, checkpointSteps=7, checkpointSeconds=None)
    wait_until(lambda: len(attempt.checkpoints()) >= 3, "checkpoints by steps")
    assert all(step % 7 == 0 for step in attempt.checkpoints()[1:]), "the request is met, and not met again"

    attempt.tell(sequence=5, checkpointSteps=0, checkpointSeconds=0.1)
    beat = acknowledged(attempt, sequence=5, checkpointSteps=None, checkpointSeconds=0.1, checkpointNow=1)
    wait_until(lambda: len([s for s in attempt.checkpoints() if s > beat["step"]]) >= 2, "checkpoints by time")

    attempt.tell(sequence=6, spendUntil="2999-01-01T00:00:00Z", checkpointNow=2)
    acknowledged(attempt, sequence=6, spendUntil="2999-01-01T00:00:00Z", checkpointNow=2, checkpointSeconds=0.1)

    attempt.tell(sequence=7, stop="after-checkpoint", checkpointNow=2)
    assert attempt.wait() == [6, 6], attempt.log()
    ending = attempt.json("ending.json")
    assert (ending["reason"], ending["step"]) == ("interrupted", attempt.checkpoints()[-1])
    assert attempt.heartbeat()["control"]["stop"] == "after-checkpoint"


def test_a_trainer_whose_supervisor_is_dead_saves_and_stops_at_the_time_allowed(trainers: Trainers) -> None:
    def after(seconds: float) -> str:
        return (datetime.now(timezone.utc) + timedelta(seconds=seconds)).isoformat().replace("+00:00", "Z")

    attempt = trainers.start(ENDLESS).reach(2)
    attempt.tell(sequence=1, spendUntil=after(1.0))
    renewed, until = time.monotonic(), after(1.6)
    attempt.tell(sequence=2, spendUntil=until)
    assert attempt.wait() == [9], attempt.log()
    assert 1.5 < time.monotonic() - renewed < 4
    ending = attempt.json("ending.json")
    assert (ending["reason"], ending["exitCode"]) == ("spend-until", 9) and until in ending["message"]
    assert attempt.checkpoints() == [ending["step"]]
