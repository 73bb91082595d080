"""What each step trains on: the global batch in its order, and each rank's share of it."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from resilience.windows import next_positions

from .config import TrainConfig
from .data import Batch, Dataset
from .order import mask_seeds, sample_at
from .shards import padded_width

BLOCK = 4096  # positions


@dataclass(frozen=True)
class Plan:
    """One global batch: the same on every rank, known without reading a token."""

    step: int
    end: int  # the position of the stream behind the last sample
    samples: np.ndarray  # i64 [globalBatch], in the order that the sample hash covers
    seeds: np.ndarray  # u64 [globalBatch]
    tokens: int  # special tokens included, padding not
    square_tokens: int  # sum of the squares of the lengths: what attention takes
    predictions: int
    # i64 [globalBatch], a permutation of the batch: like lengths beside each other waste less padding
    by_length: np.ndarray
    lengths: np.ndarray  # i64 [globalBatch], in the order of `by_length`


class Stream:
    """Global batches by their place in the phase's stream, and nothing to remember: a resume asks for the next one."""

    def __init__(self, config: TrainConfig, dataset: Dataset) -> None:
        self._config = config
        self._dataset = dataset
        self._block = lru_cache(maxsize=2)(self._draw_block)

    def plan(self, step: int, position: int) -> Plan:
        """The global batch of optimizer step `step`: the next positions from `position` on that are not skipped."""
        positions, end = next_positions(position, self._config.global_batch, self._config.skip_windows)
        samples = self._samples_at(positions.astype(np.int64))
        lengths = self._dataset.train.lengths(samples)
        predictions = self._dataset.prediction_counts(lengths, self._config.masking)
        by_length = np.argsort(lengths, kind="stable")
        return Plan(
            step,
            end,
            samples,
            mask_seeds(positions, self._config.seed),
            tokens=int(lengths.sum()),
            square_tokens=int((lengths * lengths).sum()),
            predictions=int(predictions.sum()),
            by_length=by_length,
            lengths=lengths[by_length],
        )

    def padding(self, plan: Plan, world: int) -> float:
        """Share of the positions of all ranks' batches that is padding."""
        positions = 0
        for together in np.array_split(plan.lengths, self._config.accumulation(world)):
            of_longest = np.arange(max(0, len(together) - world), len(together))  # each rank's last sample
            positions += int(((of_longest // world + 1) * padded_width(together[of_longest])).sum())
        return 1 - plan.tokens / positions

    def _samples_at(self, positions: np.ndarray) -> np.ndarray:
        """Drawn by blocks, which are kept for the next steps: to draw thousands takes little longer than to draw one."""
        blocks, places = np.divmod(positions, BLOCK)
        samples = np.empty(len(positions), np.int64)
        for block in np.unique(blocks).tolist():
            here = blocks == block
            samples[here] = self._block(block)[places[here]]
        return samples

    def _draw_block(self, block: int) -> np.ndarray:
        positions = np.arange(block * BLOCK, (block + 1) * BLOCK)
        return sample_at(positions, len(self._dataset.train), self._config.seed)

    def share(self, plan: Plan, rank: int, world: int) -> Iterator[Batch]:
        """The micro-batches of one rank; at the same moment all ranks have samples of about the same length.

        What does not divide evenly differs by one sample between micro-batches, and by one between ranks.
        """
        for together in np.array_split(plan.by_length, self._config.accumulation(world)):
            mine = together[rank::world]
            yield self._dataset.training_batch(plan.samples[mine], plan.seeds[mine], self._config.masking)
