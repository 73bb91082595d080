"""Measures the training loader alone: `loader.py DATA LENGTH SECONDS`, one process, one thread; prints JSON."""

import json
import platform
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import torch

from bertha_train.config import TrainConfig
from bertha_train.fields import parse
from bertha_train.data import Batch, Dataset
from bertha_train.stream import Stream

BATCH = 256
CLUSTER = {"world": 128, "batch": 65_536}  # NVIDIA's phase 1
REPEATS = 200  # how often the manifest of the large set lists each shard
SEEKS = 9
MODEL = {
    "hiddenSize": 1024, "layers": 24, "attentionHeads": 16, "intermediateSize": 4096, "maxPositions": 512,
    "typeVocabulary": 2, "dropout": 0.1, "attentionDropout": 0.1, "initializerRange": 0.02,
}  # fmt: skip
REST = {
    "steps": 1000, "seed": 42, "model": MODEL, "precision": "float32", "threads": 1,
    "optimizer": {"name": "adamw", "learningRate": 1e-3, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6,
                  "weightDecay": 0.01, "clipNorm": 1.0},
    "schedule": {"name": "linear", "warmupRatio": 0.1}, "heartbeatSeconds": 1, "metricsSeconds": 1,
}  # fmt: skip


def config(length: int, batch: int, micro: int) -> TrainConfig:
    masking = {"probability": 0.15, "maxPredictions": 80 if length > 128 else 20}
    sizes = {"sequenceLength": length, "globalBatch": batch, "microBatch": micro}
    return parse(TrainConfig, {**REST, **sizes, "masking": masking})


def tensors(batch: Batch) -> list[torch.Tensor]:
    arrays = (batch.ids, batch.segments, batch.attended, batch.masked, batch.labels, batch.random_next)
    return [torch.from_numpy(array) for array in arrays]


def sequences_a_second(stream: Stream, world: int, seconds: float) -> float:
    """Of one rank: plans, masks and collates until the time is up, as a training step does."""
    done, step, position, began = 0, 0, 0, time.perf_counter()
    while (spent := time.perf_counter() - began) < seconds:
        step += 1
        plan = stream.plan(step, position)
        position = plan.end
        for batch in stream.share(plan, 0, world):
            done += len(tensors(batch)[0])
    return done / spent


def large(folder: Path, into: Path, length: int) -> Path:
    """The same shards under a manifest that lists each of them many times: a set as large as the Wikipedia's."""
    manifest = json.loads((folder / "manifest.json").read_bytes())
    manifest["sets"] = [s for s in manifest["sets"] if s["sequenceLength"] == length]
    for split in (manifest["sets"][0][name] for name in ("train", "heldout")):
        split["shards"] = [{**s, "file": str(folder.resolve() / s["file"])} for s in split["shards"]]
    train = manifest["sets"][0]["train"]
    train["shards"] = train["shards"] * REPEATS
    (into / "manifest.json").write_text(json.dumps(manifest))
    return into


def seek_milliseconds(dataset: Dataset, length: int) -> dict[str, float]:
    """Of the first batch of 32 at sample 0, N/2 and N - 1, each by a stream that is new."""
    found = {}
    for name, sample in (("0", 0), ("N/2", len(dataset.train) // 2), ("N-1", len(dataset.train) - 1)):
        times = []
        for _ in range(SEEKS):
            began = time.perf_counter()
            stream = Stream(config(length, 32, 32), dataset)
            next(stream.share(stream.plan(1, sample), 0, 1))
            times.append(1000 * (time.perf_counter() - began))
        found[name] = float(np.median(times))
    return found


def main(folder: Path, length: int, seconds: float) -> dict[str, Any]:
    torch.set_num_threads(1)
    with tempfile.TemporaryDirectory() as temporary:
        began = time.perf_counter()
        dataset = Dataset(large(folder, Path(temporary), length), length)
        opening = time.perf_counter() - began
        sequences_a_second(Stream(config(length, BATCH, BATCH), dataset), 1, 0.5)
        cluster = Stream(config(length, CLUSTER["batch"], 64), dataset)
        return {
            "alone": sequences_a_second(Stream(config(length, BATCH, 64), dataset), 1, seconds),
            "cluster": sequences_a_second(cluster, CLUSTER["world"], seconds),
            "seek": seek_milliseconds(dataset, length),
            "samples": len(dataset.train),
            "shards": len(dataset.train.shards),
            "opening": opening,
            "versions": {"python": platform.python_version(), "numpy": np.__version__, "torch": torch.__version__},
        }


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]), float(sys.argv[3]))))
