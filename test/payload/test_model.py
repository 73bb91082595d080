"""The model and its losses: what it computes, whoever shares the work."""

import json
import math
from pathlib import Path

import numpy as np
import pytest
import torch
import torch.nn.functional as F
from dataset import HELD_OUT, SPECIAL, VOCABULARY
from safetensors.torch import load_file
from trainers import Trainers, config

from bertha_train.config import TrainConfig, read_config
from bertha_train.data import Dataset
from bertha_train.model import Bert


@pytest.fixture
def settings(tmp_path: Path) -> TrainConfig:
    (tmp_path / "settings.json").write_text(json.dumps(config()))
    return read_config(tmp_path / "settings.json")


def tensors(*arrays: np.ndarray) -> list[torch.Tensor]:
    return [torch.from_numpy(array) for array in arrays]


def test_padding_and_batch_company_change_no_logit(data: Path, settings: TrainConfig) -> None:
    model = Bert(settings.model, VOCABULARY).eval()
    dataset = Dataset(data, 32)
    together = dataset.heldout_batch(np.arange(8))
    words, nexts = model(*tensors(together.ids, together.segments, together.attended, together.masked))
    done = 0
    for sample in range(8):
        alone = dataset.heldout_batch(np.array([sample]))
        attended = None if alone.attended.all() else torch.from_numpy(alone.attended)
        own_words, own_nexts = model(*tensors(alone.ids, alone.segments), attended, torch.from_numpy(alone.masked))
        torch.testing.assert_close(words[done : done + len(own_words)], own_words, rtol=1e-4, atol=1e-5)
        torch.testing.assert_close(nexts[sample : sample + 1], own_nexts, rtol=1e-4, atol=1e-5)
        done += len(own_words)
    assert done == len(words)


def test_rows_beyond_the_vocabulary_have_no_probability_and_no_gradient(data: Path, settings: TrainConfig) -> None:
    model = Bert(settings.model, VOCABULARY)
    batch = Dataset(data, 32).heldout_batch(np.arange(8))
    words, _ = model(*tensors(batch.ids, batch.segments, batch.attended, batch.masked))
    assert words.shape[1] == 104
    assert (words.softmax(1)[:, VOCABULARY:] == 0).all()
    F.cross_entropy(words, torch.from_numpy(batch.labels)).backward()
    assert model.embeddings.words.weight.grad is not None
    assert (model.embeddings.words.weight.grad[VOCABULARY:] == 0).all() and (
        model.masked_word.bias.grad[VOCABULARY:] == 0
    ).all()


def test_every_parameter_learns_the_pooler_too(data: Path, settings: TrainConfig) -> None:
    model = Bert(settings.model, VOCABULARY)
    batch = Dataset(data, 32).heldout_batch(np.arange(8))
    words, nexts = model(*tensors(batch.ids, batch.segments, batch.attended, batch.masked))
    (
        F.cross_entropy(words, torch.from_numpy(batch.labels))
        + F.cross_entropy(nexts, torch.from_numpy(batch.random_next))
    ).backward()
    assert [name for name, p in model.named_parameters() if p.grad is None or not p.grad.abs().sum() > 0] == []


def test_a_fresh_model_knows_nothing_its_bias_is_zero(data: Path, settings: TrainConfig) -> None:
    model = Bert(settings.model, VOCABULARY)
    assert not model.masked_word.bias.any()
    batch = Dataset(data, 32).heldout_batch(np.arange(HELD_OUT))
    words, nexts = model(*tensors(batch.ids, batch.segments, batch.attended, batch.masked))
    assert F.cross_entropy(words, torch.from_numpy(batch.labels)).item() == pytest.approx(math.log(VOCABULARY), abs=0.2)
    assert F.cross_entropy(nexts, torch.from_numpy(batch.random_next)).item() == pytest.approx(math.log(2), abs=0.1)


