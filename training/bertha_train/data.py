"""The dataset: safetensors shards read through memory maps, so that any sample is one seek away."""

import hashlib
import json
import mmap
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resilience.endings import UserError

from .config import MaskingConfig
from .order import choose_masks, prediction_counts, replace_masked

FORMAT = "bertha-dataset/1"
SPECIAL_TOKENS = 3  # [CLS] A [SEP] B [SEP]
WIDTH_STEP = 8
NUMPY_TYPES = {"U8": np.uint8, "U16": np.dtype("<u2"), "U32": np.dtype("<u4")}


@dataclass(frozen=True)
class Vocabulary:
    """Size, identity and special ids of the tokeniser's vocabulary; `words` are all ids that are not special."""

    size: int
    sha256: str
    pad: int
    cls: int
    sep: int
    mask: int
    words: np.ndarray


@dataclass(frozen=True)
class Batch:
    """Sequences as the model takes them; arrays are i64, `attended` is bool, `masked` are flat indices."""

    ids: np.ndarray  # [batch, width]
    segments: np.ndarray  # [batch, width]
    attended: np.ndarray  # [batch, width], false at padding
    masked: np.ndarray  # [predictions]
    labels: np.ndarray  # [predictions], the original ids
    random_next: np.ndarray  # [batch], 1 if sentence B is a random one


@dataclass(frozen=True)
class Pairs:
    """Assembled but unmasked sequences."""

    ids: np.ndarray
    lengths: np.ndarray
    first_lengths: np.ndarray
    random_next: np.ndarray


