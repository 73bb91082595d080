"""A trainer as a program: from the command line to the exit code. Imports no PyTorch."""

import os
import sys
from collections.abc import Callable
from typing import NoReturn

from .asked import Asked, asked_by_command_line
from .incarnation import Incarnation
from .life import Life
from .stopping import Notice


def run(name: str, train: Callable[[Asked, Life], None], arguments: list[str] | None = None) -> NoReturn:
    """Does what the command line asks for and leaves the process; `name` is for the sentences on stderr.

    Whatever `train` raises is given its name and its code, and told in one sentence on stderr and in ending.json. Leaves
    at once: with a lost peer, a process group's own threads hold up an ordinary exit.
    """
    notice = Notice().listen()
    asked = asked_by_command_line(name, arguments)
    life = Life(Incarnation(asked.output, asked.rank), notice, name)
    try:
        train(asked, life)
    except Exception as error:
        _leave(life.end(error))
    _leave(life.end())


def _leave(code: int) -> NoReturn:
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(code)
