"""PyTorch state as named tensors and back: what a checkpoint needs beside the weights to continue to the bit."""

from collections.abc import Iterable, Mapping

import torch

from .checkpoint import Checkpoint
from .endings import BadCheckpoint


def load_weights(model: torch.nn.Module, found: Checkpoint) -> None:
    """Puts a checkpoint's weights into a model. Raises BadCheckpoint where it is another model."""
    try:
        model.load_state_dict(found.parts["model"])
    except RuntimeError as error:
        first = str(error).splitlines()[1].strip() if "\n" in str(error) else str(error)
        raise BadCheckpoint(f"Checkpoint {found.folder} holds another model: {first}") from error


def optimizer_tensors(
    optimizer: torch.optim.Optimizer, named: Iterable[tuple[str, torch.nn.Parameter]]
) -> dict[str, torch.Tensor]:
    """The optimizer's state as `<parameter name>.<state name>`, each a tensor (AdamW: exp_avg, exp_avg_sq, step)."""
    return {
        f"{name}.{key}": torch.as_tensor(value)
        for name, parameter in named
        for key, value in optimizer.state.get(parameter, {}).items()
    }


def load_optimizer_tensors(
    optimizer: torch.optim.Optimizer,
    named: Iterable[tuple[str, torch.nn.Parameter]],
    tensors: Mapping[str, torch.Tensor],
) -> None:
    """The inverse of `optimizer_tensors`. Raises BadCheckpoint if a parameter lacks state, or its shape differs."""
    by_name: dict[str, dict[str, torch.Tensor]] = {}
    for full, tensor in tensors.items():
        name, _, key = full.rpartition(".")
        by_name.setdefault(name, {})[key] = tensor
    for name, parameter in named:
        if name not in by_name:
            raise BadCheckpoint(f"The checkpoint's optimizer state has nothing for parameter {name}: use an older one.")
        optimizer.state[parameter] = {key: _like(name, parameter, tensor) for key, tensor in by_name[name].items()}


def rng_tensors(device: torch.device) -> dict[str, torch.Tensor]:
    """This process's torch random generators: `cpu`, and `device` when that is not the CPU."""
    states = {"cpu": torch.get_rng_state()}
    if device.type == "cuda":
        states["device"] = torch.cuda.get_rng_state(device)
    return states


def load_rng_tensors(device: torch.device, states: Mapping[str, torch.Tensor]) -> None:
    """The inverse of `rng_tensors`."""
    # Cloned: PyTorch 2.15 reads a state from where its storage begins, and these lie in the midst of a file.
    torch.set_rng_state(states["cpu"].clone())
    if device.type == "cuda" and "device" in states:
        torch.cuda.set_rng_state(states["device"].clone(), device)


def _like(name: str, parameter: torch.nn.Parameter, tensor: torch.Tensor) -> torch.Tensor:
    is_counter = tensor.dim() == 0
    if is_counter:
        return tensor if parameter.device.type == "cpu" else tensor.to(parameter.device)
    if tensor.shape != parameter.shape:
        raise BadCheckpoint(
            f"The checkpoint's optimizer state of {name} has shape {list(tensor.shape)} instead of "
            f"{list(parameter.shape)}."
        )
    return tensor.to(parameter.device)