def test_the_number_of_processes_and_micro_batches_changes_rounding_alone(trainers: Trainers) -> None:
    settings = {"steps": 6, "globalBatch": 16, "model__dropout": 0, "model__attentionDropout": 0}
    whole = trainers.run(config(**settings, microBatch=16))
    others = [
        trainers.run(config(**settings, microBatch=6)),  # 6 + 5 + 5
        trainers.run(config(**settings, microBatch=2), world=2),  # 4 passes
        trainers.run(config(**settings, microBatch=2), world=3),  # 6 + 5 + 5 samples on 3 ranks
    ]
    for other in others:
        assert other.manifest(6)["sampleHash"] == whole.manifest(6)["sampleHash"]
        for ours, theirs in zip(whole.metrics(), other.metrics(), strict=True):
            assert theirs["loss"] == pytest.approx(ours["loss"], rel=1e-4)
            assert theirs["gradNorm"] == pytest.approx(ours["gradNorm"], rel=1e-3)


def test_the_evaluation_equals_a_plain_reckoning(trainers: Trainers, data: Path, settings: TrainConfig) -> None:
    attempt = trainers.run(config(), world=2)
    model = Bert(settings.model, VOCABULARY).eval()
    model.load_state_dict(load_file(attempt.checkpoint(12) / "model.safetensors"))
    dataset = Dataset(data, 16)
    counts = np.ones(VOCABULARY)
    for shard in dataset.train.shards:
        for token in shard.tokens.tolist():
            counts[token] += 1
    mlm, nsp, right_words, right_pairs, unigram, masked = 0.0, 0.0, 0, 0, 0.0, 0
    shard = dataset.heldout.shards[0].tensors
    for sample in range(HELD_OUT):
        line, first = plain_line(shard, sample)
        positions = shard["mask_positions"][shard["mask_offsets"][sample] : shard["mask_offsets"][sample + 1]].astype(
            int
        )
        labels = [line[position] for position in positions]
        for position, shown in zip(
            positions, shard["mask_inputs"][shard["mask_offsets"][sample] : shard["mask_offsets"][sample + 1]]
        ):
            line[position] = int(shown)
        segments = [0 if column < first + 2 else 1 for column in range(len(line))]
        with torch.no_grad():
            words, nexts = model(torch.tensor([line]), torch.tensor([segments]), None, torch.from_numpy(positions))
        for logits, label in zip(words.double(), labels):
            mlm -= logits[:VOCABULARY].log_softmax(0)[label].item()
            right_words += int(logits.argmax() == label)
            unigram -= math.log(counts[label] / counts.sum())
            masked += 1
        truth = int(shard["is_random_next"][sample])
        nsp -= nexts[0].double().log_softmax(0)[truth].item()
        right_pairs += int(nexts[0].argmax() == truth)

    found = attempt.json("evaluation.json")
    held_out = found["heldOut"]
    assert (found["step"], held_out["predictions"], held_out["pairs"]) == (12, masked, HELD_OUT)
    assert held_out["mlm"] == pytest.approx(mlm / masked, rel=1e-5)
    assert held_out["nsp"] == pytest.approx(nsp / HELD_OUT, rel=1e-5)
    assert held_out["mlmAccuracy"] == pytest.approx(right_words / masked)
    assert held_out["nspAccuracy"] == pytest.approx(right_pairs / HELD_OUT)
    assert found["unigram"] == pytest.approx(unigram / masked)
    assert found["uniform"] == pytest.approx(math.log(VOCABULARY))


def plain_line(shard: dict[str, np.ndarray], sample: int) -> tuple[list[int], int]:
    start, end, first = int(shard["offsets"][sample]), int(shard["offsets"][sample + 1]), int(shard["len_a"][sample])
    tokens = shard["tokens"].tolist()
    a, b = tokens[start : start + first], tokens[start + first : end]
    return [SPECIAL["cls"], *a, SPECIAL["sep"], *b, SPECIAL["sep"]], first


def test_the_model_learns_what_the_neighbours_give_away(trainers: Trainers) -> None:
    settings = {
        "model__dropout": 0,
        "model__attentionDropout": 0,
        "model__hiddenSize": 32,
        "model__initializerRange": 0.1,
    }
    learnt = trainers.run(
        config(**settings, steps=150, sequenceLength=32, globalBatch=24, microBatch=24, checkpointSteps=None)
    )
    found = learnt.json("evaluation.json")
    assert found["heldOut"]["mlm"] < found["unigram"] - 0.3
    assert found["unigram"] < found["uniform"] - 0.3
