"""The command line and the exit code; see docs/payload-contract.md."""

import argparse
import os
import sys
import traceback
from pathlib import Path
from typing import NoReturn

from resilience.endings import COMPLETED, CRASHED, Ending, UserError
from resilience.incarnation import Incarnation
from resilience.stopping import StopRequest

LOST_PEER_SIGNS = ("gloo", "NCCL", "TCPStore", "Connection closed by peer", "Connection reset by peer", "Broken pipe")


def main(arguments: list[str] | None = None) -> int:
    """Trains one phase; returns the exit code. An early end is told in one sentence on stderr and in ending.json."""
    stop = StopRequest().listen()
    named = _parser().parse_args(arguments)
    incarnation = Incarnation(named.output, int(os.environ.get("RANK", "0")))
    try:
        _train(named, incarnation, stop)
    except Ending as ending:
        print(f"bertha_train: {ending}", file=sys.stderr)
        incarnation.end(ending.reason, str(ending), ending.exit_code)
        return ending.exit_code
    except Exception as error:
        _tell_crash(error, incarnation)
        return CRASHED
    incarnation.end(COMPLETED, "All steps are done.", 0)
    return 0


def _train(named: argparse.Namespace, incarnation: Incarnation, stop: StopRequest) -> None:
    from .config import read_config
    from .data import Dataset

    config = read_config(named.config)
    dataset = Dataset(named.data, config.sequence_length)
    config.accumulation(int(os.environ.get("WORLD_SIZE", "1")))
    os.environ["OMP_NUM_THREADS"] = str(config.threads)

    from .job import Job
    from .train import train  # torch takes seconds to import, and a wrong config should be told at once

    train(Job(**vars(named)), config, dataset, incarnation, stop)


def _tell_crash(error: Exception, incarnation: Incarnation) -> None:
    first_line = (str(error).splitlines() or [""])[0]
    is_lost_peer = isinstance(error, RuntimeError) and any(sign in str(error) for sign in LOST_PEER_SIGNS)
    if is_lost_peer:
        where = "before the first step" if incarnation.step is None else f"behind step {incarnation.step}"
        print(f"bertha_train: The process group broke {where}, a peer is gone: {first_line}", file=sys.stderr)
    elif isinstance(error, OSError):
        print(f"bertha_train: A file could not be read or written: {error}", file=sys.stderr)
    else:
        traceback.print_exception(error)


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
