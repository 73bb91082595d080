"""A trainer by docs/payload-contract.md that learns nothing: steps of a fixed length, small checkpoints, and every way to go wrong on order."""

import argparse
import json
import os
import time
from pathlib import Path
from typing import Any

from peers import meet, wait_for_end
from resilience.boundary import Boundary, Plan
from resilience.clock import now
from resilience.endings import LostPeer, LossSpike, NotFinite, OutOfMemory, StuckRank, UserError
from resilience.incarnation import Incarnation
from resilience.life import LONG_SECONDS, Life
from resilience.stopping import Notice
from saving import Saving

TICK_SECONDS = 0.05
NEVER_STUCK_SECONDS = 1e6  # a stalled trainer is for the supervisor to find
SPIKE_STEPS = 5
ORDERS = Path(os.environ["FAULT_ORDERS"])


class Training:
    """Rank 0."""

    def __init__(self, args: argparse.Namespace, config: dict[str, Any], life: Life) -> None:
        self.args, self.config, self.life = args, config, life
        self.job = f"{args.run}-{args.phase}-{args.attempt}"
        self.peers = meet(life.notice)
        self.saving = Saving(args, config, life.incarnation)
        self.spike: int | None = None
        self.stalls = self.saves_nothing = False

    def run(self) -> None:
        life, config, saving = self.life, self.config, self.saving
        life.heartbeat.update(totalSteps=config["steps"], worldSize=2, nodes=self.peers.nodes)
        life.enter("restoring" if self.args.resume else "starting", LONG_SECONDS, is_free=True)
        saving.take_up()
        life.incarnation.step = saving.step
        life.heartbeat.update(step=saving.step)
        plan = Plan(config["steps"], config["checkpointSteps"], config["checkpointSeconds"], 1)
        boundary = Boundary(plan, True, life.notice, life.heartbeat)
        life.enter("training", LONG_SECONDS)
        while saving.step < config["steps"]:
            self.do_step()
            if saving.step == saving.first + 1:
                life.heartbeat.update(firstStepAt=now())
            decision = boundary.decide(saving.step, [boundary.wishes()])
            if decision.checkpoint and not self.saves_nothing:
                self.save()
                boundary.checkpointed()
            if decision.ending is not None:
                raise decision.ending(f"{boundary.because(decision.ending)}; step {saving.step} is saved.")
        life.enter("done", LONG_SECONDS)

    def do_step(self) -> None:
        """One step on samples that only have a position."""
        saving, life = self.saving, self.life
        self.wait(self.config["stepSeconds"])
        used = saving.advance()
        life.incarnation.step = saving.step
        self.judge(used)
        life.passed(saving.step)
        loss = {"mlm": 9.0 if self.spike else 3.0, "nsp": 0.5}
        metric = {"step": saving.step, "at": now(), "loss": loss, "samples": saving.step * self.config["globalBatch"]}
        life.metrics.add({**metric, "learningRate": 0.001, "gradNorm": 1.0, "seconds": self.config["stepSeconds"]})
        life.heartbeat.update(loss=loss)

    def judge(self, used: list[range]) -> None:
        """Samples that spoil the model: NaN shows at once, a spike is believed after some steps."""
        saving = self.saving
        found = [one["kind"] for one in self.config["poison"] if any(one["position"] in part for part in used)]
        if "nan" in found:
            raise NotFinite(f"The loss of step {saving.step} is NaN.")
        if "spike" in found:
            self.spike = saving.step
        if self.spike is not None and saving.step >= self.spike + SPIKE_STEPS:
            raise LossSpike("The loss rose and stays high.", self.spike, saving.newest_before(self.spike))

    def save(self) -> None:
        self.life.metrics.cut()
        self.life.enter("checkpointing", LONG_SECONDS)
        manifest = self.saving.write()
        self.life.heartbeat.update(checkpointStep=manifest.step, checkpointAt=manifest.at)
        self.life.enter("training")

    def wait(self, seconds: float) -> None:
        """A step's work; an order that has come is carried out in the midst of it."""
        until = time.monotonic() + seconds
        while self.stalls or time.monotonic() < until:
            order = take(self.job)
            if order is not None:
                self.obey(order)
            if self.peers.is_lost:
                raise LostPeer("The connection to rank 1 is closed.")
            time.sleep(min(TICK_SECONDS, max(0.0, until - time.monotonic())) or TICK_SECONDS)

    def obey(self, order: str) -> None:
        if order == "user-error":
            raise UserError("The code is wrong.")
        if order == "out-of-memory":
            raise OutOfMemory("The memory was not enough.")
        if order == "lost-peer":
            raise LostPeer("The connection to rank 1 is closed.")
        if order == "stuck-rank":
            raise StuckRank("Rank 1 made no progress.")
        if order == "killed":
            os.kill(os.getpid(), 9)
        self.stalls = self.stalls or order == "stall"
        self.saves_nothing = self.saves_nothing or order == "no-saves"


def take(name: str) -> str | None:
    """What somebody ordered, once."""
    try:
        order = (ORDERS / name).read_text()
        (ORDERS / name).unlink()
    except OSError:
        return None
    return order


def main() -> None:
    parser = argparse.ArgumentParser()
    for name in ("config", "data", "output", "run", "phase", "attempt"):
        parser.add_argument(f"--{name}", required=True)
    parser.add_argument("--resume")
    args = parser.parse_args()
    if int(os.environ["RANK"]) > 0:
        wait_for_end()
    config = json.loads(Path(args.config).read_text())
    notice = Notice().listen()
    time.sleep(config["bootSeconds"] + float(take(f"{args.run}.slow") or 0))
    life = Life(Incarnation(Path(args.output), 0), notice, "stand_in")
    training: Training | None = None
    try:
        names = {"run": args.run, "phase": args.phase, "attempt": args.attempt}
        life.start(names, config["heartbeatSeconds"], config["metricsSeconds"], NEVER_STUCK_SECONDS)
        training = Training(args, config, life)
        training.run()
        code = life.end()
    except Exception as error:
        code = life.end(error)
    if training is not None:
        training.peers.tell(code)
    os._exit(code)


if __name__ == "__main__":
    main()
