"""Dataclasses from JSON: every field read and checked, an unknown one refused; camelCase there, snake_case here."""

import dataclasses
import types
import typing
from dataclasses import field
from typing import Any, Literal, TypeVar

from resilience.endings import UserError

T = TypeVar("T")


def number(
    at_least: float | None = None,
    above: float | None = None,
    at_most: float | None = None,
    below: float | None = None,
    came_later: bool = False,
    **rest: Any,
) -> Any:
    """A field with bounds, checked when the file is read; `came_later` as `plain` has it."""
    bounds = {"at_least": at_least, "above": above, "at_most": at_most, "below": below}
    return field(metadata={**bounds, "came_later": came_later}, **rest)


def flag(default: bool, came_later: bool = False) -> Any:
    """A field that is true or false."""
    return field(default=default, metadata={"came_later": came_later})


def parse(kind: type[T], value: Any, where: str = "") -> T:
    """`value` as a dataclass of this kind. Raises UserError naming the field, its value and what it should be."""
    if not isinstance(value, dict):
        raise UserError(f"Config: {where.rstrip('.') or 'the file'} must be an object, but is {value!r}.")
    hints = typing.get_type_hints(kind)
    fields = {_camel(f.name): f for f in dataclasses.fields(kind)}  # type: ignore[arg-type]
    unknown = sorted(set(value) - set(fields))
    if unknown:
        raise UserError(f"Config: unknown field {where}{unknown[0]}; known here are {', '.join(fields)}.")
    return kind(**{f.name: _field(f, hints[f.name], value, where + name) for name, f in fields.items()})


def plain(config: Any) -> dict[str, Any]:
    """The inverse of `parse`, down to lists.

    A field that came later is left out at its default: configs from before it keep their identity.
    """
    return {
        _camel(f.name): plain(value) if dataclasses.is_dataclass(value := getattr(config, f.name)) else value
        for f in dataclasses.fields(config)
        if not (f.metadata.get("came_later") and getattr(config, f.name) == f.default)
    }


def _field(f: dataclasses.Field[Any], hint: Any, values: dict[str, Any], where: str) -> Any:
    name = where.rpartition(".")[2]
    value = values.get(name)
    if value is None:
        if f.default is not dataclasses.MISSING:
            return f.default
        raise UserError(f"Config: {where} is missing.")
    if isinstance(hint, types.UnionType):
        (hint,) = (kind for kind in typing.get_args(hint) if kind is not types.NoneType)
    if typing.get_origin(hint) is tuple:
        return _list(typing.get_args(hint)[0], value, where)
    if dataclasses.is_dataclass(hint):
        return parse(typing.cast(type, hint), value, where + ".")
    if typing.get_origin(hint) is Literal:
        if value not in typing.get_args(hint):
            raise UserError(f"Config: {where} is {value!r}, but must be one of {', '.join(typing.get_args(hint))}.")
        return value
    if hint is bool:
        if not isinstance(value, bool):
            raise UserError(f"Config: {where} is {value!r}, but must be true or false.")
        return value
    return _number(value, hint, f.metadata, where)


def _list(kind: type[T], value: Any, where: str) -> tuple[T, ...]:
    if not isinstance(value, list):
        raise UserError(f"Config: {where} is {value!r}, but must be a list.")
    return tuple(parse(kind, one, f"{where}[{number}].") for number, one in enumerate(value))


def _number(value: Any, hint: Any, bounds: typing.Mapping[str, Any], where: str) -> int | float:
    is_whole = hint is int
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
