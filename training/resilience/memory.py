"""Memory that several processes share: behind a descriptor, without a name that a killed process could leave behind."""

import os
import tempfile


def shared_memory(name: str, size: int) -> int:
    """A descriptor of `size` bytes, all zero, to be mapped by whoever inherits or is sent it; `name` is for /proc.

    Pages take memory when they are first written.
    """
    if hasattr(os, "memfd_create"):
        descriptor = os.memfd_create(name)
    else:
        with tempfile.TemporaryFile() as file:
            descriptor = os.dup(file.fileno())
    os.ftruncate(descriptor, size)
    return descriptor
