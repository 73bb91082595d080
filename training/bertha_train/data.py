"""The dataset: what the model is given of it, masked, a batch at a time."""

import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from resilience.endings import UserError

from .config import MaskingConfig
from .order import choose_masks, prediction_counts, replace_masked
from .shards import SPECIAL_TOKENS, Frame, Pairs, Shards

FORMAT = "bertha-dataset/1"


@dataclass(frozen=True)
class Vocabulary:
    """The tokeniser's vocabulary."""

    file: Path
    size: int
    sha256: str
    special: dict[str, int]  # ids of pad, unk, cls, sep, mask
    words: np.ndarray  # i64, all ids that are not special
    lowercase: bool
    most_letters: int  # of a word; a longer one is unknown


@dataclass(frozen=True)
class Batch:
    """Sequences as the model takes them; arrays are i64, `attended` is bool, `masked` are flat indices."""

    ids: np.ndarray  # [batch, width]
    segments: np.ndarray  # [batch, width]
    attended: np.ndarray  # [batch, width], false at padding
    masked: np.ndarray  # [predictions]
    labels: np.ndarray  # [predictions], the original ids
    random_next: np.ndarray  # [batch], 1 if sentence B is a random one


class Dataset:
    """The set of one sequence length: training and held-out shards, and the identity that a checkpoint remembers."""

    def __init__(self, folder: Path, sequence_length: int) -> None:
        """Opens and checks the set. Raises UserError if it is missing, damaged or holds no such set."""
        manifest = _read_manifest(folder)
        try:
            self.vocabulary = _vocabulary(folder, manifest)
            frame = Frame(*(self.vocabulary.special[name] for name in ("pad", "cls", "sep")))
            chosen = [s for s in manifest["sets"] if s["sequenceLength"] == sequence_length]
            if not chosen:
                available = ", ".join(str(s["sequenceLength"]) for s in manifest["sets"])
                raise UserError(f"Dataset {folder} has no set with sequenceLength {sequence_length}, only {available}.")
            self.train = Shards(folder, chosen[0]["train"], frame)
            self.heldout = Shards(folder, chosen[0]["heldout"], frame)
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
        width, last, middle = pairs.ids.shape[1], pairs.lengths - 1, pairs.first_lengths + 1
        is_word = np.arange(width) < last[:, None]
        is_word[:, 0] = is_word[np.arange(len(samples)), middle] = False
        places = choose_masks(is_word, self.prediction_counts(pairs.lengths, masking), seeds)
        rows = places // width
        labels = pairs.ids.reshape(-1)[places]
        mask, words = self.vocabulary.special["mask"], self.vocabulary.words
        shown = replace_masked(labels, seeds[rows], places - rows * width, mask, words)
        return _masked_batch(pairs, places, labels, shown)

    def heldout_batch(self, samples: np.ndarray) -> Batch:
        """The samples with the static masks of their shards."""
        pairs = self.heldout.assemble(samples)
        samples_of, positions, shown = self.heldout.static_masks(samples)
        places = samples_of * pairs.ids.shape[1] + positions
        return _masked_batch(pairs, places, pairs.ids.reshape(-1)[places], shown)


def _masked_batch(pairs: Pairs, places: np.ndarray, labels: np.ndarray, shown: np.ndarray) -> Batch:
    """`places` are flat indices into the padded lines."""
    pairs.ids.reshape(-1)[places] = shown
    columns, lengths = np.arange(pairs.ids.shape[1]), pairs.lengths[:, None]
    attended = columns < lengths
    segments = attended & (columns > pairs.first_lengths[:, None] + 1)
    return Batch(pairs.ids, segments.astype(np.int64), attended, places, labels, pairs.random_next)


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


def _vocabulary(folder: Path, manifest: dict[str, Any]) -> Vocabulary:
    value = manifest["vocabulary"]
    words = np.setdiff1d(np.arange(value["size"]), list(value["special"].values()))
    options = manifest.get("createdFrom", {}).get("options", {})
    return Vocabulary(
        file=folder / value["file"],
        size=value["size"],
        sha256=value["sha256"],
        special=value["special"],
        words=words,
        lowercase=options.get("lowercase", True),
        most_letters=options.get("maxWordLength", 100),
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
