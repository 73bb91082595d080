"""The loader: what lies in the shards comes out, whoever asks for which part of it."""

import json
import os
import resource
from pathlib import Path

import numpy as np
import pytest
from dataset import SPECIAL, write_dataset
from trainers import config

from bertha_train.config import TrainConfig, read_config
from bertha_train.data import Batch, Dataset
from bertha_train.stream import Stream
from resilience.endings import UserError


def parsed(folder: Path, **changes: object) -> TrainConfig:
    (folder / "config.json").write_text(json.dumps(config(**changes)))
    return read_config(folder / "config.json")


def plain_lines(dataset: Dataset) -> list[list[int]]:
    """Every training sample as the contract words it, one token after the other."""
    lines = []
    for shard in (one.tensors for one in dataset.train.shards):
        tokens, offsets = shard["tokens"].tolist(), shard["offsets"].tolist()
        for begin, end, first in zip(offsets, offsets[1:], shard["len_a"].tolist()):
            a, b = tokens[begin : begin + first], tokens[begin + first : end]
            lines.append([SPECIAL["cls"], *a, SPECIAL["sep"], *b, SPECIAL["sep"]])
    return lines


def unmasked(batch: Batch) -> list[list[int]]:
    """A batch's lines without masks and padding."""
    ids = batch.ids.copy()
    ids.reshape(-1)[batch.masked] = batch.labels
    return [line[seen].tolist() for line, seen in zip(ids, batch.attended)]


def test_every_sample_is_assembled_as_the_contract_says(data: Path) -> None:
    dataset = Dataset(data, 32)
    expected = plain_lines(dataset)
    samples = np.random.default_rng(0).permutation(len(dataset.train))
    pairs = dataset.train.assemble(samples)
    for line, length, sample in zip(pairs.ids.tolist(), pairs.lengths.tolist(), samples.tolist()):
        assert line == expected[sample] + [SPECIAL["pad"]] * (len(line) - length)
    assert pairs.ids.shape[1] == 32 and pairs.ids.dtype == np.int64
    labels = np.concatenate([shard.tensors["is_random_next"] for shard in dataset.train.shards])
    assert np.array_equal(pairs.random_next, labels[samples])


def test_lengths_are_the_same_for_few_samples_and_for_many(data: Path) -> None:
    dataset = Dataset(data, 32)
    expected = [len(line) for line in plain_lines(dataset)]
    many = np.random.default_rng(0).integers(0, len(dataset.train), 500)
    assert dataset.train.lengths(many).tolist() == [expected[sample] for sample in many.tolist()]
    assert [int(dataset.train.lengths(np.array([sample]))[0]) for sample in range(90)] == expected


@pytest.mark.parametrize(("world", "micro"), [(3, 5), (5, 2), (5, 12), (7, 2), (2, 5)])
def test_ranks_that_do_not_divide_the_batch_or_the_shards_share_it_all_the_same(
    data: Path, tmp_path: Path, world: int, micro: int
) -> None:
    settings = parsed(tmp_path, microBatch=micro, globalBatch=16)
    stream = Stream(settings, Dataset(data, 16))
    plan = stream.plan(3, 32)
    by_rank = [list(stream.share(plan, rank, world)) for rank in range(world)]
    sizes = [[len(batch.ids) for batch in batches] for batches in by_rank]
    assert {len(batches) for batches in by_rank} == {settings.accumulation(world)}
    assert all(1 <= size <= micro for rank in sizes for size in rank)
    assert all(max(step) - min(step) <= 1 for step in zip(*sizes))
    whole = next(Stream(parsed(tmp_path, microBatch=16, globalBatch=16), Dataset(data, 16)).share(plan, 0, 1))
    lines = sorted(line for batches in by_rank for batch in batches for line in unmasked(batch))
    assert lines == sorted(unmasked(whole))
    assert sum(len(batch.labels) for batches in by_rank for batch in batches) == plan.predictions


@pytest.mark.parametrize(("world", "micro"), [(1, 5), (3, 2), (5, 12)])
def test_the_padding_told_is_that_of_all_ranks_batches(data: Path, tmp_path: Path, world: int, micro: int) -> None:
    stream = Stream(parsed(tmp_path, sequenceLength=32, globalBatch=16, microBatch=micro), Dataset(data, 32))
    plan = stream.plan(2, 16)
    batches = [batch for rank in range(world) for batch in stream.share(plan, rank, world)]
    positions = sum(batch.ids.size for batch in batches)
    assert stream.padding(plan, world) == pytest.approx(1 - plan.tokens / positions)
    assert plan.square_tokens == sum(int(row.sum()) ** 2 for batch in batches for row in batch.attended)


def test_a_batch_that_leaves_a_rank_without_work_is_refused(tmp_path: Path) -> None:
    settings = parsed(tmp_path, globalBatch=12, microBatch=1)
    with pytest.raises(
        UserError, match="globalBatch 12 in 3 passes of at most microBatch 1 leaves some of 5 processes"
    ):
        settings.accumulation(5)


def test_a_step_far_ahead_is_drawn_without_those_before_it(data: Path, tmp_path: Path) -> None:
    settings, dataset = parsed(tmp_path), Dataset(data, 16)
    one_by_one = Stream(settings, dataset)
    position = 0
    for step in range(1, 1001):
        plan = one_by_one.plan(step, position)
        position = plan.end
    at_once = Stream(settings, dataset).plan(1000, 999 * 12)
    assert np.array_equal(plan.samples, at_once.samples) and np.array_equal(plan.seeds, at_once.seeds)
    ours, theirs = (next(s.share(plan, 0, 1)) for s in (one_by_one, Stream(settings, dataset)))
    assert np.array_equal(ours.ids, theirs.ids)


def test_a_set_of_more_shards_than_files_may_be_open_raises_the_limit(tmp_path: Path) -> None:
    write_dataset(tmp_path, (16,), samples=9)
    manifest = json.loads((tmp_path / "manifest.json").read_text())
    manifest["sets"][0]["train"]["shards"] *= 40
    (tmp_path / "manifest.json").write_text(json.dumps(manifest))
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (len(os.listdir("/proc/self/fd")) + 20, hard))
    try:
        dataset = Dataset(tmp_path, 16)
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))
    assert len(dataset.train) == 9 * 40
    assert dataset.train.lengths(np.array([0, 359])).tolist() == dataset.train.lengths(np.array([351, 8])).tolist()
