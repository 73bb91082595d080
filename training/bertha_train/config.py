"""The phase's parameters: one JSON file, every field read, an unknown one refused."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from resilience.asked import PACE, config_in, identity_without
from resilience.endings import UserError
from resilience.spikes import SpikeLimits
from resilience.windows import Window

from .fields import flag, number, parse, plain


@dataclass(frozen=True)
class ModelConfig:
    hidden_size: int = number(at_least=1)
    layers: int = number(at_least=1)
    attention_heads: int = number(at_least=1)
    intermediate_size: int = number(at_least=1)
    max_positions: int = number(at_least=4)
    type_vocabulary: int = number(at_least=2)
    dropout: float = number(at_least=0, below=1)
    attention_dropout: float = number(at_least=0, below=1)
    initializer_range: float = number(above=0)
    next_sentence: bool = flag(True, came_later=True)


@dataclass(frozen=True)
class OptimizerConfig:
    name: Literal["adamw", "lamb", "nvlamb"]
    learning_rate: float = number(above=0)
    beta1: float = number(at_least=0, below=1)
    beta2: float = number(at_least=0, below=1)
    epsilon: float = number(above=0)
    weight_decay: float = number(at_least=0)
    clip_norm: float = number(above=0)


@dataclass(frozen=True)
class ScheduleConfig:
    name: Literal["linear", "exponential", "polynomial", "constant"]
    warmup_ratio: float = number(at_least=0, below=1)
    decay_rate: float | None = number(above=0, at_most=1, default=None)
    decay_steps: float | None = number(above=0, default=None)
    power: float | None = number(above=0, default=None, came_later=True)
    offset_steps: int = number(at_least=0, default=0, came_later=True)


@dataclass(frozen=True)
class MaskingConfig:
    probability: float = number(above=0, below=1)
    max_predictions: int = number(at_least=1)


@dataclass(frozen=True)
class SpikeConfig(SpikeLimits):
    window: int = number(at_least=1)
    factor: float = number(above=1)
    patience: int = number(at_least=1)


@dataclass(frozen=True)
class WindowConfig(Window):
    from_: int = number(at_least=0)
    to: int = number(at_least=0)


@dataclass(frozen=True)
class TrainConfig:
    steps: int = number(at_least=1)
    sequence_length: int = number(at_least=5)
    global_batch: int = number(at_least=1)
    micro_batch: int = number(at_least=1)
    seed: int = number(at_least=0, below=2**64)
    model: ModelConfig = field()
    optimizer: OptimizerConfig = field()
    schedule: ScheduleConfig = field()
    masking: MaskingConfig = field()
    precision: Literal["float32", "bfloat16", "float16"] = field()
    threads: int = number(at_least=1)
    heartbeat_seconds: float = number(above=0)
    metrics_seconds: float = number(above=0)
    checkpoint_steps: int | None = number(at_least=1, default=None)
    checkpoint_seconds: float | None = number(above=0, default=None)
    deterministic: bool = flag(True)
    compile: bool = flag(False)
    evaluation_steps: int | None = number(at_least=1, default=None)
    spend_seconds: float | None = number(above=0, default=None)
    stuck_seconds: float = number(above=0, default=60.0)
    spike_detector: SpikeConfig | None = field(default=None)
    skip_windows: tuple[WindowConfig, ...] = field(default=())

    def accumulation(self, world_size: int) -> int:
        """Micro-batches per optimizer step and rank; each has at most `microBatch` samples, and at least one.

        Raises UserError where a rank would have nothing to do in one of them.
        """
        passes = -(-self.global_batch // (self.micro_batch * world_size))
        if self.global_batch // passes < world_size:
            raise UserError(
                f"Config: globalBatch {self.global_batch} in {passes} passes of at most microBatch {self.micro_batch} "
                f"leaves some of {world_size} processes without a sample: change one of them."
            )
        return passes


CHANGES_ROUNDING_AT_MOST = PACE | {
    "microBatch", "threads", "deterministic", "compile", "evaluationSteps", "spikeDetector",
}  # fmt: skip
MAY_CHANGE = {"skipWindows"}  # between attempts; each manifest holds its own


def read_config(path: Path) -> TrainConfig:
    """Reads and checks the config file. Raises UserError naming the field, its value and what it should be."""
    config = parse(TrainConfig, config_in(path))
    _check_together(config)
    return config


def config_sha256(config: TrainConfig) -> str:
    """The identity of the numbers: two configs share it if they differ in nothing but rounding, pace and reporting.

    Skipped windows are no part of it: they are decided on while a phase runs, and its checkpoints must stay of use.
    """
    return identity_without(CHANGES_ROUNDING_AT_MOST | MAY_CHANGE, plain(config))


def _check_together(config: TrainConfig) -> None:
    model, schedule = config.model, config.schedule
    if model.hidden_size % model.attention_heads:
        raise UserError(
            f"Config: model.hiddenSize {model.hidden_size} is not a multiple of model.attentionHeads "
            f"{model.attention_heads}."
        )
    if config.sequence_length > model.max_positions:
        raise UserError(
            f"Config: sequenceLength {config.sequence_length} exceeds model.maxPositions {model.max_positions}."
        )
    lacks_decay = schedule.decay_rate is None or schedule.decay_steps is None
    if schedule.name == "exponential" and lacks_decay:
        raise UserError(
            "Config: schedule.name is 'exponential', so schedule.decayRate and schedule.decaySteps must be given."
        )
    if schedule.name == "polynomial" and schedule.power is None:
        raise UserError("Config: schedule.name is 'polynomial', so schedule.power must be given.")
    if config.compile and config.deterministic:
        raise UserError(
            "Config: compile is true, which chooses its kernels anew in each process: set deterministic to false, or "
            "compile to false."
        )
    behind = 0
    for window in config.skip_windows:
        if not behind <= window.from_ < window.to:
            raise UserError(
                f"Config: skipWindows has {window.from_} to {window.to} behind {behind}, but each window must begin "
                "before it ends and not before the end of the one ahead of it."
            )
        behind = window.to
