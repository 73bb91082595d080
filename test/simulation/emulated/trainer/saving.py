"""Checkpoints of the stand-in: real manifests with true hashes over a few bytes that say who wrote them."""

import hashlib
import json
import os
import secrets
import sys
from argparse import Namespace
from dataclasses import replace
from pathlib import Path
from typing import Any

from resilience.clock import now
from resilience.endings import BadCheckpoint
from resilience.files import sha256, write_whole
from resilience.incarnation import Incarnation
from resilience.manifest import NAME, FileEntry, Manifest, read_manifest
from resilience.own import own_checkpoints
from resilience.windows import Window

PARTS = ("model.safetensors", "optimizer.safetensors")


class Saving:
    """Where the training stands, and how that is written down and taken up again."""

    def __init__(self, args: Namespace, config: dict[str, Any], incarnation: Incarnation) -> None:
        self.first = self.step = self.position = 0
        self._hash = hashlib.sha256(b"stand-in").hexdigest()
        self._args, self._config, self._incarnation = args, config, incarnation
        self._newest: Manifest | None = None
        self._steps: list[int] = []
        self._windows = tuple(Window(one["from"], one["to"]) for one in config.get("skipWindows") or ())

    def take_up(self) -> None:
        """From the newest sound checkpoint of this attempt, else from the one handed over. Raises BadCheckpoint."""
        output = Path(self._args.output)
        if self._config["resumesInPlace"]:
            for folder in own_checkpoints(output, self._incarnation.name):
                try:
                    return self._stand_behind(verified(output / folder))
                except BadCheckpoint as error:
                    print(error, file=sys.stderr)
        if self._args.resume:
            self._stand_behind(verified(Path(self._args.resume)))

    def advance(self) -> list[range]:
        """One step over the next samples that are not passed over, which are returned."""
        left, used = self._config["globalBatch"], []
        for window in self._windows:
            free = max(0, min(left, window.from_ - self.position))
            used.append(range(self.position, self.position + free))
            self.position, left = self.position + free, left - free
            if left == 0:
                break
            self.position = max(self.position, window.to)
        used.append(range(self.position, self.position + left))
        self.position += left
        self.step += 1
        self._hash = sha256(f"{self._hash} {self.step} {self.position}".encode())
        return used

    def write(self) -> Manifest:
        """Files first, the manifest last."""
        if self._incarnation.folder is None:
            raise AssertionError("rank 0 saves")
        folder = self._incarnation.folder / "checkpoints" / f"step-{self.step:09d}"
        folder.mkdir(parents=True)
        writer = f"{os.environ.get('AZ_BATCH_NODE_ID')} {os.getpid()} {self._incarnation.name}"
        entries = []
        for name in PARTS:
            data = json.dumps({"writer": writer, "step": self.step, "random": secrets.token_hex(32)}).encode()
            write_whole(folder / name, data, sync=True)
            entries.append(FileEntry(name, len(data), sha256(data)))
        manifest = replace(self._manifest(), files=tuple(entries))
        write_whole(folder / NAME, manifest.encode(), sync=True)
        self._newest = manifest
        self._steps.append(self.step)
        return manifest

    def newest_before(self, step: int) -> int | None:
        """Step of the newest checkpoint that this start has from before `step`."""
        return max((one for one in self._steps if one < step), default=None)

    def _stand_behind(self, manifest: Manifest) -> None:
        self.step, self.position, self._hash = manifest.step, manifest.position, manifest.sample_hash
        self.first = self.step
        self._newest = manifest
        self._steps = [manifest.step]

    def _manifest(self) -> Manifest:
        config, args = self._config, self._args
        return Manifest(
            run=args.run,
            phase=args.phase,
            attempt=args.attempt,
            incarnation=self._incarnation.name,
            step=self.step,
            total_steps=config["steps"],
            samples=self.step * config["globalBatch"],
            tokens=self.step,
            parent=self._newest.as_parent() if self._newest else None,
            world_size=2,
            position=self.position,
            config_sha256=sha256(b"stand-in config"),
            data_sha256=sha256(b"stand-in data"),
            sample_hash=self._hash,
            at=now(),
            loss=3.5,
            skip_windows=self._windows,
        )


def verified(folder: Path) -> Manifest:
    """The manifest of a checkpoint whose every byte is as it was written. Raises BadCheckpoint."""
    manifest = read_manifest(folder)
    for entry in manifest.files:
        try:
            data = (folder / entry.name).read_bytes()
        except OSError as error:
            raise BadCheckpoint(f"Checkpoint {folder}: {entry.name} cannot be read ({error}).") from error
        if len(data) != entry.bytes or sha256(data) != entry.sha256:
            raise BadCheckpoint(f"Checkpoint {folder}: {entry.name} is damaged.")
    return manifest
