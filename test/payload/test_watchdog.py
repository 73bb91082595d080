"""The watchdog's judgement, on a clock that the test drives."""

import pytest

from resilience.watchdog import Watchdog


class Time:
    """A clock, and a watchdog that looks at it as often as it should."""

    def __init__(self, stuck_seconds: float = 60) -> None:
        self.now = 1000.0
        self.watchdog = Watchdog(stuck_seconds, clock=lambda: self.now)
        self.watchdog.enter("training")

    def run(self, seconds: float) -> "Time":
        """Time passes while the watchdog looks."""
        end = self.now + seconds
        while self.now < end:
            self.now = min(end, self.now + self.watchdog.interval)
            self.watchdog.look()
        return self

    def until_stuck(self) -> float:
        """Seconds until the watchdog says so."""
        began = self.now
        while not self.watchdog.is_stuck:
            self.run(self.watchdog.interval)
            assert self.now - began < 10_000
        return self.now - began


@pytest.mark.parametrize("limit", [3, 60, 600])
def test_a_rank_without_progress_is_stuck_in_time_to_be_gone_by_the_limit(limit: float) -> None:
    found = Time(limit).until_stuck()
    assert limit - 4 < found < limit and found > 0.85 * limit


def test_each_step_boundary_begins_anew() -> None:
    time = Time().run(50)
    time.watchdog.passed()
    time.run(50)
    assert not time.watchdog.is_stuck


def test_announced_long_work_has_its_own_limit_and_the_next_step_has_not() -> None:
    time = Time()
    time.watchdog.enter("checkpointing", 300)
    assert 300 <= time.until_stuck() < 302
    time.watchdog.enter("training")
    assert time.until_stuck() < 60


def test_steps_that_are_slow_by_nature_are_not_taken_for_stuck() -> None:
    time = Time()
    time.watchdog.enter("training", 1800)
    for _ in range(30):
        time.run(100)
        time.watchdog.passed()
    assert 280 < time.until_stuck() < 310
    for _ in range(30):
        time.run(1)
        time.watchdog.passed()
    assert time.until_stuck() < 60, "a slow past is forgotten"


def test_time_in_which_nothing_ran_at_all_does_not_count() -> None:
    time = Time().run(30)
    time.now += 100_000
    time.watchdog.look()
    assert not time.watchdog.is_stuck
    assert 20 < time.until_stuck() < 60


def test_a_silent_rank_is_missed_while_this_one_makes_progress() -> None:
    time = Time()
    time.watchdog.heard(1, is_long=False)
    time.watchdog.heard(2, is_long=False)
    for _ in range(56):
        time.run(1)
        time.watchdog.passed()
        time.watchdog.heard(1, is_long=False)
        assert not time.watchdog.is_stuck
    time.run(3)
    assert time.watchdog.is_stuck and list(time.watchdog.silent) == [2]
    time.watchdog.forget(2)
    assert not time.watchdog.is_stuck


def test_a_rank_at_long_work_may_be_silent_for_longer() -> None:
    time = Time()
    time.watchdog.enter("evaluating", 1800)
    time.watchdog.heard(1, is_long=True)
    assert 160 < time.until_stuck() < 190
