"""Writes a tiny dataset in the contract's format: Zipf-like words, and a topic word that fills most of a sample."""

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
from safetensors.numpy import save

SPECIAL = {"pad": 0, "unk": 1, "cls": 2, "sep": 3, "mask": 4}
VOCABULARY = 101  # no multiple of 8, so that the padded rows of the embedding are tried
HELD_OUT = 37
TOPICS = 12


def write_dataset(folder: Path, sequence_lengths: tuple[int, ...], samples: int = 90, seed: int = 1) -> Path:
    """Writes `folder/` with one set per sequence length, its training split in two shards; returns the folder."""
    words = "".join(f"word{number}\n" for number in range(VOCABULARY)).encode()
    (folder / "vocab.txt").write_bytes(words)
    sets = [_write_set(folder, length, samples, np.random.default_rng([seed, length])) for length in sequence_lengths]
    manifest = {
        "format": "bertha-dataset/1",
        "name": "tiny",
        "contentId": "0123456789abcdef",
        "createdFrom": {"seed": seed},
        "vocabulary": {
            "file": "vocab.txt",
            "size": VOCABULARY,
            "sha256": hashlib.sha256(words).hexdigest(),
            "special": SPECIAL,
        },
        "sets": sets,
        "pages": {"in": 1, "out": 1, "skipped": {}},
        "unicodeVersion": "15.1",
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


def _write_set(folder: Path, length: int, samples: int, random: np.random.Generator) -> dict[str, Any]:
    name = f"seq-{length:04d}"
    first = samples // 3  # shards of different sizes
    train = [
        _shard(folder, name, "train", index, count, length, random)
        for index, count in enumerate((first, samples - first))
    ]
    heldout = [_shard(folder, name, "heldout", 0, HELD_OUT, length, random)]
    return {"name": name, "sequenceLength": length, "train": _split(train), "heldout": _split(heldout)}


def _split(shards: list[dict[str, Any]]) -> dict[str, Any]:
    totals = {key: sum(shard[key] for shard in shards) for key in ("samples", "tokens")}
    return {**totals, "randomNextRatio": 0.5, "shards": shards}


def _shard(
    folder: Path, name: str, split: str, index: int, samples: int, length: int, random: np.random.Generator
) -> dict[str, Any]:
    file = f"{name}/{split}/shard-{index:05d}.safetensors"
    pairs = [_pair(length, random) for _ in range(samples)]
    tokens = np.concatenate([np.concatenate(pair) for pair in pairs])
    offsets = np.cumsum([0] + [len(a) + len(b) for a, b in pairs])
    tensors = {
        "offsets": offsets.astype(np.uint32),
        "tokens": tokens.astype(np.uint16),
        "len_a": np.array([len(a) for a, _ in pairs], np.uint16),
        "is_random_next": random.integers(0, 2, samples).astype(np.uint8),
    }
    if split == "heldout":
        tensors |= _static_masks(pairs, random)
    data = save(tensors)
    (folder / file).parent.mkdir(parents=True, exist_ok=True)
    (folder / file).write_bytes(data)
    return {
        "file": file,
        "samples": samples,
        "tokens": len(tokens),
        "bytes": len(data),
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def _pair(length: int, random: np.random.Generator) -> tuple[np.ndarray, np.ndarray]:
    total = int(random.integers(2, length - 2))
    words, topic = random.zipf(1.5, total), random.integers(0, TOPICS)
    is_topic = (
        random.random(total) < 0.7
    )  # what can be learnt: a masked word is likely the one that its neighbours repeat
    ids = np.where(is_topic, topic, words) % (VOCABULARY - len(SPECIAL)) + len(SPECIAL)
    cut = int(random.integers(1, total))
    return ids[:cut], ids[cut:]


def _static_masks(pairs: list[tuple[np.ndarray, np.ndarray]], random: np.random.Generator) -> dict[str, np.ndarray]:
    counts, positions, inputs = [], [], []
    for a, b in pairs:
        line = np.concatenate([[SPECIAL["cls"]], a, [SPECIAL["sep"]], b, [SPECIAL["sep"]]])
        candidates = np.setdiff1d(np.arange(1, len(line) - 1), [len(a) + 1])
        chosen = np.sort(random.choice(candidates, max(1, round(len(line) * 0.15)), replace=False))
        counts.append(len(chosen))
        positions.append(chosen)
        inputs.append(np.where(random.random(len(chosen)) < 0.8, SPECIAL["mask"], line[chosen]))
    return {
        "mask_offsets": np.cumsum([0, *counts]).astype(np.uint32),
        "mask_positions": np.concatenate(positions).astype(np.uint16),
        "mask_inputs": np.concatenate(inputs).astype(np.uint16),
    }
