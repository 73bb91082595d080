"""The process that hashes and writes: `python -m resilience.writer`, started by `checkpoints`, never by hand.

It is a process because a thread would share the interpreter's lock with training, and knows no PyTorch, so that it is
there in a moment and takes little memory. It ends with its trainer, whatever ends that, in the middle of a file too.
"""

import mmap
import os
import signal
import socket
import sys
import time
from pathlib import Path

from .child import be_deaf_to_warnings, hear_of_parents_end
from .folder import write_folder
from .order import Words, receive, send

NICE = 10  # training comes first where both want the same core


def main() -> None:
    """Arguments: the trainer's pid, and the descriptor of the socket through which orders come."""
    trainer, descriptor = map(int, sys.argv[1:])
    be_deaf_to_warnings()
    hear_of_parents_end(signal.SIGKILL)
    os.nice(NICE)
    line = socket.socket(fileno=descriptor)
    while os.getppid() == trainer and (order := receive(line)) is not None:
        words, memory = order
        assert memory is not None
        try:
            send(line, _carry_out(words, memory))
        except ConnectionError:
            return
        finally:
            os.close(memory)


def _carry_out(words: Words, descriptor: int) -> Words:
    began = time.perf_counter()
    try:
        memory = memoryview(mmap.mmap(descriptor, 0, access=mmap.ACCESS_READ))
        files = ((name, memory[begin : begin + size]) for name, begin, size in words["files"])
        entries = write_folder(Path(words["folder"]), files, words["manifest"])
    except OSError as error:
        return {"problem": str(error)}
    return {"files": entries, "seconds": time.perf_counter() - began}


if __name__ == "__main__":
    main()
