"""The held-out result: the model's own losses beside what it would take to know nothing but word frequencies."""

import math
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

import numpy as np
import torch
import torch.nn.functional as F

from .data import Batch, Dataset
from .model import Bert
from .peers import Peers

COUNT_AT_ONCE = 1 << 24  # tokens whose 64-bit copies are in memory at a time
MOST_NATS = 700.0  # what exp can take
SUMS = ("mlm", "nsp", "mlmCorrect", "nspCorrect", "predictions", "pairs", "unigram")


def evaluate(
    model: Bert,
    dataset: Dataset,
    peers: Peers,
    batch_size: int,
    forward: Callable[[Batch], tuple[torch.Tensor, torch.Tensor | None]],
    precision: AbstractContextManager[Any],
) -> dict[str, Any]:
    """Losses (means, nats) and accuracies over the held-out split with its static masks; the ranks share the batches.

    Without the next-sentence task its loss and accuracy are None. `unigram` is the cross-entropy of the same masked words under the training shards' word counts, each plus one.
    """
    frequencies = _log_frequencies(dataset, peers)
    by_length = np.argsort(dataset.heldout.lengths(np.arange(len(dataset.heldout))), kind="stable")
    totals = np.zeros(len(SUMS))
    model.eval()
    with torch.inference_mode(), precision:
        for start in range(peers.rank * batch_size, len(by_length), peers.world * batch_size):
            batch = dataset.heldout_batch(by_length[start : start + batch_size])
            words, nexts = forward(batch)
            totals += _sums(batch, words.float().cpu(), None if nexts is None else nexts.float().cpu(), frequencies)
    model.train()
    found = dict(zip(SUMS, peers.sum(torch.from_numpy(totals)).tolist()))
    return _report(found, dataset.vocabulary.size)


def _sums(batch: Batch, words: torch.Tensor, nexts: torch.Tensor | None, frequencies: np.ndarray) -> np.ndarray:
    mlm, mlm_correct = _losses(words, torch.from_numpy(batch.labels))
    nsp, nsp_correct = (0.0, 0) if nexts is None else _losses(nexts, torch.from_numpy(batch.random_next))
    pairs = 0 if nexts is None else len(batch.random_next)
    return np.array([mlm, nsp, mlm_correct, nsp_correct, len(batch.labels), pairs, -frequencies[batch.labels].sum()])


def _losses(logits: torch.Tensor, labels: torch.Tensor) -> tuple[float, int]:
    sums = F.cross_entropy(logits, labels, reduction="none").double().sum().item()
    return sums, int((logits.argmax(1) == labels).sum())


def _report(found: dict[str, float], vocabulary: int) -> dict[str, Any]:
    predictions, pairs = found["predictions"], found["pairs"]
    mlm = found["mlm"] / predictions
    return {
        "heldOut": {
            "mlm": mlm,
            "perplexity": math.exp(min(mlm, MOST_NATS)),
            "nsp": found["nsp"] / pairs if pairs else None,
            "mlmAccuracy": found["mlmCorrect"] / predictions,
            "nspAccuracy": found["nspCorrect"] / pairs if pairs else None,
            "predictions": int(predictions),
            "pairs": int(pairs),
        },
        "unigram": found["unigram"] / predictions,
        "uniform": math.log(vocabulary),
    }


def _log_frequencies(dataset: Dataset, peers: Peers) -> np.ndarray:
    counts = np.zeros(dataset.vocabulary.size, np.int64)
    for shard in dataset.train.shards[peers.rank :: peers.world]:
        tokens = shard.tokens
        for start in range(0, len(tokens), COUNT_AT_ONCE):
            counts += np.bincount(tokens[start : start + COUNT_AT_ONCE], minlength=len(counts))
    smoothed = peers.sum(torch.from_numpy(counts)).numpy() + 1
    return np.log(smoothed / smoothed.sum())
