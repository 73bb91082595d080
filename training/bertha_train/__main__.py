"""The command line and the exit code; see docs/payload-contract.md."""

import os
from typing import NoReturn

from resilience.asked import Asked
from resilience.life import Life
from resilience.program import run


def main(arguments: list[str] | None = None) -> NoReturn:
    """Trains one phase and leaves the process."""
    run("bertha_train", _train, arguments)


def _train(asked: Asked, life: Life) -> None:
    from .config import read_config
    from .data import Dataset

    config = read_config(asked.config_file)
    life.start(asked.identity, config.heartbeat_seconds, config.metrics_seconds, config.stuck_seconds)
    dataset = Dataset(asked.data, config.sequence_length)
    config.accumulation(int(os.environ.get("WORLD_SIZE", "1")))
    os.environ["OMP_NUM_THREADS"] = str(config.threads)

    from .loop import train  # torch takes seconds to import, and a wrong config should be told at once

    train(asked, config, dataset, life)


if __name__ == "__main__":
    main()
