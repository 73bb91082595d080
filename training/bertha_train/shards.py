"""Shards: safetensors files read through memory maps, so that any sample is one seek away."""

import json
import mmap
import resource
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from resilience.endings import UserError

SPECIAL_TOKENS = 3  # [CLS] A [SEP] B [SEP]
WIDTH_STEP = 8
LOOP_BELOW = 8  # samples per shard: for fewer, numpy's overhead per call is more than a plain loop takes
FILES_BESIDE = 256  # sockets, pipes, logs, libraries: what a trainer has open beside its shards
NUMPY_TYPES = {"U8": np.uint8, "U16": np.dtype("<u2"), "U32": np.dtype("<u4")}

Tensors = dict[str, np.ndarray]
Tokens = TypeVar("Tokens", int, np.ndarray)


@dataclass(frozen=True)
class Frame:
    """The ids that hold a sequence together."""

    pad: int
    cls: int
    sep: int


@dataclass(frozen=True)
class Pairs:
    """Assembled but unmasked sequences; all i64."""

    ids: np.ndarray  # [batch, width]
    lengths: np.ndarray  # [batch], special tokens included
    first_lengths: np.ndarray  # [batch], words of sentence A
    random_next: np.ndarray  # [batch]


class Shard:
    """One open file; its methods are numpy's own `item`, the quickest way to a single number."""

    def __init__(self, tensors: Tensors) -> None:
        self.tensors, self.tokens = tensors, tensors["tokens"]
        self.offset, self.first_length = tensors["offsets"].item, tensors["len_a"].item
        self.is_random_next = tensors["is_random_next"].item

    def __len__(self) -> int:
        return len(self.tensors["len_a"])


