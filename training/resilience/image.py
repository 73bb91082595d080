"""A safetensors file as it lies in memory: where each tensor goes, so that tensors are copied straight into place.

Format: https://huggingface.co/docs/safetensors (u64le header length, JSON header padded to 8 bytes, the tensors without
gaps). The library makes such a file in memory of its own and copies out of it; here both are done in place.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

Tensors = Mapping[str, torch.Tensor]
LENGTH_BYTES = 8
# In the order in which the library puts tensors into a file: wide types first, so that each begins where it may.
DTYPES = {
    "I64": torch.int64, "F64": torch.float64, "F32": torch.float32, "I32": torch.int32, "BF16": torch.bfloat16,
    "F16": torch.float16, "I16": torch.int16, "I8": torch.int8, "U8": torch.uint8, "BOOL": torch.bool,
}  # fmt: skip
NAMES = {dtype: name for name, dtype in DTYPES.items()}
RANKS = {dtype: rank for rank, dtype in enumerate(NAMES)}


@dataclass(frozen=True)
class Image:
    """A file to be: its header, and where each tensor's bytes begin and end, counted from the file's first byte."""

    header: bytes
    places: dict[str, tuple[int, int]]
    bytes: int

    def write(self, memory: torch.Tensor, tensors: Tensors) -> None:
        """Puts header and tensors into `memory` (u8 [bytes], on the CPU). Copies from a GPU may still be under way."""
        memory[: len(self.header)] = torch.frombuffer(bytearray(self.header), dtype=torch.uint8)
        for name, (begin, end) in self.places.items():
            tensor = tensors[name].detach()
            memory[begin:end].view(tensor.dtype).view(tensor.shape).copy_(tensor, non_blocking=True)


def image_of(tensors: Tensors, about: Mapping[str, str]) -> Image:
    """The file of these tensors, byte for byte as the safetensors library lays it out; `about` is its metadata.

    Raises ValueError for a type that the format, or this module, does not know.
    """
    wide_first = sorted(tensors, key=lambda name: (_rank(name, tensors[name]), name))
    fields: dict[str, Any] = {"__metadata__": dict(sorted(about.items()))} if about else {}
    offsets, at = {}, 0
    for name in wide_first:
        tensor = tensors[name]
        offsets[name] = (at, at + tensor.numel() * tensor.element_size())
        fields[name] = {
            "dtype": NAMES[tensor.dtype],
            "shape": list(tensor.shape),
            "data_offsets": list(offsets[name]),
        }
        at = offsets[name][1]
    text = json.dumps(fields, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    header = len(text).to_bytes(LENGTH_BYTES, "little") + text
    places = {name: (len(header) + begin, len(header) + end) for name, (begin, end) in offsets.items()}
    return Image(header, places, len(header) + at)


def tensors_in(memory: torch.Tensor) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    """The tensors of a file that lies in `memory` (u8, on the CPU), sharing its bytes, and the file's metadata.

    Raises ValueError, KeyError or TypeError where it is no such file.
    """
    length = int.from_bytes(_text(memory, 0, LENGTH_BYTES), "little")
    begin = LENGTH_BYTES + length
    if begin > len(memory):
        raise ValueError(f"its header has {length} bytes, the file {len(memory)}")
    fields = json.loads(_text(memory, LENGTH_BYTES, begin))
    about = fields.pop("__metadata__", {})
    return {name: _view(memory[begin:], **field) for name, field in fields.items()}, about


def _rank(name: str, tensor: torch.Tensor) -> int:
    if tensor.dtype not in RANKS:
        raise ValueError(f"Tensor {name} is of type {tensor.dtype}, which a checkpoint cannot hold.")
    return RANKS[tensor.dtype]


def _view(data: torch.Tensor, dtype: str, shape: list[int], data_offsets: list[int]) -> torch.Tensor:
    begin, end = data_offsets
    return data[begin:end].view(DTYPES[dtype]).view(shape)


def _text(memory: torch.Tensor, begin: int, end: int) -> bytes:
    return memory[begin:end].numpy().tobytes()
