"""Reading a large file into memory and hashing it on the way, each by a core of its own."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

PIECE = 1 << 22


def read_and_hash(path: Path, room: memoryview) -> tuple[int, str]:
    """Reads a file into `room`, as much as there is; returns the bytes read and their SHA-256. Raises OSError.

    A piece is hashed by another thread while the next one is read: both let go of the interpreter's lock.
    """
    digest, at = hashlib.sha256(), 0
    with open(path, "rb", buffering=0) as file, ThreadPoolExecutor(max_workers=1) as hasher:
        while count := file.readinto(room[at : at + PIECE]):
            hasher.submit(digest.update, room[at : at + count])
            at += count
    return at, digest.hexdigest()
