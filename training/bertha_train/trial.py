"""Evaluation on the way: a held-out result behind which a checkpoint is written, ranked by it."""

from resilience.files import to_json, write_whole
from resilience.life import LONG_SECONDS, Life

from .config import TrainConfig
from .report import Reporter
from .train import Trainer


def is_evaluated(config: TrainConfig, step: int) -> bool:
    """Every `evaluationSteps`, and the last step, so that it is ranked as the others are."""
    every = config.evaluation_steps
    return every is not None and (step % every == 0 or step == config.steps)


def evaluate_on_the_way(trainer: Trainer, reporter: Reporter, life: Life) -> None:
    """All ranks together; rank 0 writes `evaluations/step-*.json`. Nothing that training goes on with is changed."""
    life.enter("checkpointing", LONG_SECONDS)  # to the supervisor, "evaluating" is behind the last step
    evaluation = trainer.evaluate()
    reporter.evaluated(evaluation)
    folder = life.incarnation.folder
    if folder is not None:
        (folder / "evaluations").mkdir(exist_ok=True)
        write_whole(folder / "evaluations" / f"step-{evaluation['step']:09d}.json", to_json(evaluation))
    life.enter("training")
