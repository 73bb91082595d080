"""Starts the trainer as Azure ML does, one process per rank, and reads what it leaves behind."""

import copy
import hashlib
import importlib
import json
import multiprocessing
import os
import signal
import socket
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

CONFIG: dict[str, Any] = {
    "steps": 12, "sequenceLength": 16, "globalBatch": 12, "microBatch": 2, "seed": 7,
    "model": {"hiddenSize": 16, "layers": 2, "attentionHeads": 2, "intermediateSize": 32, "maxPositions": 32,
              "typeVocabulary": 2, "dropout": 0.1, "attentionDropout": 0.1, "initializerRange": 0.05},
    "optimizer": {"name": "adamw", "learningRate": 0.01, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6,
                  "weightDecay": 0.01, "clipNorm": 1.0},
    "schedule": {"name": "linear", "warmupRatio": 0.1, "decayRate": 0.99, "decaySteps": 1000},
    "masking": {"probability": 0.15, "maxPredictions": 5},
    "precision": "float32", "threads": 1,
    "checkpointSteps": 4, "checkpointSeconds": None, "heartbeatSeconds": 0.02, "metricsSeconds": 0.1,
}  # fmt: skip
PATIENCE_SECONDS = 60


def config(**changes: Any) -> dict[str, Any]:
    """The tests' config with changes; `model__dropout=0` reaches into an object."""
    result = copy.deepcopy(CONFIG)
    for path, value in changes.items():
        *parents, name = path.split("__")
        place = result
        for parent in parents:
            place = place[parent]
        place[name] = value
    return result


def wait_until(condition: Callable[[], Any], what: str) -> Any:
    """Polls until `condition` gives something true, and returns that."""
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not (found := condition()):
        assert time.monotonic() < deadline, f"waited {PATIENCE_SECONDS} s in vain for {what}"
        time.sleep(0.005)
    return found


class Attempt:
    """One job: its processes while they run, its files afterwards."""

    def __init__(self, output: Path, processes: list[Any], logs: list[Path], starts: int = 1) -> None:
        self.output, self.processes, self._logs, self.starts = output, processes, logs, starts

    def wait(self) -> list[int]:
        """The exit codes by rank."""
        for process in self.processes:
            process.join(PATIENCE_SECONDS)
            assert process.exitcode is not None, f"a trainer still runs:\n{self.log()}"
        return [process.exitcode for process in self.processes]

    def succeed(self) -> "Attempt":
        """Waits for the end, which must be a good one."""
        codes = self.wait()
        assert not any(codes), f"exit codes {codes}:\n{self.log()}"
        return self

    def signal(self, number: signal.Signals, *ranks: int) -> None:
        """Sends a signal to the ranks given, or to all."""
        for rank in ranks or range(len(self.processes)):
            os.kill(self.processes[rank].pid, number)

    def tell(self, **message: Any) -> None:
        """Writes a whole control.json, as the mount does: beside the file, then over it."""
        self.tell_raw(json.dumps({"format": "bertha-control/1", "at": "now", **message}).encode())

    def tell_raw(self, data: bytes) -> None:
        """Writes any bytes as control.json."""
        arriving = self.output / "arriving"
        arriving.write_bytes(data)
        arriving.rename(self.folder / "control.json")

    def reach(self, step: int) -> "Attempt":
        """Waits until the heartbeat tells a step."""
        wait_until(lambda: (self.heartbeat().get("step") or 0) >= step, f"step {step}")
        return self

    def checkpoints(self) -> list[int]:
        """The steps of all checkpoints that have a manifest, in order."""
        return sorted(int(manifest.parent.name[5:]) for manifest in self.folder.glob("checkpoints/*/manifest.json"))

    def log(self, rank: int | None = None) -> str:
        """stdout and stderr of one rank, or of all."""
        logs = self._logs if rank is None else [self._logs[rank]]
        return "".join(log.read_text() for log in logs)

    @property
    def folder(self) -> Path:
        """The folder of this start."""
        (own,) = sorted(path for path in self.output.iterdir() if path.is_dir())[self.starts - 1 : self.starts]
        return own

    def json(self, name: str) -> dict[str, Any]:
        """One of the incarnation's JSON files."""
        return json.loads((self.folder / name).read_text())

    def heartbeat(self) -> dict[str, Any]:
        """The heartbeat, or {} while there is none to read."""
        try:
            return self.json("heartbeat.json")
        except (OSError, ValueError):
            return {}

    def metrics(self) -> list[dict[str, Any]]:
        """All metrics lines in the order of their files."""
        files = sorted((self.folder / "metrics").glob("*.jsonl")) if (self.folder / "metrics").exists() else []
        return [json.loads(line) for file in files for line in file.read_text().splitlines()]

    def losses(self) -> dict[int, tuple[float, float]]:
        """(mlm, nsp) by step."""
        return {line["step"]: (line["loss"]["mlm"], line["loss"]["nsp"]) for line in self.metrics()}

    def losses_of(self, part: str) -> dict[int, float]:
        """One part of the loss, by step."""
        return {line["step"]: line["loss"][part] for line in self.metrics()}

    def checkpoint(self, step: int) -> Path:
        """The folder of a step's checkpoint."""
        return self.folder / "checkpoints" / f"step-{step:09d}"

    def manifest(self, step: int) -> dict[str, Any]:
        """The manifest of a step's checkpoint."""
        return json.loads((self.checkpoint(step) / "manifest.json").read_text())

    def weights(self, step: int) -> str:
        """The sha256 of a step's model file."""
        return hashlib.sha256((self.checkpoint(step) / "model.safetensors").read_bytes()).hexdigest()


