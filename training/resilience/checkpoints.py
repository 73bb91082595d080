"""Checkpoints that training does not wait for: it copies its state, and a process of its own hashes and writes it."""

import os
import select
import socket
import subprocess
import threading
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from .checkpoint import checkpoint_name
from .child import start_child
from .endings import Crashed
from .manifest import FileEntry, Manifest
from .order import receive, send
from .snapshot import Parts, Snapshot

CLOSE_SECONDS = 5.0


@dataclass(frozen=True)
class Written:
    """A checkpoint that exists: its manifest, and how long hashing and writing took."""

    manifest: Manifest
    seconds: float


class Checkpoints:
    """Saves below one folder, one checkpoint at a time. For rank 0, and for the thread that trains.

    The process that writes is started once and ends with the trainer. That one could not be written is never silent:
    the next call raises Crashed, whichever it is.
    """

    def __init__(self, folder: Path) -> None:
        """Below `folder` each checkpoint has its own. Only the main thread may make this."""
        self._folder = folder
        self._line: socket.socket | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._snapshot: Snapshot | None = None
        self._under_way: Manifest | None = None
        self._asking = threading.Lock()  # training asks, and whoever ends the process when training cannot
        self._start()

    def prepare(self, parts: Parts, about: Mapping[str, str] | None = None) -> None:
        """Reserves memory for a state of these shapes, in a thread; else the first `save` does, and waits for it."""
        if self._snapshot is not None and not self._snapshot.fits(parts, about or {}):
            self._snapshot.release()
            self._snapshot = None
        self._snapshot = self._snapshot or Snapshot(parts, about or {})

    def save(self, manifest: Manifest, parts: Parts, about: Mapping[str, str] | None = None) -> Written | None:
        """Copies the state and has it written as `step-*/`, in the order of `parts`, the manifest last.

        Waits for the checkpoint before, if that is still being written; it is returned. Raises Crashed where that one
        could not be written, and OSError where there is no memory for a copy.
        """
        before = self.finish()
        self.prepare(parts, about)
        assert self._snapshot is not None
        self._snapshot.take(parts)
        if self._process is None or self._process.poll() is not None:
            self._start()  # it had nothing to do when it was killed, so nothing is lost
        assert self._line is not None
        folder = self._folder / checkpoint_name(manifest.step)
        words = {"folder": str(folder), "files": self._snapshot.files, "manifest": manifest.words()}
        self._under_way = manifest
        try:
            send(self._line, words, self._snapshot.descriptor)
        except OSError:
            pass  # it was killed a moment ago: told by the next call
        return before

    @property
    def is_writing(self) -> bool:
        """Whether one is being written, as far as has been asked."""
        return self._under_way is not None

    def poll(self) -> Written | None:
        """The checkpoint that has been written since the last call, if one was. Never waits. Raises Crashed."""
        return self._outcome(0) if self.is_writing else None

    def finish(self, seconds: float | None = None) -> Written | None:
        """Like `poll`, but waits for the one under way, at most so long."""
        return self._outcome(seconds) if self.is_writing else None

    def close(self) -> None:
        """Ends the process, whatever it is at: what is not written by now will not be."""
        if self._line is not None:
            self._line.close()
        if self._process is not None:
            self._process.kill()
            self._process.wait(CLOSE_SECONDS)
        self._process = self._line = None

    def _outcome(self, seconds: float | None) -> Written | None:
        if not self._asking.acquire(timeout=-1 if seconds is None else seconds):
            return None
        try:
            manifest, line = self._under_way, self._line
            if manifest is None or line is None or not select.select([line], [], [], seconds)[0]:
                return None
            self._under_way = None
            answer = receive(line)
        finally:
            self._asking.release()
        if answer is None:
            raise Crashed(f"The checkpoint of step {manifest.step} was not written: {self._how_it_ended()}.")
        words, _ = answer
        if "problem" in words:
            raise Crashed(f"The checkpoint of step {manifest.step} could not be written: {words['problem']}")
        entries = tuple(FileEntry(**entry) for entry in words["files"])
        return Written(replace(manifest, files=entries), words["seconds"])

    def _how_it_ended(self) -> str:
        assert self._process is not None
        code = self._process.wait(CLOSE_SECONDS)
        how = f"was killed by signal {-code}" if code < 0 else f"ended with code {code}"
        return f"the process that writes {how}"

    def _start(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line, theirs = socket.socketpair()
        with theirs:
            descriptor = theirs.fileno()
            self._process = start_child("resilience.writer", (os.getpid(), descriptor), (descriptor,))
