"""The step boundary on devices whose numbers are looked at only now and then: all ranks still act as one."""

import itertools
from typing import Any

from resilience.boundary import Boundary, Plan
from resilience.control import Control
from resilience.endings import Interrupted, SpendUntil
from resilience.stopping import Notice


class Supervisor:
    """Stands in for the heartbeat: what is said to the trainer, and what it acknowledges."""

    def __init__(self) -> None:
        self.said: Control | None = None
        self.acknowledged: dict[str, Any] = {}

    def say(self, sequence: int, **wishes: Any) -> None:
        nothing = dict.fromkeys(("checkpoint_seconds", "checkpoint_steps", "stop", "spend_until"))
        nothing |= {"checkpoint_now": 0}
        self.said = Control(sequence, **{**nothing, **wishes})

    def control(self) -> Control | None:
        said, self.said = self.said, None
        return said

    def update(self, control: dict[str, Any]) -> None:
        self.acknowledged = control


class Ranks:
    """Two ranks that step together; `log` says at which steps all looked, and what they then did."""

    def __init__(
        self,
        seconds_per_step: float,
        steps: int = 1000,
        checkpoint_steps: int | None = None,
        spend_seconds: float | None = None,
    ) -> None:
        self.now, self.supervisor = 0.0, Supervisor()
        self.notices = [Notice(), Notice()]
        plan = Plan(steps, checkpoint_steps, None, look_at_most=10, spend_seconds=spend_seconds)
        self.boundaries = [
            Boundary(plan, rank == 0, self.notices[rank], self.supervisor, clock=lambda: self.now) for rank in (0, 1)
        ]
        self.seconds_per_step, self.steps = seconds_per_step, itertools.count(1)
        self.looks: list[int] = []
        self.checkpoints: list[int] = []
        self.waited_for: list[int] = []
        self.ending: Any = None
        self._pending: list[list[float]] = []

    def run(self, steps: int) -> "Ranks":
        for step in itertools.islice(self.steps, steps):
            self.now += self.seconds_per_step
            self._pending.append([sum(both) for both in zip(*(boundary.wishes() for boundary in self.boundaries))])
            looks = {boundary.must_look(step) for boundary in self.boundaries}
            assert len(looks) == 1, f"at step {step} one rank looks and one does not"
            if looks == {True}:
                self._look(step)
        return self

    def _look(self, step: int) -> None:
        self.looks.append(step)
        one, other = (boundary.decide(step, self._pending) for boundary in self.boundaries)
        assert one == other
        self._pending, self.ending = [], one.ending
        if one.checkpoint:
            self.checkpoints.append(step)
            self.waited_for += [step] if one.waits else []
            for boundary in self.boundaries:
                boundary.checkpointed()


def gaps(numbers: list[int]) -> set[int]:
    return {after - before for before, after in zip(numbers, numbers[1:])}


def test_fast_steps_are_looked_at_every_tenth_time_and_slow_ones_each_time() -> None:
    assert gaps(Ranks(0.01).run(200).looks[5:]) == {10}
    assert gaps(Ranks(0.25).run(200).looks[5:]) == {4}
    assert gaps(Ranks(3.0).run(50).looks) == {1}


def test_a_new_interval_by_steps_holds_on_all_ranks_from_the_same_step() -> None:
    ranks = Ranks(0.01, checkpoint_steps=50).run(103)
    ranks.supervisor.say(1, checkpoint_steps=7)
    assert ranks.supervisor.acknowledged == {}
    ranks.run(60)
    assert ranks.checkpoints[:2] == [50, 100] and ranks.supervisor.acknowledged["checkpointSteps"] == 7
    assert all(step % 7 == 0 for step in ranks.checkpoints[2:]) and len(ranks.checkpoints) >= 8
    ranks.supervisor.say(2, checkpoint_steps=0)
    count = len(ranks.run(20).checkpoints)
    assert len(ranks.run(100).checkpoints) == count


def test_a_request_is_met_by_the_checkpoint_that_comes_anyway() -> None:
    ranks = Ranks(0.01, checkpoint_steps=50).run(45)
    ranks.supervisor.say(1, checkpoint_now=1)
    assert ranks.run(30).checkpoints == [50]
    assert ranks.supervisor.acknowledged["checkpointNow"] == 1


def test_only_a_checkpoint_that_somebody_waits_for_is_waited_for() -> None:
    ranks = Ranks(0.01, steps=200, checkpoint_steps=50).run(70)
    assert ranks.waited_for == [], "one by the interval is written while training goes on"
    ranks.supervisor.say(1, checkpoint_now=1)
    ranks.run(20)
    assert len(ranks.waited_for) == 1 and ranks.checkpoints == [50, *ranks.waited_for]
    assert ranks.run(110).waited_for[1:] == [200], "and behind the last one nothing comes"


def test_a_warning_to_any_rank_stops_all_behind_one_checkpoint() -> None:
    for rank in (0, 1):
        ranks = Ranks(0.01).run(42)
        ranks.notices[rank].remember(rank, "now")
        ranks.run(10)
        assert (ranks.checkpoints, ranks.ending) == (ranks.looks[-1:], Interrupted)


def test_a_time_allowed_that_has_passed_stops_all_and_is_named() -> None:
    ranks = Ranks(0.01).run(42)
    ranks.supervisor.say(1, spend_until="2001-01-01T00:00:00Z")
    ranks.run(10)
    assert (ranks.checkpoints, ranks.ending) == (ranks.looks[-1:], SpendUntil)
    assert "2001-01-01T00:00:00Z" in ranks.boundaries[0].because(SpendUntil)
    assert "has passed" in ranks.boundaries[1].because(SpendUntil), "a rank that was told nothing leaves in words too"


def test_who_is_told_nothing_leaves_when_its_lease_is_over_and_who_is_told_goes_by_that() -> None:
    ranks = Ranks(1.0, spend_seconds=30).run(29)
    assert ranks.ending is None
    ranks.run(1)
    assert (ranks.checkpoints, ranks.ending) == ([30], SpendUntil)
    assert "Nobody said in 30 s" in ranks.boundaries[0].because(SpendUntil)
    assert "Nobody" not in ranks.boundaries[1].because(SpendUntil), "it cannot know what rank 0 was told"
    told = Ranks(1.0, spend_seconds=30).run(20)
    told.supervisor.say(1, spend_until="2999-01-01T00:00:00Z")
    assert told.run(100).ending is None


def test_the_last_step_completes_whatever_was_asked() -> None:
    ranks = Ranks(0.01, steps=50).run(49)
    ranks.notices[1].remember(1, "now")
    assert (ranks.run(1).checkpoints, ranks.ending) == ([50], None)
