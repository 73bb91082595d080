"""Hugging Face's `Trainer` that survives preemptions: a callback around `resilience.keeper`, and samples by position.

    python -m examples.huggingface --config FILE --data DIR --output DIR --run NAME --phase NAME --attempt aNNN

Needs examples/requirements-huggingface.txt. `Trainer` reports by its log, so the callback takes the loss there; it
restores when the loop begins, and what is asked for leaves the loop as an exception. Two things such a trainer must
see to: samples come by their position and not from where a loader happens to stand, and generators are restored
behind whatever draws from them on the way to the first step, as the loader does.
"""

import os
from collections.abc import Iterator
from itertools import count
from typing import Any, NoReturn

import torch
from transformers import BertConfig, BertForMaskedLM, Trainer, TrainerCallback, TrainingArguments

from resilience.endings import Completed
from resilience.keeper import Keeper, keep_alive

from .plain import words_of

MASKED = 0.15


class KeptAlive(TrainerCallback):
    """Hands the loop's steps to a keeper. `done` is the last step that is restored."""

    def __init__(self, keeper: Keeper) -> None:
        self._keeper, self.done = keeper, 0
        self._is_first = self._is_unheard = True

    def on_train_begin(self, args: Any, state: Any, control: Any, **parts: Any) -> None:
        optimizer, scheduler = parts["optimizer"].optimizer, parts["lr_scheduler"]
        self.done = state.global_step = self._keeper.restore(parts["model"], optimizer)
        if self.done >= state.max_steps:
            raise Completed("All steps were done.")
        scheduler.last_epoch = self.done
        for group, peak, rule in zip(optimizer.param_groups, scheduler.base_lrs, scheduler.lr_lambdas):
            group["lr"] = peak * rule(self.done)

    def on_step_begin(self, args: Any, state: Any, control: Any, **parts: Any) -> None:
        if self._is_first:
            self._keeper.restore_generators()
        self._is_first = False

    def on_log(self, args: Any, state: Any, control: Any, logs: dict[str, float] | None = None, **parts: Any) -> None:
        if logs is not None and "loss" in logs:
            steps = self.done + 1 if self._is_unheard else 1  # the first mean counts restored steps too
            self._is_unheard = False
            self._keeper.passed(logs["loss"] * steps, logs["learning_rate"])


class Samples(torch.utils.data.IterableDataset[dict[str, torch.Tensor]]):
    """Masked stretches of words: each a function of its position, from the first that no step before has used."""

    def __init__(self, words: torch.Tensor, config: dict[str, Any], kept: KeptAlive, mask: int) -> None:
        self._words, self._config, self._kept, self._mask = words, config, kept, mask

    def __iter__(self) -> Iterator[dict[str, torch.Tensor]]:
        for position in count(self._kept.done * self._config["globalBatch"]):
            random = torch.Generator().manual_seed(self._config["seed"] * 1_000_003 + position)
            length = self._config["sequenceLength"]
            begin = int(torch.randint(len(self._words) - length, (1,), generator=random))
            words = self._words[begin : begin + length]
            is_masked = torch.rand(length, generator=random) < MASKED
            is_masked[0] = True  # at least one, so that there is a loss
            yield {"input_ids": words.masked_fill(is_masked, self._mask), "labels": words.masked_fill(~is_masked, -100)}


def train(keeper: Keeper) -> None:
    """Trains to the last step."""
    config, ranks = keeper.config, keeper.join()
    words, vocabulary = words_of(keeper.asked.data)
    torch.set_num_threads(1)
    torch.manual_seed(config["seed"])
    bert = BertForMaskedLM(BertConfig(vocab_size=vocabulary, **config["model"]))
    arguments = TrainingArguments(
        output_dir=os.environ.get("TMPDIR", "/tmp"), use_cpu=ranks.device.type == "cpu", max_steps=config["steps"],
        per_device_train_batch_size=config["microBatch"], learning_rate=config["learningRate"], warmup_steps=10,
        gradient_accumulation_steps=config["globalBatch"] // (config["microBatch"] * ranks.world), logging_steps=1,
        logging_nan_inf_filter=False, save_strategy="no", report_to="none", disable_tqdm=True, seed=config["seed"],
    )  # fmt: skip
    kept = KeptAlive(keeper)
    samples = Samples(words, config, kept, mask=4)
    Trainer(bert, arguments, train_dataset=samples, callbacks=[kept]).train()


def main(arguments: list[str] | None = None) -> NoReturn:
    """Trains and leaves the process."""
    keep_alive("huggingface", train, arguments)


if __name__ == "__main__":
    main()
