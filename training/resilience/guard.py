"""The thread that acts when training cannot: on a warning, a peer's end, or a step that never ends."""

import os
import selectors
import threading
import time
import traceback
from collections.abc import Callable
from typing import Any

from .clock import now
from .endings import Ending, Interrupted, LostPeer, StuckRank, ToldByPeer
from .heartbeat import Heartbeat
from .lifeline import Lifeline, Message
from .stopping import WARNING, Notice
from .watchdog import Watchdog


class Guard:
    """Hears the lifeline and the warning signal, and looks at the watchdog; `leave` ends the process, and is told why.

    It needs the interpreter's lock now and then, which a blocking collective operation or file does not hold. It does
    no file work itself: what waits for a mount must not keep it.
    """

    def __init__(
        self,
        rank: int,
        watchdog: Watchdog,
        notice: Notice,
        leave: Callable[[Ending], None],
        step: Callable[[], int | None],
    ) -> None:
        """`step` gives the last step reported."""
        self._rank, self._watchdog, self._notice, self._leave, self._step = rank, watchdog, notice, leave, step
        self._heartbeat: Heartbeat | None = None
        self._lifeline: Lifeline | None = None
        self._left: set[int] = set()
        self.last_words: Message | None = None  # of a peer that has left in order
        self._called, self.wake_descriptor = os.pipe()
        os.set_blocking(self.wake_descriptor, False)
        self._selector = selectors.DefaultSelector()
        self._selector.register(self._called, selectors.EVENT_READ)

    def start(self, heartbeat: Heartbeat) -> None:
        """Begins to watch."""
        self._heartbeat = heartbeat
        threading.Thread(target=self._run, name="guard", daemon=True).start()

    def attach(self, lifeline: Lifeline) -> None:
        """Hears and speaks through these lines from now on."""
        self._lifeline = lifeline
        os.write(self.wake_descriptor, b"\0")

    def tell_end(self, ending: Ending) -> None:
        """Last words to the other ranks. Any thread may say them."""
        if self._lifeline is not None:
            self._lifeline.send({"end": ending.words(self._step(), self._rank), "byAll": ending.by_all})

    def _run(self) -> None:
        attached: Lifeline | None = None
        look_at = time.monotonic()
        while True:
            try:
                for key, _ in self._selector.select(max(0.0, look_at - time.monotonic())):
                    self._hear(key.fileobj)
                if self._lifeline is not attached:
                    attached = self._lifeline
                    self._register()
                if time.monotonic() >= look_at:
                    look_at = time.monotonic() + self._watchdog.interval
                    self._look()
            except Exception:  # whatever it was: a trainer without its guard would soon be taken for stuck
                traceback.print_exc()
                time.sleep(self._watchdog.interval)

    def _register(self) -> None:
        assert self._lifeline is not None
        for line in self._lifeline.lines.values():
            self._selector.register(line.socket, selectors.EVENT_READ)
            self._watchdog.heard(line.rank, is_long=True)

    def _hear(self, source: Any) -> None:
        if source == self._called:
            if WARNING in os.read(self._called, 4096):
                self._warned(self._rank, now(), passes_on=True)
            return
        assert self._lifeline is not None
        for rank, message in self._lifeline.receive(source):
            if message is None:
                self._selector.unregister(source)
                self._closed(rank)
            elif "end" in message:
                self._ended(rank, message)
            elif "notice" in message:
                self._warned(**message["notice"], passes_on=self._rank == 0 and self._notice.given is None)
            else:
                self._watchdog.heard(rank, is_long=message["isLong"])

    def _look(self) -> None:
        assert self._heartbeat is not None
        watchdog = self._watchdog
        watchdog.look()
        self._heartbeat.update(deadline=watchdog.deadline)
        if self._lifeline is not None:
            self._lifeline.send({"step": self._step(), "isLong": watchdog.activity.is_long})
        if watchdog.is_stuck:
            self._leave(self._stuck())
        self._heartbeat.keep_alive()

    def _warned(self, rank: int, at: str, passes_on: bool) -> None:
        self._notice.remember(rank, at)
        assert self._heartbeat is not None and self._notice.given is not None
        self._heartbeat.update(notice=self._notice.given)
        if self._lifeline is not None and passes_on:
            self._lifeline.send({"notice": {"rank": rank, "at": at}})
        if self._watchdog.activity.is_free:
            interrupted = Interrupted("SIGTERM came while there was nothing to save.")
            interrupted.by_all = False  # a rank that is already a step further must not wait for this one
            self._leave(interrupted)

    def _ended(self, rank: int, message: Message) -> None:
        if not message["byAll"]:
            if message["end"]["reason"] == StuckRank.reason:
                self._stuck()
            self._leave(ToldByPeer(message["end"]))
        self._left.add(rank)
        self._watchdog.forget(rank)
        self.last_words = message["end"]

    def _closed(self, rank: int) -> None:
        self._watchdog.forget(rank)
        assert self._lifeline is not None
        if rank not in self._left:
            who, where = self._lifeline.name(rank), f"behind step {self._step()}"
            self._leave(LostPeer(f"{who} ended without a word {where}, a peer is gone."))

    def _stuck(self) -> StuckRank:
        """Tells the heartbeat what stands still and who is silent; returns that as an ending."""
        assert self._heartbeat is not None
        activity, silent, lines = self._watchdog.activity, self._watchdog.silent, self._lifeline
        ranks, seconds, step = sorted(silent), round(self._watchdog.idle, 1), self._step()
        facts = {"state": activity.state, "behindStep": step, "seconds": seconds, "silentRanks": ranks}
        nodes = [lines.nodes[rank] for rank in ranks if lines and lines.nodes.get(rank)]
        self._heartbeat.update(stuck={**facts, "nodes": nodes, "at": now()})
        who = "; ".join(f"{lines.name(rank)} has been silent for {silent[rank]:.0f} s" for rank in ranks if lines)
        where = f"No progress for {seconds:.0f} s in state {activity.state} behind step {step}"
        return StuckRank(f"{where}: {who or 'every rank that can be heard is alive'}.")