class Trainers:
    """Starts attempts below one temporary folder."""

    def __init__(self, folder: Path, data: Path) -> None:
        self._folder, self._data = folder, data
        self._attempts: list[Attempt] = []
        self.program = "bertha_train.__main__"

    def restart(self, settings: dict[str, Any], *extra: str | Path, before: Attempt, world: int = 1) -> Attempt:
        """Starts an attempt again in place, as the platform does, and waits for its good end."""
        return self.begin_again(settings, *extra, before=before, world=world).succeed()

    def begin_again(self, settings: dict[str, Any], *extra: str | Path, before: Attempt, world: int = 1) -> Attempt:
        """The same without waiting."""
        number = int(before.output.name[1:])
        return self._start(number, settings, *extra, world=world, starts=before.starts + 1)

    def start(self, settings: dict[str, Any], *extra: str | Path, world: int = 1, data: Path | None = None) -> Attempt:
        """Starts all ranks of an attempt; `extra` are further arguments, such as `--resume`."""
        return self._start(len(self._attempts) + 1, settings, *extra, world=world, data=data)

    def _start(
        self,
        number: int,
        settings: dict[str, Any],
        *extra: str | Path,
        world: int = 1,
        data: Path | None = None,
        starts: int = 1,
    ) -> Attempt:
        attempt = f"a{number:03d}"
        file = self._folder / f"{attempt}.json"
        file.write_text(json.dumps(settings))
        output = self._folder / attempt
        places = ["--config", file, "--data", data or self._data, "--output", output]
        arguments = [*places, "--run", "test", "--phase", "p1", "--attempt", attempt, *extra]
        context, port = multiprocessing.get_context("forkserver"), _free_port()
        logs = [self._folder / f"{attempt}-{starts}-{rank}.log" for rank in range(world)]
        processes = [
            context.Process(
                target=_child,
                args=(self.program, [str(a) for a in arguments], _environment(rank, world, port), str(logs[rank])),
                daemon=True,
            )
            for rank in range(world)
        ]
        for process in processes:
            process.start()
        self._attempts.append(Attempt(output, processes, logs, starts))
        return self._attempts[-1]

    def run(self, settings: dict[str, Any], *extra: str | Path, world: int = 1) -> Attempt:
        """Starts an attempt and waits for its good end."""
        return self.start(settings, *extra, world=world).succeed()

    def close(self) -> None:
        """Kills what still runs."""
        for process in (process for attempt in self._attempts for process in attempt.processes):
            process.kill()
            process.join()


def _environment(rank: int, world: int, port: int) -> dict[str, str]:
    if world == 1:
        return {"AZ_BATCH_NODE_ID": "node-0"}
    numbers = {"WORLD_SIZE": world, "RANK": rank, "LOCAL_RANK": 0, "NODE_RANK": rank, "MASTER_PORT": port}
    texts = {name: str(value) for name, value in numbers.items()}
    return {"MASTER_ADDR": "127.0.0.1", "AZ_BATCH_NODE_ID": f"node-{rank}", **texts}


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def _child(program: str, arguments: list[str], environment: dict[str, str], log: str) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(descriptor, 1)
    os.dup2(descriptor, 2)
    os.environ.update(environment)
    importlib.import_module(program).main(arguments)
