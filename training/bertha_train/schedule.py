"""The learning rate: a pure function of the step, so a resume has nothing to restore."""

from .config import TrainConfig


def learning_rate(config: TrainConfig, step: int) -> float:
    """The rate of optimizer step `step` (1 ... steps): rises to the peak at the warm-up's end, is never zero."""
    peak, schedule = config.optimizer.learning_rate, config.schedule
    warmup_end = round(schedule.warmup_ratio * config.steps)
    if step <= warmup_end:
        return peak * step / warmup_end
    if schedule.name == "linear":
        return peak * (config.steps - step + 1) / (config.steps - warmup_end)
    if schedule.name == "exponential":
        assert schedule.decay_rate is not None and schedule.decay_steps is not None
        return peak * schedule.decay_rate ** ((step - warmup_end) / schedule.decay_steps)
    return peak
