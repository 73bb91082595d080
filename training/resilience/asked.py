"""The command line of docs/payload-contract.md, and the identities that a checkpoint remembers of it."""

import argparse
import hashlib
import json
import os
import sys
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from .endings import UserError

PACE = frozenset(
    {"checkpointSteps", "checkpointSeconds", "heartbeatSeconds", "metricsSeconds", "spendSeconds", "stuckSeconds"}
)
CHANGES_NO_NUMBER = PACE | {"microBatch", "skipWindows"}


@dataclass(frozen=True)
class Asked:
    """What one start of a trainer is asked to do."""

    config_file: Path
    data: Path
    output: Path
    run: str
    phase: str
    attempt: str
    resume: Path | None = None
    init: Path | None = None

    @cached_property
    def config(self) -> dict[str, Any]:
        """The parameters of the phase: those of the run's config, and what the supervisor adds. Raises UserError."""
        return config_in(self.config_file)

    @property
    def identity(self) -> dict[str, str]:
        """Run, phase and attempt, as heartbeats and manifests name them."""
        return {"run": self.run, "phase": self.phase, "attempt": self.attempt}

    @property
    def rank(self) -> int:
        """Of this process."""
        return int(os.environ.get("RANK", "0"))

    @cached_property
    def config_sha256(self) -> str:
        """The identity of all parameters but those of pace: a checkpoint of another config is refused."""
        return identity_without(CHANGES_NO_NUMBER, self.config)

    @cached_property
    def data_sha256(self) -> str:
        """The identity of the data: of its manifest, which names every shard by its hash."""
        return hashlib.sha256((self.data / "manifest.json").read_bytes()).hexdigest()


def asked_by_command_line(program: str, arguments: list[str] | None = None) -> Asked:
    """Reads the arguments; where they are wrong, leaves with a sentence and code 3."""
    parser = _Parser(prog=program, description="Trains one phase, from a checkpoint if one is given.")
    folder = {"type": Path, "metavar": "DIR"}
    config = "the phase's parameters (JSON)"
    parser.add_argument("--config", type=Path, metavar="FILE", dest="config_file", required=True, help=config)
    parser.add_argument("--data", **folder, required=True, help="the dataset folder, only read")
    output = "the attempt's folder; each start writes below its own"
    parser.add_argument("--output", **folder, required=True, help=output)
    parser.add_argument("--run", required=True, metavar="NAME")
    parser.add_argument("--phase", required=True, metavar="NAME")
    parser.add_argument("--attempt", required=True, metavar="aNNN")
    start = parser.add_mutually_exclusive_group()
    start.add_argument("--resume", **folder, help="a checkpoint of this phase: continue exactly behind it")
    start.add_argument("--init", **folder, help="a checkpoint of the previous phase: take its weights only")
    return Asked(**vars(parser.parse_args(arguments)))


def config_in(file: Path) -> dict[str, Any]:
    """The JSON object in a file. Raises UserError where there is none."""
    try:
        config = json.loads(file.read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"Config {file} cannot be read: {error}") from error
    if not isinstance(config, dict):
        raise UserError(f"Config {file} must be a JSON object, but is {config!r}.")
    return config


def identity_without(left_out: Collection[str], config: Mapping[str, Any]) -> str:
    """SHA-256 of the fields of a config, but for those left out."""
    kept = {name: value for name, value in config.items() if name not in left_out}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see --help.", file=sys.stderr)
        sys.exit(UserError.exit_code)
