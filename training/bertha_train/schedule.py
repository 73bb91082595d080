"""The learning rate: a pure function of the step, so a resume has nothing to restore."""

from .config import ScheduleConfig, TrainConfig


def learning_rate(config: TrainConfig, step: int) -> float:
    """The rate of optimizer step `step` (1 ... steps): rises to the peak at the warm-up's end, is never zero."""
    schedule = config.schedule
    step, steps = step + schedule.offset_steps, config.steps + schedule.offset_steps
    warmup_end = round(schedule.warmup_ratio * steps)
    share = step / warmup_end if step <= warmup_end else _behind_warmup(schedule, step, steps, warmup_end)
    return config.optimizer.learning_rate * share


def _behind_warmup(schedule: ScheduleConfig, step: int, steps: int, warmup_end: int) -> float:
    if schedule.name == "linear":
        return (steps - step + 1) / (steps - warmup_end)
    if schedule.name == "exponential":
        assert schedule.decay_rate is not None and schedule.decay_steps is not None
        return schedule.decay_rate ** ((step - warmup_end) / schedule.decay_steps)
    if schedule.name == "polynomial":
        assert schedule.power is not None
        # NVIDIA's: of the share of all steps that is left, so the rate falls at once where the warm-up ends.
        return ((steps - step + 1) / steps) ** schedule.power
    return 1.0
