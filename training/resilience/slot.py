"""A slot in shared memory: one process puts values in, another sees the newest; neither ever waits for the other."""

import mmap
import zlib
from struct import Struct

from .memory import shared_memory

BYTES = 1 << 20  # only pages that are written take memory
HEADER = Struct("<QII")  # turn, bytes, crc32


class Slot:
    """Holds one value at a time. A value that is half written (its writer may be killed any time) is never seen."""

    def __init__(self, descriptor: int | None = None) -> None:
        """Makes a new slot, or opens the one behind a descriptor that was inherited."""
        self.descriptor = shared_memory("bertha-slot", BYTES) if descriptor is None else descriptor
        self._memory = mmap.mmap(self.descriptor, BYTES)
        self._taken = 0

    def put(self, value: bytes) -> None:
        """Replaces the value. One writer only. Raises ValueError if it is larger than a slot."""
        if len(value) > BYTES - HEADER.size:
            raise ValueError(f"A slot holds {BYTES - HEADER.size} bytes, but the value has {len(value)}.")
        (turn, _, _) = HEADER.unpack_from(self._memory)
        self._memory[HEADER.size : HEADER.size + len(value)] = value
        self._memory[: HEADER.size] = HEADER.pack(turn + 1, len(value), zlib.crc32(value))

    def take(self) -> bytes | None:
        """The newest value if it has not been taken before and is whole, else None."""
        turn, length, checksum = HEADER.unpack_from(self._memory)
        if turn == self._taken or length > BYTES - HEADER.size:
            return None
        value = self._memory[HEADER.size : HEADER.size + length]
        if zlib.crc32(value) != checksum:
            return None
        self._taken = turn
        return value
