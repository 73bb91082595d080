"""Order, masks, schedule and sample hash: functions of numbers alone."""

import dataclasses
import hashlib
import struct
from pathlib import Path

import numpy as np
import pytest
from dataset import SPECIAL, VOCABULARY
from trainers import config

from bertha_train.config import TrainConfig, config_sha256, read_config
from bertha_train.data import Dataset
from bertha_train.order import choose_masks, mask_seeds, prediction_counts, replace_masked, sample_at
from bertha_train.schedule import learning_rate
from bertha_train.stream import Stream
from resilience.samplehash import SampleHash


@pytest.fixture
def settings(tmp_path: Path) -> TrainConfig:
    return parsed(tmp_path)


def parsed(folder: Path, **changes: object) -> TrainConfig:
    import json

    (folder / "config.json").write_text(json.dumps(config(**changes)))
    return read_config(folder / "config.json")


@pytest.mark.parametrize("samples", [1, 2, 3, 90, 1000, 4097])
def test_every_pass_visits_every_sample_once_in_an_order_of_its_own(samples: int) -> None:
    first, second = (sample_at(np.arange(samples) + samples * turn, samples, seed=3) for turn in (0, 1))
    assert sorted(first) == sorted(second) == list(range(samples))
    if samples > 3:
        assert list(first) != list(second) and list(first) != sorted(first)
        assert list(first) != list(sample_at(np.arange(samples), samples, seed=4))


def test_any_position_can_be_asked_for_alone() -> None:
    whole = sample_at(np.arange(500), 90, seed=3)
    assert [int(sample_at(np.array([p]), 90, seed=3)[0]) for p in range(500)] == list(whole)


def test_the_order_is_a_fair_shuffle() -> None:
    places = np.concatenate(
        [np.argsort(sample_at(np.arange(10) + 10 * turn, 10, seed=1)) for turn in range(2000)]
    ).reshape(-1, 10)
    seen = np.stack([np.bincount(places[:, sample], minlength=10) for sample in range(10)])
    assert seen.min() > 130 and seen.max() < 270  # 200 expected, deviation 13


def test_the_order_never_changes_between_releases() -> None:
    assert sample_at(np.arange(8), 1000, seed=42).tolist() == [653, 492, 583, 243, 582, 739, 917, 170]
    assert mask_seeds(np.arange(2), seed=42).tolist() == [469687063867128878, 14645530513996943574]


def test_masks_cover_the_words_alone_in_the_share_asked_for_and_are_replaced_80_10_10(
    data: Path, settings: TrainConfig
) -> None:
    dataset = Dataset(data, 16)
    kinds = {"mask": 0, "same": 0, "random": 0}
    places = np.zeros(16, int)
    for turn in range(60):
        positions = np.arange(90) + 90 * turn
        samples, seeds = sample_at(positions, 90, seed=1), mask_seeds(positions, seed=1)
        batch, plain = dataset.training_batch(samples, seeds, settings.masking), dataset.train.assemble(samples)
        rows, columns = np.divmod(batch.masked, batch.ids.shape[1])
        shown = batch.ids[rows, columns]
        assert np.array_equal(batch.labels, plain.ids[rows, columns])
        assert not np.isin(batch.labels, [SPECIAL["cls"], SPECIAL["sep"], SPECIAL["pad"]]).any()
        assert np.array_equal(np.bincount(rows), np.clip(np.rint(plain.lengths * 0.15), 1, 5))
        assert len(np.unique(batch.masked)) == len(batch.masked)
        kinds["mask"] += int((shown == SPECIAL["mask"]).sum())
        kinds["same"] += int((shown == batch.labels).sum())
        kinds["random"] += int(((shown != batch.labels) & (shown != SPECIAL["mask"])).sum())
        assert not np.isin(shown, [i for i in SPECIAL.values() if i != SPECIAL["mask"]]).any()
        places += np.bincount(columns, minlength=16)
    total = sum(kinds.values())
    assert kinds["mask"] / total == pytest.approx(0.8, abs=0.02)
    assert kinds["random"] / total == pytest.approx(0.1, abs=0.02)
    assert (places[1:14] > 0).all() and places[0] == 0


def test_a_sample_met_again_in_the_next_pass_is_masked_anew(data: Path, settings: TrainConfig) -> None:
    dataset = Dataset(data, 32)
    samples = np.arange(20)
    first, second = (
        dataset.training_batch(samples, mask_seeds(samples + 90 * turn, 1), settings.masking) for turn in (0, 1)
    )
    assert not np.array_equal(first.masked, second.masked)


def test_no_more_words_are_predicted_than_there_are() -> None:
    lengths = np.array([4, 5, 10, 128, 512])
    assert prediction_counts(lengths, lengths - 3, 0.15, 20).tolist() == [1, 1, 2, 19, 20]
    assert prediction_counts(lengths, lengths - 3, 0.9, 1000).tolist() == [1, 2, 7, 115, 461]


def test_masks_do_not_depend_on_the_batch_they_are_drawn_in() -> None:
    candidates = np.random.default_rng(0).random((6, 40)) < 0.8
    counts, seeds = np.full(6, 5), mask_seeds(np.arange(6), 9)
    rows, columns = np.divmod(choose_masks(candidates, counts, seeds), 40)
    shown = replace_masked(np.zeros(30, np.int64), seeds[rows], columns, SPECIAL["mask"], np.arange(5, VOCABULARY))
    for row in range(6):
        wider = np.pad(candidates[row : row + 1], ((0, 0), (0, 8)))
        alone = choose_masks(wider, counts[:1], seeds[row : row + 1])
        assert alone.tolist() == columns[rows == row].tolist()
        again = replace_masked(
            np.zeros(5, np.int64), np.repeat(seeds[row], 5), alone, SPECIAL["mask"], np.arange(5, VOCABULARY)
        )
        assert again.tolist() == shown[rows == row].tolist()


