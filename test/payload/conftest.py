"""Fixtures of the payload's tests: a tiny dataset, and trainers started as real processes that are always ended."""

import multiprocessing
import os
import sys
from collections.abc import Iterator
from multiprocessing import forkserver, resource_tracker
from pathlib import Path

import pytest

TRAINING = Path(__file__).resolve().parents[2] / "training"
sys.path.insert(0, str(TRAINING))
os.environ["PYTHONPATH"] = os.pathsep.join(
    filter(None, [str(TRAINING), str(Path(__file__).parent), os.environ.get("PYTHONPATH")])
)

from dataset import write_dataset  # noqa: E402
from trainers import Trainers  # noqa: E402


def pytest_configure() -> None:
    # One process imports torch; each trainer is forked from it, which saves seconds per start.
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["torch", "torch._dynamo", "bertha_train.loop", "trainers"])


def pytest_unconfigure() -> None:
    # Both would end by themselves a moment later; the tests should have left no process when they say they are done.
    forkserver._forkserver._stop()
    resource_tracker._resource_tracker._stop()


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A dataset with the sets of sequence length 16 and 32."""
    return write_dataset(tmp_path_factory.mktemp("data"), sequence_lengths=(16, 32))


@pytest.fixture
def trainers(tmp_path: Path, data: Path) -> Iterator[Trainers]:
    """Starts trainers below `tmp_path`; whatever still runs at the end of the test is killed."""
    started = Trainers(tmp_path, data)
    yield started
    started.close()
