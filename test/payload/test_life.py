"""What surrounds any trainer: a heartbeat that nothing silences, peers that are missed, ends that are named."""

import os
import signal
import time
from pathlib import Path

import pytest
from minis import Minis
from trainers import wait_until

needs_proc = pytest.mark.skipif(not Path("/proc/self/task").exists(), reason="finds the heartbeat's process in /proc")


def test_a_c_call_that_keeps_the_interpreters_lock_silences_neither_heartbeat_nor_warning(tmp_path: Path) -> None:
    release = tmp_path / "release"
    release.write_bytes(b"\0\0")
    with Minis(tmp_path, "hold_the_lock") as mini:
        wait_until(lambda: release.read_bytes() == b"\0\1", "the lock to be held")
        before = mini.beats(2)
        sent = mini.signal(0, signal.SIGTERM)
        wait_until(lambda: mini.heartbeat().get("notice"), "the notice")
        assert time.monotonic() - sent < 1
        during = mini.beats(5)
        assert (during["step"], during["progressAt"]) == (before["step"], before["progressAt"]), "nothing else went on"
        assert during["at"] > before["at"]
        with release.open("r+b") as file:
            file.write(b"\1")
        assert mini.wait() == [6]
        assert mini.heartbeat()["notice"].keys() == {"kind", "at", "rank"}


def test_a_trainer_that_keeps_the_lock_for_ever_is_killed_and_explained_by_its_heartbeat(tmp_path: Path) -> None:
    with Minis(tmp_path, "hold_the_lock_for_ever", stuck_seconds=1) as mini:
        mini.reach(4)
        assert mini.wait() == [-signal.SIGKILL]
        wait_until(lambda: mini.heartbeat().get("alive") is False, "the last beat")
        assert (mini.ending()["reason"], mini.ending()["exitCode"]) == ("stuck-rank", 8)
        assert mini.heartbeat()["stuck"]["silentRanks"] == [0]


def test_a_step_that_never_ends_ends_the_process_from_a_thread(tmp_path: Path) -> None:
    with Minis(tmp_path, "block", stuck_seconds=1) as mini:
        mini.reach(4)
        began = time.monotonic()
        assert mini.wait() == [8]
        assert time.monotonic() - began < 4
        stuck = mini.heartbeat()["stuck"]
        assert (stuck["state"], stuck["behindStep"], stuck["silentRanks"]) == ("training", 4, [])
        assert mini.ending()["reason"] == "stuck-rank" and "behind step 4" in mini.ending()["message"]


def test_a_rank_that_stands_still_but_lives_ends_all_the_same_way(tmp_path: Path) -> None:
    with Minis(tmp_path, "go_on", "block", "go_on", stuck_seconds=1) as mini:
        assert mini.wait() == [8, 8, 8]
        assert (mini.ending()["reason"], mini.ending()["rank"]) == ("stuck-rank", 1)
        assert mini.heartbeat()["stuck"]["silentRanks"] == []


def test_long_work_that_was_announced_may_take_longer_than_a_step(tmp_path: Path) -> None:
    with Minis(tmp_path, "save_for_long", stuck_seconds=1) as mini:
        mini.reach(10).signal(0, signal.SIGTERM)
        assert mini.wait() == [6]


def test_a_rank_that_says_nothing_any_more_ends_the_others_and_is_named(tmp_path: Path) -> None:
    with Minis(tmp_path, "go_on", "go_on", "go_on", stuck_seconds=1.5) as mini:
        mini.reach(10)
        stopped = mini.signal(2, signal.SIGSTOP)
        assert mini.wait(0, 1) == [8, 8]
        assert time.monotonic() - stopped < 4
        stuck = mini.heartbeat()["stuck"]
        assert (stuck["silentRanks"], stuck["nodes"]) == ([2], ["node-2"])
        assert "rank 2 (node-2) has been silent" in mini.ending()["message"]
        mini.signal(2, signal.SIGCONT)
        assert mini.wait(2) == [8], "it finds the others' last words when it wakes up"