class Shards:
    """One split (train or held-out) of a set: its samples are numbered through all its shards."""

    def __init__(self, folder: Path, split: dict[str, Any], vocabulary: Vocabulary) -> None:
        self._vocabulary = vocabulary
        self.tensors = [_open_shard(folder / shard["file"], shard) for shard in split["shards"]]
        sizes = [len(shard["len_a"]) for shard in self.tensors]
        self._starts = np.concatenate([[0], np.cumsum(sizes)])

    def __len__(self) -> int:
        return int(self._starts[-1])

    def lengths(self, samples: np.ndarray) -> np.ndarray:
        """Length of each sample as assembled, special tokens included."""
        result = np.empty(len(samples), np.int64)
        for index, rows, here in self._by_shard(samples):
            offsets = self.tensors[index]["offsets"]
            result[here] = offsets[rows + 1].astype(np.int64) - offsets[rows] + SPECIAL_TOKENS
        return result

    def assemble(self, samples: np.ndarray) -> Pairs:
        """`[CLS] A [SEP] B [SEP]`, padded to the longest of these samples, rounded up to a multiple of 8."""
        lengths = self.lengths(samples)
        width = -(-int(lengths.max()) // WIDTH_STEP) * WIDTH_STEP
        ids = np.full((len(samples), width), self._vocabulary.pad, np.int64)
        first_lengths, random_next = np.empty(len(samples), np.int64), np.empty(len(samples), np.int64)
        for index, rows, here in self._by_shard(samples):
            shard = self.tensors[index]
            first_lengths[here], random_next[here] = shard["len_a"][rows], shard["is_random_next"][rows]
            for row, place in zip(rows.tolist(), here.tolist()):
                self._place(ids[place], shard, row, int(first_lengths[place]))
        return Pairs(ids, lengths, first_lengths, random_next)

    def _place(self, line: np.ndarray, shard: dict[str, np.ndarray], row: int, first: int) -> None:
        start, end = int(shard["offsets"][row]), int(shard["offsets"][row + 1])
        tokens = shard["tokens"]
        line[0] = self._vocabulary.cls
        line[1 : first + 1] = tokens[start : start + first]
        line[first + 1] = self._vocabulary.sep
        line[first + 2 : end - start + 2] = tokens[start + first : end]
        line[end - start + 2] = self._vocabulary.sep

    def _by_shard(self, samples: np.ndarray) -> list[tuple[int, np.ndarray, np.ndarray]]:
        shard_of = np.searchsorted(self._starts, samples, side="right") - 1
        found = []
        for index in np.unique(shard_of).tolist():
            here = np.flatnonzero(shard_of == index)
            found.append((index, samples[here] - self._starts[index], here))
        return found


class Dataset:
    """The set of one sequence length: training and held-out shards, and the identity that a checkpoint remembers."""

    def __init__(self, folder: Path, sequence_length: int) -> None:
        """Opens and checks the set. Raises UserError if it is missing, damaged or holds no such set."""
        manifest = _read_manifest(folder)
        try:
            self.vocabulary = _vocabulary(manifest["vocabulary"])
            chosen = [s for s in manifest["sets"] if s["sequenceLength"] == sequence_length]
            if not chosen:
                available = ", ".join(str(s["sequenceLength"]) for s in manifest["sets"])
                raise UserError(f"Dataset {folder} has no set with sequenceLength {sequence_length}, only {available}.")
            self.train = Shards(folder, chosen[0]["train"], self.vocabulary)
            self.heldout = Shards(folder, chosen[0]["heldout"], self.vocabulary)
            self.sha256 = _identity(manifest["vocabulary"], chosen[0])
        except (KeyError, TypeError) as error:
            raise UserError(f"Dataset {folder}: manifest.json lacks or garbles {error}.") from error
        for name, split in (("train", self.train), ("heldout", self.heldout)):
            if not len(split):
                raise UserError(f"Dataset {folder}: the {name} split of sequence length {sequence_length} is empty.")

    def prediction_counts(self, lengths: np.ndarray, masking: MaskingConfig) -> np.ndarray:
        """How many tokens are predicted in training samples of these lengths: known without drawing the masks."""
        return prediction_counts(lengths, lengths - SPECIAL_TOKENS, masking.probability, masking.max_predictions)

    def training_batch(self, samples: np.ndarray, seeds: np.ndarray, masking: MaskingConfig) -> Batch:
        """The samples with masks drawn from `seeds` (u64, one per sample)."""
        pairs = self.train.assemble(samples)
        columns = np.arange(pairs.ids.shape[1])
        is_word = (columns > 0) & (columns < pairs.lengths[:, None] - 1) & (columns != pairs.first_lengths[:, None] + 1)
        counts = self.prediction_counts(pairs.lengths, masking)
        rows, places = choose_masks(is_word, counts, seeds)
        labels = pairs.ids[rows, places]
        shown = replace_masked(labels, seeds[rows], places, self.vocabulary.mask, self.vocabulary.words)
        return _masked_batch(pairs, rows, places, labels, shown)

    def heldout_batch(self, samples: np.ndarray) -> Batch:
        """The samples with the static masks of their shards."""
        pairs = self.heldout.assemble(samples)
        rows, places, shown = [], [], []
        for index, local, here in self.heldout._by_shard(samples):
            shard = self.heldout.tensors[index]
            for row, place in zip(local.tolist(), here.tolist()):
                of_row = slice(int(shard["mask_offsets"][row]), int(shard["mask_offsets"][row + 1]))
                places.append(shard["mask_positions"][of_row].astype(np.int64))
                shown.append(shard["mask_inputs"][of_row].astype(np.int64))
                rows.append(np.full(len(places[-1]), place))
        flat_rows, flat_places = np.concatenate(rows), np.concatenate(places)
        return _masked_batch(pairs, flat_rows, flat_places, pairs.ids[flat_rows, flat_places], np.concatenate(shown))


def _masked_batch(pairs: Pairs, rows: np.ndarray, places: np.ndarray, labels: np.ndarray, shown: np.ndarray) -> Batch:
    ids, columns = pairs.ids, np.arange(pairs.ids.shape[1])
    ids[rows, places] = shown
    attended = columns < pairs.lengths[:, None]
    segments = (attended & (columns > pairs.first_lengths[:, None] + 1)).astype(np.int64)
    return Batch(ids, segments, attended, rows * ids.shape[1] + places, labels, pairs.random_next)


def _read_manifest(folder: Path) -> dict[str, Any]:
    path = folder / "manifest.json"
    try:
        manifest = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"Dataset manifest {path} cannot be read: {error}") from error
    found = manifest.get("format") if isinstance(manifest, dict) else None
    if found != FORMAT:
        raise UserError(f"Dataset manifest {path} has format {found!r}, but this trainer reads {FORMAT!r}.")
    return manifest


def _vocabulary(value: dict[str, Any]) -> Vocabulary:
    special = value["special"]
    words = np.setdiff1d(np.arange(value["size"]), list(special.values()))
    return Vocabulary(
        value["size"], value["sha256"], special["pad"], special["cls"], special["sep"], special["mask"], words
    )


def _identity(vocabulary: dict[str, Any], chosen: dict[str, Any]) -> str:
    """A hash of the content alone: where, when and under which name the same shards were made plays no part."""
    content = {
        "vocabulary": {key: vocabulary[key] for key in ("size", "sha256", "special")},
        "sequenceLength": chosen["sequenceLength"],
        **{
            split: [[shard["samples"], shard["sha256"]] for shard in chosen[split]["shards"]]
            for split in ("train", "heldout")
        },
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def _open_shard(path: Path, listed: dict[str, Any]) -> dict[str, np.ndarray]:
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
