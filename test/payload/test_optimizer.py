"""The optimizers against their formulas, reckoned plainly in float64."""

import numpy as np
import pytest
import torch

from bertha_train.config import OptimizerConfig
from bertha_train.optimizer import make_optimizer
from resilience.state import load_optimizer_tensors, optimizer_tensors

RATE, BETA1, BETA2, EPSILON, DECAY = 0.02, 0.9, 0.98, 1e-6, 0.1
SHAPES = {"matrix": (5, 7), "wide": (3, 40), "zero": (4, 4), "bias": (7,)}


def named_parameters() -> list[tuple[str, torch.nn.Parameter]]:
    random = np.random.default_rng(5)
    values = {name: random.normal(size=shape) * (name != "zero") for name, shape in SHAPES.items()}
    return [(name, torch.nn.Parameter(torch.tensor(value, dtype=torch.float32))) for name, value in values.items()]


def gradients(step: int) -> dict[str, np.ndarray]:
    random = np.random.default_rng([9, step])
    return {name: random.normal(size=shape) * 3 for name, shape in SHAPES.items()}


def made(name: str, named: list[tuple[str, torch.nn.Parameter]]) -> torch.optim.Optimizer:
    return make_optimizer(OptimizerConfig(name, RATE, BETA1, BETA2, EPSILON, DECAY, 1.0), named)  # type: ignore[arg-type]


def take_steps(optimizer: torch.optim.Optimizer, named: list[tuple[str, torch.nn.Parameter]], steps: range) -> None:
    for step in steps:
        for name, parameter in named:
            parameter.grad = torch.tensor(gradients(step)[name], dtype=torch.float32)
        optimizer.step()


def plainly(name: str, start: dict[str, np.ndarray], steps: int) -> dict[str, np.ndarray]:
    """Adam's moments without their bias, decoupled decay, and the trust ratio where the variant has one."""
    weights = dict(start)
    first, second = ({key: np.zeros(shape) for key, shape in SHAPES.items()} for _ in range(2))
    for step in range(1, steps + 1):
        g = gradients(step)
        if name == "nvlamb":
            norm = np.sqrt(sum((one**2).sum() for one in g.values()))
            g = {key: one / norm for key, one in g.items()}
        for key, w in weights.items():
            first[key] = BETA1 * first[key] + (1 - BETA1) * g[key]
            second[key] = BETA2 * second[key] + (1 - BETA2) * g[key] ** 2
            r = first[key] / (1 - BETA1**step) / (np.sqrt(second[key] / (1 - BETA2**step)) + EPSILON)
            decay = DECAY if w.ndim >= 2 else 0.0
            u = r + decay * w
            w_norm, u_norm = np.linalg.norm(w), np.linalg.norm(u)
            has_ratio = name == "nvlamb" or (name == "lamb" and decay > 0)
            ratio = w_norm / u_norm if has_ratio and w_norm > 0 and u_norm > 0 else 1.0
            weights[key] = w - RATE * ratio * u
    return weights


@pytest.mark.parametrize("name", ["adamw", "lamb", "nvlamb"])
def test_ten_steps_are_those_of_the_formulas(name: str) -> None:
    named = named_parameters()
    start = {key: parameter.detach().double().numpy().copy() for key, parameter in named}
    take_steps(made(name, named), named, range(1, 11))
    expected = plainly(name, start, 10)
    for key, parameter in named:
        np.testing.assert_allclose(parameter.detach().numpy(), expected[key], rtol=2e-5, atol=2e-6)


@pytest.mark.parametrize("name", ["adamw", "lamb", "nvlamb"])
def test_a_restored_optimizer_goes_on_to_the_bit(name: str) -> None:
    straight, stopped = named_parameters(), named_parameters()
    take_steps(made(name, straight), straight, range(1, 9))
    before = made(name, stopped)
    take_steps(before, stopped, range(1, 5))
    after = made(name, stopped)
    kept = {key: tensor.clone() for key, tensor in optimizer_tensors(before, stopped).items()}
    load_optimizer_tensors(after, stopped, kept)
    take_steps(after, stopped, range(5, 9))
    for (_, ours), (_, theirs) in zip(stopped, straight):
        assert torch.equal(ours, theirs)


def test_lamb_moves_a_layer_by_the_rate_times_its_own_norm_however_large_its_gradient() -> None:
    named = [("small", torch.nn.Parameter(torch.full((4, 4), 0.01))), ("large", torch.nn.Parameter(torch.ones(4, 4)))]
    before = [parameter.detach().clone() for _, parameter in named]
    for (_, parameter), factor in zip(named, (1e4, 1e-4)):
        parameter.grad = torch.full((4, 4), factor)
    made("lamb", named).step()
    for was, (_, parameter) in zip(before, named):
        assert ((parameter - was).norm() / was.norm()).item() == pytest.approx(RATE, rel=1e-4)


def test_parameters_without_a_gradient_stay_as_they_are() -> None:
    named = named_parameters()
    named[0][1].grad = torch.ones(5, 7)
    before = named[1][1].detach().clone()
    made("nvlamb", named).step()
    assert torch.equal(named[1][1], before)
