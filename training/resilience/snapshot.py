"""A copy of the state in memory that was there before: what the step waits for, and another process writes."""

import mmap
import os
import threading
from collections.abc import Mapping

import numpy as np
import torch

from .image import Tensors, image_of
from .memory import shared_memory

PAGE = 4096
Parts = Mapping[str, Tensors]


class Snapshot:
    """Room for the files of one checkpoint, one behind the other, in memory shared with the process that writes."""

    def __init__(self, parts: Parts, about: Mapping[str, str]) -> None:
        """Reserves the room in a thread of its own, for tensors of these shapes and types; `take` waits for it."""
        self._images = {part: image_of(tensors, about) for part, tensors in parts.items()}
        self.files: list[tuple[str, int, int]] = []  # name, first byte, bytes
        size = 0
        for part, image in self._images.items():
            self.files.append((f"{part}.safetensors", size, image.bytes))
            size += -(-image.bytes // PAGE) * PAGE
        self._size, self._device = max(size, PAGE), _gpu(parts)
        self.descriptor = shared_memory("bertha-checkpoint", self._size)
        self._memory: torch.Tensor | None = None
        self._problem: OSError | None = None
        self._reserving = threading.Thread(target=self._reserve, name="snapshot", daemon=True)
        self._reserving.start()

    def fits(self, parts: Parts, about: Mapping[str, str]) -> bool:
        """Whether these tensors have the shapes, types and names that the room was made for."""
        return {part: image_of(tensors, about) for part, tensors in parts.items()} == self._images

    def take(self, parts: Parts) -> None:
        """Copies the tensors, and returns when all have arrived. Raises OSError where there is no memory for them."""
        self._reserving.join()
        if self._problem is not None:
            raise self._problem
        assert self._memory is not None
        for (part, image), (_, begin, size) in zip(self._images.items(), self.files):
            image.write(self._memory[begin : begin + size], parts[part])
        if self._device is not None:
            torch.cuda.current_stream(self._device).synchronize()

    def release(self) -> None:
        """Gives the memory back, as far as no tensor holds on to it."""
        self._reserving.join()
        self._memory = None
        os.close(self.descriptor)

    def _reserve(self) -> None:
        """Has every page there before it is needed: a page that is new costs more than what is copied to it."""
        try:
            if hasattr(os, "posix_fallocate"):
                os.posix_fallocate(self.descriptor, 0, self._size)
            memory = torch.frombuffer(mmap.mmap(self.descriptor, self._size), dtype=torch.uint8)
            memory.numpy()[::PAGE] = np.uint8(0)
            if self._device is not None:
                _pin(memory, self._device)
            self._memory = memory
        except OSError as error:
            self._problem = error


def _gpu(parts: Parts) -> torch.device | None:
    devices = {tensor.device for tensors in parts.values() for tensor in tensors.values()}
    return next((device for device in devices if device.type == "cuda"), None)


def _pin(memory: torch.Tensor, device: torch.device) -> None:
    """Lets the GPU copy there by itself. Where the driver will not, the copy takes longer and is right all the same."""
    with torch.cuda.device(device):
        torch.cuda.cudart().cudaHostRegister(memory.data_ptr(), memory.numel(), 0)
