"""The command line and the exit code; see docs/payload-contract.md."""

import argparse
import os
import sys
from pathlib import Path
from typing import NoReturn

from resilience.endings import UserError
from resilience.incarnation import Incarnation
from resilience.life import Life
from resilience.stopping import Notice


def main(arguments: list[str] | None = None) -> int:
    """Trains one phase; returns the exit code. An early end is told in one sentence on stderr and in ending.json."""
    notice = Notice().listen()
    named = _parser().parse_args(arguments)
    life = Life(Incarnation(named.output, int(os.environ.get("RANK", "0"))), notice, "bertha_train")
    try:
        _train(named, life)
    except Exception as error:
        return life.end(error)
    return life.end()


def _train(named: argparse.Namespace, life: Life) -> None:
    from .config import read_config
    from .data import Dataset

    config = read_config(named.config)
    identity = {"run": named.run, "phase": named.phase, "attempt": named.attempt}
    life.start(identity, config.heartbeat_seconds, config.metrics_seconds, config.stuck_seconds)
    dataset = Dataset(named.data, config.sequence_length)
    config.accumulation(int(os.environ.get("WORLD_SIZE", "1")))
    os.environ["OMP_NUM_THREADS"] = str(config.threads)

    from .job import Job
    from .loop import train  # torch takes seconds to import, and a wrong config should be told at once

    train(Job(**vars(named)), config, dataset, life)


def _parser() -> argparse.ArgumentParser:
    parser = _Parser(
        prog="python -m bertha_train", description="Trains one phase of a BERT pretraining, from a checkpoint if given."
    )
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="the phase's parameters (JSON)")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the dataset folder, only read")
    parser.add_argument(
        "--output",
        type=Path,
        required=True,
        metavar="DIR",
        help="the attempt's folder; each start writes below its own",
    )
    parser.add_argument("--run", required=True, metavar="NAME")
    parser.add_argument("--phase", required=True, metavar="NAME")
    parser.add_argument("--attempt", required=True, metavar="aNNN")
    start = parser.add_mutually_exclusive_group()
    start.add_argument(
        "--resume", type=Path, metavar="DIR", help="a checkpoint of this phase: continue exactly behind it"
    )
    start.add_argument(
        "--init", type=Path, metavar="DIR", help="a checkpoint of the previous phase: take its weights only"
    )
    return parser


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> NoReturn:
        print(f"bertha_train: {message}; see --help.", file=sys.stderr)
        sys.exit(UserError.exit_code)


def run(arguments: list[str] | None = None) -> NoReturn:
    """`main` as a process: leaves at once, since with a lost peer the group's threads hold up an ordinary exit."""
    code = main(arguments)
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)


if __name__ == "__main__":
    run()
