"""What the trainer tells of its time, for the goodput ledger: checkpoint stalls, and what it took to restore."""

from itertools import pairwise

import pytest
from trainers import Trainers, config

from resilience.clock import seconds_since_1970


def test_a_checkpoints_stall_stands_on_the_line_behind_it_and_the_sum_in_the_heartbeat(trainers: Trainers) -> None:
    attempt = trainers.run(config())
    lines = attempt.metrics()
    stalls = {line["step"]: line["stall"] for line in lines if "stall" in line}
    assert list(stalls) == [5, 9], "checkpoints lie behind steps 4 and 8; the last one has no step behind it"
    for before, line in pairwise(lines):
        between = seconds_since_1970(line["at"]) - seconds_since_1970(before["at"])
        assert line.get("stall", 0) + line["seconds"] <= between + 0.01
    told = attempt.heartbeat()["checkpointStall"]
    assert told["checkpoints"] == 3 and told["last"] > 0
    assert told["seconds"] == pytest.approx(sum(stalls.values()) + told["last"], abs=0.002)


def test_a_start_tells_what_it_took_to_restore_and_nothing_where_it_began_anew(trainers: Trainers) -> None:
    first = trainers.run(config())
    assert first.heartbeat()["restoreSeconds"] is None
    beat = trainers.run(config(), "--resume", first.checkpoint(8)).heartbeat()
    until_first_step = seconds_since_1970(beat["firstStepAt"]) - seconds_since_1970(beat["startedAt"])
    assert 0 < beat["restoreSeconds"] < until_first_step
