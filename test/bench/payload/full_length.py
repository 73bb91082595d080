"""A dataset whose samples are all of full length, made at random: what padding costs plays no part in it."""

import hashlib
import json
from pathlib import Path

import numpy as np
from safetensors.numpy import save

SAMPLES = 512
SPECIAL = {"pad": 0, "unk": 100, "cls": 101, "sep": 102, "mask": 103}


def write(folder: Path, length: int, vocabulary: int) -> Path:
    """Writes `folder/` as docs/payload-contract.md has it; returns the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    random = np.random.default_rng(1)
    words = length - 3
    tensors = {
        "offsets": np.arange(SAMPLES + 1, dtype=np.uint32) * np.uint32(words),
        "tokens": random.integers(1000, vocabulary, SAMPLES * words).astype(np.uint16),
        "len_a": np.full(SAMPLES, words // 2, np.uint16),
        "is_random_next": random.integers(0, 2, SAMPLES).astype(np.uint8),
    }
    data = save(tensors)
    (folder / "shard.safetensors").write_bytes(data)
    about = {"samples": SAMPLES, "tokens": SAMPLES * words, "bytes": len(data)}
    shard = {"file": "shard.safetensors", **about, "sha256": hashlib.sha256(data).hexdigest()}
    split = {"samples": SAMPLES, "shards": [shard]}
    manifest = {
        "format": "bertha-dataset/1",
        "vocabulary": {"file": "vocab.txt", "size": vocabulary, "sha256": "0" * 64, "special": SPECIAL},
        "sets": [{"name": "full", "sequenceLength": length, "train": split, "heldout": split}],
    }
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder
