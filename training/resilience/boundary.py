"""The step boundary: what a warning, the supervisor and the checkpoint interval ask for, agreed on by all ranks."""

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .control import STOP_AFTER_CHECKPOINT, Control
from .endings import Ending, Interrupted, SpendUntil
from .heartbeat import Heartbeat
from .stopping import Notice

LOOK_SECONDS = 1.0  # looking at a GPU's numbers waits for it: not at every step, but about this often
WISHES = 7


@dataclass(frozen=True)
class Plan:
    """What holds until the supervisor says otherwise: the last step, and when a checkpoint is due."""

    steps: int
    checkpoint_steps: int | None
    checkpoint_seconds: float | None
    look_at_most: int  # so many steps may lie between two looks at the sums
    spend_seconds: float | None = None  # who is never told until when it may spend leaves after so long


@dataclass(frozen=True)
class Decision:
    """What all ranks do now: write a checkpoint, then end like this, or go on."""

    checkpoint: bool
    ending: type[Ending] | None
    waits: bool  # whether the checkpoint must have its manifest before anything else happens


class Boundary:
    """Rank 0 knows what is wanted, any rank may be warned: seven numbers, summed over the ranks with those of the step.

    The sums may be looked at some steps later (`must_look`), by all ranks behind the same step; until then nothing
    that was wished for is acted on or acknowledged.
    """

    def __init__(
        self,
        plan: Plan,
        is_chief: bool,
        notice: Notice,
        heartbeat: Heartbeat,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """`is_chief` on rank 0."""
        self._is_chief, self._notice, self._heartbeat, self._clock = is_chief, notice, heartbeat, clock
        self._last, self._look_at_most = plan.steps, plan.look_at_most
        self._every_steps, self._every_seconds = plan.checkpoint_steps or 0, plan.checkpoint_seconds or 0.0
        self._newest: Control | None = None  # the newest message
        self._wished: Control | None = None  # the newest one that is in the sums
        self._in_force: Control | None = None
        self._done = 0  # the newest request for a checkpoint that is met
        self._begun = self._checkpoint_at = self._look_at = clock()
        self._untold_at_most = plan.spend_seconds
        self._since_look, self._look_every = 0, 1

    def wishes(self) -> list[float]:
        """This rank's numbers for the step that ends now: to be asked for as late as can be, and summed."""
        warned = float(self._notice.given is not None)
        if not self._is_chief:
            return [warned, 0, 0, 0, 0, 0, 0]
        news = self._heartbeat.control()
        if news is not None and (self._newest is None or news.sequence > self._newest.sequence):
            self._newest = news
        self._wished = wished = self._newest
        steps, seconds = self._every_steps, self._every_seconds
        spent = wished is None and self._is_untold_too_long()
        stop = asked = False
        if wished is not None:
            steps = steps if wished.checkpoint_steps is None else wished.checkpoint_steps
            seconds = seconds if wished.checkpoint_seconds is None else wished.checkpoint_seconds
            stop = wished.stop == STOP_AFTER_CHECKPOINT
            spent = wished.is_spent(time.time())
            asked = wished.checkpoint_now > self._done
        is_time = seconds > 0 and self._clock() - self._checkpoint_at >= seconds
        return [warned, stop, spent, asked, is_time, steps, self._pace()]

    def must_look(self, step: int) -> bool:
        """Whether the ranks look at their numbers behind `step`; the same on all of them."""
        self._since_look += 1
        return step == self._last or self._is_due(step) or self._since_look >= self._look_every

    def decide(self, step: int, sums: Sequence[Sequence[float]]) -> Decision:
        """What the summed wishes of the steps since the last look, the last of them `step`, come to."""
        warned, stop, spent, asked, is_time = (any(one[number] > 0 for one in sums) for number in range(5))
        waits = warned or stop or spent or asked or step == self._last
        checkpoint = waits or is_time or self._is_due(step)
        self._every_steps, self._look_every = int(sums[-1][5]), max(1, int(sums[-1][6]))
        self._since_look, self._look_at = 0, self._clock()
        if self._is_chief and self._wished is not self._in_force and self._wished is not None:
            self._take_up(self._wished)
        ending = Interrupted if warned or stop else SpendUntil if spent else None
        return Decision(checkpoint, None if step == self._last else ending, waits)

    def checkpointed(self) -> None:
        """The checkpoint decided on is saved: it has its manifest where the decision said `waits`."""
        self._checkpoint_at = self._look_at = self._clock()
        if self._in_force is not None and self._in_force.checkpoint_now > self._done:
            self._done = self._in_force.checkpoint_now
            self._acknowledge(self._in_force)

    def because(self, ending: type[Ending]) -> str:
        """The first words of an ending decided on, for the person."""
        if ending is SpendUntil:
            if not self._is_chief:  # only rank 0 reads what the supervisor says
                return "The time until which the job may spend has passed"
            if self._in_force is None:
                return f"Nobody said in {self._untold_at_most:g} s until when it may spend"
            until = self._in_force.spend_until
            return f"The supervisor allowed to spend until {until or 'a time that has passed'}"
        return "SIGTERM came" if self._notice.given else "The supervisor, or a warning to another rank, asked to stop"

    def _take_up(self, control: Control) -> None:
        if control.checkpoint_seconds is not None:
            self._every_seconds = control.checkpoint_seconds
        self._in_force = control
        self._acknowledge(control)

    def _acknowledge(self, control: Control) -> None:
        self._heartbeat.update(
            control={
                "sequence": control.sequence,
                "checkpointNow": self._done,
                "stop": control.stop,
                "checkpointSeconds": self._every_seconds or None,
                "checkpointSteps": self._every_steps or None,
                "spendUntil": control.spend_until,
            }
        )

    def _is_untold_too_long(self) -> bool:
        return self._untold_at_most is not None and self._clock() - self._begun >= self._untold_at_most

    def _is_due(self, step: int) -> bool:
        return self._every_steps > 0 and step % self._every_steps == 0

    def _pace(self) -> int:
        """How many steps to the next look but one, from how long they take."""
        per_step = (self._clock() - self._look_at) / (self._since_look + 1)
        return max(1, min(self._look_at_most, int(LOOK_SECONDS / max(per_step, 1e-6))))
