"""Writing files as a mounted Blob container likes them: whole, in few calls, closed, never appended to or renamed."""

import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

PIECE = 1 << 22


def write_whole(path: Path, data: bytes, sync: bool = False) -> None:
    """Creates `path` with `data` and closes it; it must not exist. With `sync` the bytes are on the disk afterwards.

    Raises FileExistsError (two writers met) or OSError (disk full, mount gone).
    """
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        _write_all(descriptor, data)
        if sync:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_and_hash(path: Path, data: bytes | memoryview) -> str:
    """Like `write_whole` with `sync`; returns the SHA-256. A piece is hashed while it is near."""
    digest = hashlib.sha256()
    view = memoryview(data)
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o644)
    try:
        for begin in range(0, len(view), PIECE):
            piece = view[begin : begin + PIECE]
            digest.update(piece)
            _write_all(descriptor, piece)
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    return digest.hexdigest()


def overwrite(path: Path, data: bytes) -> None:
    """Replaces the content of `path` in place: one write, then the length, so that a reader rarely sees half of it."""
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT, 0o644)
    try:
        os.pwrite(descriptor, data, 0)
        os.ftruncate(descriptor, len(data))
    finally:
        os.close(descriptor)


def sync_folder(path: Path) -> None:
    """Makes the names in folder `path` durable; some mounts cannot, and need not."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    except OSError:
        pass
    finally:
        os.close(descriptor)


def sha256(data: bytes | memoryview) -> str:
    """SHA-256 of `data`, 64 hex digits."""
    return hashlib.sha256(data).hexdigest()


def to_json(value: Mapping[str, Any]) -> bytes:
    """`value` as one line of JSON. NaN is refused: no other reader would take it."""
    return (json.dumps(value, allow_nan=False) + "\n").encode()


def _write_all(descriptor: int, data: bytes | memoryview) -> None:
    view = memoryview(data)
    while view:
        view = view[os.write(descriptor, view) :]