class Shards:
    """One split (train or held-out) of a set: its samples are numbered through all its shards."""

    def __init__(self, folder: Path, split: dict[str, Any], frame: Frame) -> None:
        self._frame = frame
        _allow_files(len(split["shards"]))
        self.shards = [Shard(_open_shard(folder / shard["file"], shard)) for shard in split["shards"]]
        sizes = [len(shard) for shard in self.shards]
        self._starts = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)

    def __len__(self) -> int:
        return int(self._starts[-1])

    def lengths(self, samples: np.ndarray) -> np.ndarray:
        """Length of each sample (i64) as assembled, special tokens included."""
        if len(samples) < LOOP_BELOW * len(self.shards):
            words = [shard.offset(row + 1) - shard.offset(row) for shard, row in self._find(samples)]
            return np.array(words, np.int64) + SPECIAL_TOKENS
        result = np.empty(len(samples), np.int64)
        order = np.argsort(samples)
        bounds = np.searchsorted(samples[order], self._starts).tolist()
        for shard, start, begin, end in zip(self.shards, self._starts, bounds, bounds[1:]):
            here = order[begin:end]
            offsets, rows = shard.tensors["offsets"], samples[here] - start
            result[here] = offsets[rows + 1] - offsets[rows]
        return result + SPECIAL_TOKENS

    def assemble(self, samples: np.ndarray) -> Pairs:
        """`[CLS] A [SEP] B [SEP]`, padded to the longest of these samples, rounded up to a multiple of 8."""
        pieces, first_lengths, random_next = [], [], []
        for shard, row in self._find(samples):
            pieces.append(shard.tokens[shard.offset(row) : shard.offset(row + 1)])
            first_lengths.append(shard.first_length(row))
            random_next.append(shard.is_random_next(row))
        lengths, firsts = np.array([len(piece) for piece in pieces]), np.array(first_lengths)
        ids = self._lay_out(np.concatenate(pieces), lengths, firsts)
        return Pairs(ids, lengths + SPECIAL_TOKENS, firsts, np.array(random_next))

    def static_masks(self, samples: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """Of held-out samples: for each mask the sample's place among them, its position (u16), the id shown (u16)."""
        found = []
        for place, (shard, row) in enumerate(self._find(samples)):
            of_row = slice(*shard.tensors["mask_offsets"][row : row + 2].tolist())
            positions = shard.tensors["mask_positions"][of_row]
            found.append((np.full(len(positions), place), positions, shard.tensors["mask_inputs"][of_row]))
        places, positions, shown = (np.concatenate(column) for column in zip(*found, strict=True))
        return places, positions, shown

    def _find(self, samples: np.ndarray) -> Iterator[tuple["Shard", int]]:
        """The shard of each sample and its row there."""
        indices = np.searchsorted(self._starts, samples, side="right") - 1
        rows = samples - self._starts[indices]
        return zip(map(self.shards.__getitem__, indices.tolist()), rows.tolist())

    def _lay_out(self, words: np.ndarray, lengths: np.ndarray, first_lengths: np.ndarray) -> np.ndarray:
        """Words of all samples one behind the other, with [CLS] and [SEP] between them, as padded lines."""
        width = padded_width(int(lengths.max()) + SPECIAL_TOKENS)
        ids = np.full((len(lengths), width), self._frame.pad, np.int64)
        rows = np.arange(len(lengths))
        line_starts, word_starts = rows * width, np.cumsum(lengths) - lengths
        within = np.arange(len(words)) - np.repeat(word_starts, lengths)
        is_second = within >= np.repeat(first_lengths, lengths)
        ids.reshape(-1)[np.repeat(line_starts, lengths) + within + 1 + is_second] = words
        ids[:, 0] = self._frame.cls
        ids[rows, first_lengths + 1] = self._frame.sep
        ids[rows, lengths + 2] = self._frame.sep
        return ids


def padded_width(longest: Tokens) -> Tokens:
    """Of a batch whose longest sequence has so many tokens, or of each of several."""
    return -(-longest // WIDTH_STEP) * WIDTH_STEP


def _allow_files(count: int) -> None:
    """Each memory map holds a file open; many systems begin with a limit of 1,024."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = count + FILES_BESIDE + (0 if soft == resource.RLIM_INFINITY else _open_files())
    if soft == resource.RLIM_INFINITY or soft >= wanted:
        return
    if hard != resource.RLIM_INFINITY and hard < wanted:
        raise UserError(
            f"The dataset's {count} shards need {wanted} open files, but this process may have {hard} (ulimit -Hn): "
            "raise that limit, or make the dataset with more samplesPerShard."
        )
    resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))


def _open_files() -> int:
    here = Path("/proc/self/fd")
    return len(list(here.iterdir())) if here.exists() else 0


def _open_shard(path: Path, listed: dict[str, Any]) -> Tensors:
    """The shard's tensors as views of a memory map: the file's pages are read when a sample is."""
    try:
        with path.open("rb") as file:
            data = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
    except (OSError, ValueError) as error:
        raise UserError(f"Dataset shard {path} cannot be opened: {error}") from error
    if len(data) != listed["bytes"]:
        raise UserError(
            f"Dataset shard {path} has {len(data)} bytes instead of {listed['bytes']}: copy the dataset again."
        )
    try:
        header_end = 8 + int.from_bytes(data[:8], "little")
        header = json.loads(data[8:header_end])
        tensors = {name: _view(data, header_end, entry) for name, entry in header.items() if name != "__metadata__"}
        fits = (
            len(tensors["offsets"])
            == listed["samples"] + 1
            == len(tensors["len_a"]) + 1
            == len(tensors["is_random_next"]) + 1
        )
    except (KeyError, TypeError, ValueError) as error:
        raise UserError(
            f"Dataset shard {path} is no shard of this format ({error}): make the dataset again."
        ) from error
    if not fits or int(tensors["offsets"][-1]) != len(tensors["tokens"]):
        raise UserError(f"Dataset shard {path} contradicts the dataset's manifest or itself: make the dataset again.")
    return tensors


def _view(data: mmap.mmap, header_end: int, entry: dict[str, Any]) -> np.ndarray:
    start, end = entry["data_offsets"]
    kind = np.dtype(NUMPY_TYPES[entry["dtype"]])
    return np.frombuffer(data, kind, (end - start) // kind.itemsize, header_end + start)
