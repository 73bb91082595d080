"""The phase's parameters: one JSON file, every field read, an unknown one refused."""

import dataclasses
import hashlib
import json
import types
import typing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Literal, TypeVar

from resilience.endings import UserError

T = TypeVar("T")


def number(
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    **rest: Any,
) -> Any:
    """A field with bounds, checked when the file is read."""
    return field(metadata={"at_least": at_least, "above": above, "at_most": at_most, "below": below}, **rest)


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


@dataclass(frozen=True)
class OptimizerConfig:
    name: Literal["adamw"]
    learning_rate: float = number(above=0)
    beta1: float = number(at_least=0, below=1)
    beta2: float = number(at_least=0, below=1)
    epsilon: float = number(above=0)
    weight_decay: float = number(at_least=0)
    clip_norm: float = number(above=0)


@dataclass(frozen=True)
class ScheduleConfig:
    name: Literal["linear", "exponential", "constant"]
    warmup_ratio: float = number(at_least=0, below=1)
    decay_rate: float | None = number(above=0, at_most=1, default=None)
    decay_steps: float | None = number(above=0, default=None)


@dataclass(frozen=True)
class MaskingConfig:
    probability: float = number(above=0, below=1)
    max_predictions: int = number(at_least=1)


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

    def accumulation(self, world_size: int) -> int:
        """Micro-batches per optimizer step and rank. Raises UserError if the global batch cannot be shared evenly."""
        at_once = self.micro_batch * world_size
        if self.global_batch % at_once:
            raise UserError(
                f"Config: globalBatch {self.global_batch} is not a multiple of microBatch {self.micro_batch} x "
                f"{world_size} processes: change one of them."
            )
        return self.global_batch // at_once


CHANGES_ROUNDING_AT_MOST = {
    "microBatch", "threads", "checkpointSteps", "checkpointSeconds", "heartbeatSeconds", "metricsSeconds",
}  # fmt: skip


def read_config(path: Path) -> TrainConfig:
    """Reads and checks the config file. Raises UserError naming the field, its value and what it should be."""
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError) as error:
        raise UserError(f"Config {path} cannot be read: {error}") from error
    config = _parse(TrainConfig, value, "")
    _check_together(config)
    return config


def config_sha256(config: TrainConfig) -> str:
    """The identity of the numbers: two configs share it if they differ in nothing but rounding, pace and reporting."""
    kept = {name: value for name, value in _plain(config).items() if name not in CHANGES_ROUNDING_AT_MOST}
    return hashlib.sha256(json.dumps(kept, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


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


def _parse(kind: type[T], value: Any, where: str) -> T:
    if not isinstance(value, dict):
        raise UserError(f"Config: {where.rstrip('.') or 'the file'} must be an object, but is {value!r}.")
    hints = typing.get_type_hints(kind)
    fields = {_camel(f.name): f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(value) - set(fields))
    if unknown:
        raise UserError(f"Config: unknown field {where}{unknown[0]}; known here are {', '.join(fields)}.")
    return kind(**{f.name: _field(f, hints[f.name], value, where + name) for name, f in fields.items()})


def _field(f: dataclasses.Field[Any], hint: Any, values: dict[str, Any], where: str) -> Any:
    name = where.rpartition(".")[2]
    value = values.get(name)
    if value is None:
        if f.default is None:
            return None
        raise UserError(f"Config: {where} is missing.")
    if dataclasses.is_dataclass(hint):
        return _parse(typing.cast(type, hint), value, where + ".")
    if typing.get_origin(hint) is Literal:
        if value not in typing.get_args(hint):
            raise UserError(f"Config: {where} is {value!r}, but must be one of {', '.join(typing.get_args(hint))}.")
        return value
    return _number(value, hint, f.metadata, where)


def _number(value: Any, hint: Any, bounds: typing.Mapping[str, Any], where: str) -> int | float:
    is_whole = int in (typing.get_args(hint) if isinstance(hint, types.UnionType) else (hint,))
    accepted = int if is_whole else (int, float)
    if isinstance(value, bool) or not isinstance(value, accepted):
        raise UserError(f"Config: {where} is {value!r}, but must be a {'whole ' if is_whole else ''}number.")
    tests = {
        "at_least": value >= bounds["at_least"] if bounds["at_least"] is not None else True,
        "above": value > bounds["above"] if bounds["above"] is not None else True,
        "at_most": value <= bounds["at_most"] if bounds["at_most"] is not None else True,
        "below": value < bounds["below"] if bounds["below"] is not None else True,
    }
    for test, holds in tests.items():
        if not holds:
            raise UserError(f"Config: {where} is {value!r}, but must be {test.replace('_', ' ')} {bounds[test]}.")
    return value if is_whole else float(value)


def _camel(name: str) -> str:
    head, *tail = name.split("_")
    return head + "".join(word.capitalize() for word in tail)


def _plain(config: Any) -> dict[str, Any]:
    return {
        _camel(f.name): _plain(value) if dataclasses.is_dataclass(value := getattr(config, f.name)) else value
        for f in dataclasses.fields(config)
    }
