"""The command line of docs/payload-contract.md, and the identities that a checkpoint remembers of it."""

import argparse
import hashlib
import json
import os
import sys
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NoReturn

from .endings import UserError

CHANGES_NO_NUMBER = {
    "checkpointSteps", "checkpointSeconds", "heartbeatSeconds", "metricsSeconds", "spendSeconds", "stuckSeconds",
    "microBatch", "skipWindows",
}  # fmt: skip


@dataclass(frozen=True)
class Asked:
    """What one start of a trainer is asked to do."""

    config_file: Path
    data: Path
    output: Path
    run: str
    phase: str
    attempt: str
    resume: Path | None
    init: Path | None

    @cached_property
    def config(self) -> dict[str, Any]:
        """The parameters of the phase: those of the run's config, and what the supervisor adds."""
        return json.loads(self.config_file.read_bytes())

    @property
    def rank(self) -> int:
        """Of this process."""
        return int(os.environ.get("RANK", "0"))

    @cached_property
    def config_sha256(self) -> str:
        """The identity of all parameters but those of pace: a checkpoint of another config is refused."""
        kept = {name: value for name, value in self.config.items() if name not in CHANGES_NO_NUMBER}
        return hashlib.sha256(json.dumps(kept, sort_keys=True).encode()).hexdigest()

    @cached_property
    def data_sha256(self) -> str:
        """The identity of the data: of its manifest, which names every shard by its hash."""
        return hashlib.sha256((self.data / "manifest.json").read_bytes()).hexdigest()


def asked_by_command_line(arguments: list[str] | None = None) -> Asked:
    """Reads arguments and config; leaves with a sentence and code 3 where they are wrong."""
    parser = _Parser(description="Trains one phase, from a checkpoint if one is given.")
    for name in ("config", "data", "output"):
        parser.add_argument(f"--{name}", type=Path, required=True, dest="config_file" if name == "config" else name)
    for name in ("run", "phase", "attempt"):
        parser.add_argument(f"--{name}", required=True)
    for name in ("resume", "init"):
        parser.add_argument(f"--{name}", type=Path)
    asked = Asked(**vars(parser.parse_args(arguments)))
    try:
        asked.config  # noqa: B018
    except (OSError, ValueError) as error:
        parser.error(f"--config {asked.config_file} cannot be read: {error}")
    return asked


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"{self.prog}: {message}; see --help.", file=sys.stderr)
        sys.exit(UserError.exit_code)
