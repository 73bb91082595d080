"""What is measured against each other: a step of our trainer, and one of a plain loop around Hugging Face's model."""

import itertools
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from transformers import BertConfig, BertForPreTraining
from transformers import logging as transformers_logging

from bertha_train.config import TrainConfig
from bertha_train.data import Batch, Dataset, Vocabulary
from bertha_train.export import config_json
from bertha_train.fields import parse
from bertha_train.peers import Peers
from bertha_train.report import StepNumbers
from bertha_train.train import Trainer
from resilience.asked import Asked
from resilience.boundary import WISHES

SHAPES = {
    "base": {"hiddenSize": 768, "layers": 12, "attentionHeads": 12, "intermediateSize": 3072},
    "small": {"hiddenSize": 128, "layers": 2, "attentionHeads": 2, "intermediateSize": 512},
}
REST = {"maxPositions": 512, "typeVocabulary": 2, "dropout": 0.1, "attentionDropout": 0.1, "initializerRange": 0.02}
IGNORED = -100


def settings(shape: str, length: int, batch: int, micro: int, **changes: Any) -> TrainConfig:
    """BERT as published, AdamW, 15 % masked."""
    return parse(
        TrainConfig,
        {
            "steps": 1000, "sequenceLength": length, "globalBatch": batch, "microBatch": micro, "seed": 42,
            "model": {**SHAPES[shape], **REST},
            "optimizer": {"name": "adamw", "learningRate": 1e-4, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-6,
                          "weightDecay": 0.01, "clipNorm": 1.0},
            "schedule": {"name": "linear", "warmupRatio": 0.01},
            "masking": {"probability": 0.15, "maxPredictions": 20 if length <= 128 else 80},
            "precision": "float32", "threads": torch.get_num_threads(), "heartbeatSeconds": 1, "metricsSeconds": 1,
            **changes,
        },
    )  # fmt: skip


def ours(config: TrainConfig, data: Path) -> tuple[Trainer, Callable[[], int]]:
    """A trainer, and a step of it that returns how many sequences it took."""
    asked = Asked(Path("-"), data, Path("/nonexistent"), "bench", "p1", "a001")
    trainer = Trainer(asked, config, Dataset(data, config.sequence_length), "bench", Peers())
    trainer.begin()

    def step() -> int:
        take_step(trainer).sums.tolist()
        return config.global_batch

    return trainer, step


def take_step(trainer: Trainer) -> StepNumbers:
    """One with nothing wished for."""
    return trainer.step(lambda: [0.0] * WISHES)


def theirs(config: TrainConfig, trainer: Trainer, pads_to: int | None = None) -> Callable[[], int]:
    """The plain loop: all positions reach the output layer; the batches are ours, made beforehand."""
    model = hugging_face(config, trainer.dataset.vocabulary)
    optimizer = optimizer_for(model, config)
    batches = [_batches(trainer, number, pads_to) for number in range(4)]
    turns = itertools.cycle(batches)

    def step() -> int:
        done = 0
        for batch in next(turns):
            loss = model(**batch).loss
            loss.backward()
            done += len(batch["input_ids"])
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad()
        loss.item()
        return done

    return step


def hugging_face(config: TrainConfig, vocabulary: Vocabulary) -> BertForPreTraining:
    """Their model of the same shape, with scaled_dot_product_attention."""
    transformers_logging.set_verbosity_error()
    shape = BertConfig.from_dict(config_json(config.model, vocabulary))
    return BertForPreTraining._from_config(shape, attn_implementation="sdpa").train()


def optimizer_for(model: torch.nn.Module, config: TrainConfig) -> torch.optim.Optimizer:
    """AdamW as anybody writes it."""
    o = config.optimizer
    decayed, rest = ([p for p in model.parameters() if (p.dim() >= 2) is matrix] for matrix in (True, False))
    groups = [{"params": decayed, "weight_decay": o.weight_decay}, {"params": rest, "weight_decay": 0.0}]
    return torch.optim.AdamW(groups, lr=o.learning_rate, betas=(o.beta1, o.beta2), eps=o.epsilon)


def _batches(trainer: Trainer, number: int, pads_to: int | None) -> list[dict[str, torch.Tensor]]:
    plan = trainer.stream.plan(1, number * trainer.config.global_batch)
    if pads_to is not None:
        plan.by_length[:] = range(len(plan.by_length))  # a plain loop does not sort
    return [as_theirs(batch, pads_to) for batch in trainer.stream.share(plan, 0, 1)]


def as_theirs(batch: Batch, pads_to: int | None) -> dict[str, torch.Tensor]:
    """A batch of ours as the arguments of their model, padded to a width if one is given."""
    count, width = batch.ids.shape
    wider = (0, max(0, (pads_to or width) - width))
    labels = torch.full((count, width), IGNORED)
    labels.view(-1)[torch.from_numpy(batch.masked)] = torch.from_numpy(batch.labels)
    pad = torch.nn.functional.pad
    return {
        "input_ids": pad(torch.from_numpy(batch.ids), wider),
        "token_type_ids": pad(torch.from_numpy(batch.segments), wider),
        "attention_mask": pad(torch.from_numpy(batch.attended).long(), wider),
        "labels": pad(labels, wider, value=IGNORED),
        "next_sentence_label": torch.from_numpy(batch.random_next),
    }