@pytest.mark.parametrize(("world", "micro"), [(1, 12), (1, 2), (2, 3), (3, 2), (4, 3)])
def test_the_shares_of_all_ranks_make_the_global_batch(data: Path, tmp_path: Path, world: int, micro: int) -> None:
    stream = Stream(parsed(tmp_path, microBatch=micro), Dataset(data, 16))
    plan = stream.plan(5, 4 * 12)
    shares = [batch for rank in range(world) for batch in stream.share(plan, rank, world)]
    assert {len(batch.ids) for batch in shares} == {micro}
    assert sum(len(batch.labels) for batch in shares) == plan.predictions
    assert sum(int(batch.attended.sum()) for batch in shares) == plan.tokens
    whole = next(Stream(parsed(tmp_path, microBatch=12), Dataset(data, 16)).share(plan, 0, 1))
    lines = sorted(line[line != 0].tolist() for batch in shares for line in batch.ids)
    assert lines == sorted(line[line != 0].tolist() for line in whole.ids)


def test_the_sample_hash_is_the_contracts_formula() -> None:
    digest, kept = hashlib.sha256(b"bertha-samples/1").digest(), SampleHash()
    for step in (1, 2):
        samples, seeds = np.array([5, 2**40]), np.array([7, 2**64 - 1], np.uint64)
        kept.update(step, samples, seeds)
        words = b"".join(struct.pack("<QQ", int(sample), int(seed)) for sample, seed in zip(samples, seeds))
        digest = hashlib.sha256(digest + struct.pack("<Q", step) + words).digest()
    assert kept.hex == digest.hex()
    continued = SampleHash(kept.hex)
    continued.update(3, samples, seeds)
    kept.update(3, samples, seeds)
    assert continued.hex == kept.hex


def test_the_learning_rate_rises_to_its_peak_and_falls_as_its_schedule_says(tmp_path: Path) -> None:
    rates = {
        name: [
            learning_rate(parsed(tmp_path, steps=100, schedule__name=name, schedule__decaySteps=50), step)
            for step in range(1, 101)
        ]
        for name in ("linear", "exponential", "constant")
    }
    for name in rates:
        assert rates[name][:10] == pytest.approx([0.001 * step for step in range(1, 11)])
    assert rates["constant"][10:] == [0.01] * 90
    assert rates["linear"][10] == 0.01 and rates["linear"][99] == pytest.approx(0.01 / 90)
    assert rates["exponential"][59] == pytest.approx(0.01 * 0.99)
    no_warmup = parsed(tmp_path, schedule__warmupRatio=0)
    assert learning_rate(no_warmup, 1) == 0.01


def test_the_identity_of_a_config_covers_what_changes_the_numbers(tmp_path: Path) -> None:
    identity = config_sha256(parsed(tmp_path))
    rounding = {
        "microBatch": 6,
        "threads": 2,
        "checkpointSteps": 9,
        "checkpointSeconds": 9,
        "heartbeatSeconds": 9,
        "metricsSeconds": 9,
        "spendSeconds": 9,
        "deterministic": False,
        "compile": False,
        "evaluationSteps": 9,
        "stuckSeconds": 9,
        "spikeDetector": {"window": 9, "factor": 9, "patience": 9},
        "skipWindows": [{"from": 9, "to": 99}],
    }
    assert config_sha256(parsed(tmp_path, **rounding)) == identity
    changes = {
        "steps": 13,
        "seed": 8,
        "globalBatch": 24,
        "model__dropout": 0.2,
        "optimizer__beta1": 0.8,
        "schedule__name": "constant",
        "masking__probability": 0.2,
        "model__nextSentence": False,
        "schedule__power": 0.5,
        "schedule__offsetSteps": 9,
        "precision": "bfloat16",
        "sequenceLength": 32,
    }
    assert identity not in {config_sha256(parsed(tmp_path, **{path: value})) for path, value in changes.items()}
    fields = {f.name.replace("_", "").lower() for f in dataclasses.fields(TrainConfig)}
    tried = {path.split("__")[0].lower() for path in (*changes, *rounding)}
    assert fields == tried, "a new field needs a line above"
    assert config_sha256(parsed(tmp_path, optimizer__clipNorm=1)) == identity, "1 and 1.0 are one number"


def test_fields_that_came_later_leave_the_identity_of_configs_without_them_as_it_was(tmp_path: Path) -> None:
    identity = "22f711e2a34b3660c45c54cbe3a381d514ebb4eafbd667f9d7cd221f47ac6ff6"
    assert config_sha256(parsed(tmp_path)) == identity
    at_defaults = {"model__nextSentence": True, "schedule__power": None, "schedule__offsetSteps": 0}
    assert config_sha256(parsed(tmp_path, **at_defaults)) == identity


def test_like_lengths_come_together_so_that_less_is_padded(data: Path, tmp_path: Path) -> None:
    stream = Stream(parsed(tmp_path, sequenceLength=32, globalBatch=60, microBatch=10), Dataset(data, 32))
    plan = stream.plan(1, 0)
    widths = [batch.ids.shape[1] for batch in stream.share(plan, 0, 1)]
    assert widths == sorted(widths) and widths[0] < widths[-1] == 32
