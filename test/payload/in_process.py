"""A trainer in the tests' own process: for what needs no second rank, no signal and no exit code."""

import json
from pathlib import Path
from typing import Any

import torch
from trainers import config

from bertha_train.config import read_config
from bertha_train.data import Dataset
from bertha_train.peers import Peers
from bertha_train.report import StepNumbers
from bertha_train.train import Trainer
from resilience.asked import Asked
from resilience.boundary import WISHES

torch.set_num_threads(1)  # as the trainers have: the models are too small for more


def trainer_with(folder: Path, data: Path, resume: Path | None = None, **changes: Any) -> Trainer:
    """One that stands before its first step, with the tests' config and these changes, or goes on behind `resume`."""
    file = folder / "config.json"
    file.write_text(json.dumps(config(**changes)))
    settings = read_config(file)
    asked = Asked(file, data, folder / "output", "test", "p1", "a001", resume)
    trainer = Trainer(asked, settings, Dataset(data, settings.sequence_length), "here", Peers())
    trainer.begin()
    return trainer


def step(trainer: Trainer) -> StepNumbers:
    """One step, with nothing wished for."""
    return trainer.step(lambda: [0.0] * WISHES)