def test_a_killed_rank_ends_the_others_though_they_are_in_no_collective_operation(tmp_path: Path) -> None:
    with Minis(tmp_path, "block", "go_on", "block") as mini:
        mini.reach(4)
        killed = mini.signal(1, signal.SIGKILL)
        assert mini.wait(0, 2) == [1, 1]
        assert time.monotonic() - killed < 5
        assert mini.ending()["reason"] == "lost-peer" and "rank 1 (node-1)" in mini.ending()["message"]


def test_when_rank_0_is_killed_the_others_end_too_and_its_heartbeat_says_that_it_is_gone(tmp_path: Path) -> None:
    with Minis(tmp_path, "go_on", "block") as mini:
        mini.reach(6).signal(0, signal.SIGKILL)
        assert mini.wait(1) == [1]
        wait_until(lambda: mini.heartbeat().get("alive") is False, "the last beat")
        last = mini.heartbeat()["sequence"]
        time.sleep(0.1)
        assert mini.heartbeat()["sequence"] == last, "nothing outlives the trainer"


ENDS = {"run_out_of_memory": ("out-of-memory", 10), "refuse": ("user-error", 3), "break_down": ("crashed", 1)}


@pytest.mark.parametrize("deed", ENDS)
def test_all_ranks_end_for_the_reason_of_the_first_and_rank_0_writes_it_down(tmp_path: Path, deed: str) -> None:
    with Minis(tmp_path, "block", deed) as mini:
        reason, code = ENDS[deed]
        assert mini.wait() == [code, code]
        ending = mini.ending()
        assert (ending["reason"], ending["exitCode"], ending["rank"]) == (reason, code, 1)
        if deed == "break_down":
            assert "KeyError" in ending["message"] and "raise KeyError" in ending["detail"]


def test_what_is_being_written_is_finished_before_the_end_whoever_ends(tmp_path: Path) -> None:
    with Minis(tmp_path / "own", "write_and_refuse") as mini:
        assert mini.wait() == [3]
        assert (mini.folder / "written").exists()
    with Minis(tmp_path / "peer", "write", "go_on") as mini:
        mini.reach(8).signal(1, signal.SIGKILL)
        assert mini.wait(0) == [1]
        assert (mini.folder / "written").exists() and mini.ending()["reason"] == "lost-peer"


def test_where_nothing_can_be_lost_a_warning_to_one_rank_ends_all_at_once(tmp_path: Path) -> None:
    with Minis(tmp_path, "evaluate", "evaluate") as mini:
        wait_until(lambda: mini.heartbeat().get("state") == "evaluating", "the evaluation")
        mini.signal(1, signal.SIGTERM)
        assert mini.wait() == [6, 6]
        assert mini.heartbeat()["notice"]["rank"] == 1
        assert mini.ending()["reason"] == "interrupted"


@needs_proc
def test_the_heartbeats_process_is_deaf_to_warnings_and_replaced_when_killed(tmp_path: Path) -> None:
    with Minis(tmp_path, "go_on") as mini:
        mini.reach(4)
        beat = mini.beat_process()
        os.kill(beat, signal.SIGTERM)
        os.kill(beat, signal.SIGINT)
        mini.beats(3)
        assert mini.beat_process() == beat
        before = mini.heartbeat()["sequence"]
        os.kill(beat, signal.SIGKILL)
        wait_until(lambda: mini.heartbeat().get("sequence", 0) > before + 3, "beats of another process")
        assert mini.beat_process() != beat
        mini.signal(0, signal.SIGTERM)
        assert mini.wait() == [6]
        assert mini.heartbeat()["notice"] is not None and mini.heartbeat()["alive"] is False


@needs_proc
def test_a_machine_that_was_frozen_gets_its_time_back(tmp_path: Path) -> None:
    with Minis(tmp_path, "go_on", stuck_seconds=1) as mini:
        mini.reach(4)
        both = (mini.processes[0].pid, mini.beat_process())
        for pid in both:
            os.kill(pid, signal.SIGSTOP)
        time.sleep(1.5)
        for pid in both:
            os.kill(pid, signal.SIGCONT)
        step = mini.heartbeat()["step"]
        mini.reach(step + 20).signal(0, signal.SIGTERM)
        assert mini.wait() == [6]
