"""The optimizers: AdamW by PyTorch, LAMB in both of its usual forms."""

import torch
from torch import Tensor

from .config import OptimizerConfig

Named = list[tuple[str, torch.nn.Parameter]]
Group = dict[str, list[Tensor] | float | bool]


def make_optimizer(config: OptimizerConfig, named: Named) -> torch.optim.Optimizer:
    """As the config names it; biases and LayerNorm (all that is not a matrix) are not decayed."""
    groups = [
        {"params": [p for _, p in named if p.dim() >= 2], "weight_decay": config.weight_decay},
        {"params": [p for _, p in named if p.dim() < 2], "weight_decay": 0.0},
    ]
    rate, betas = config.learning_rate, (config.beta1, config.beta2)
    if config.name == "adamw":
        return torch.optim.AdamW(groups, lr=rate, betas=betas, eps=config.epsilon, fused=True)
    return Lamb(groups, rate, betas, config.epsilon, is_nvlamb=config.name == "nvlamb")


class Lamb(torch.optim.Optimizer):
    """Layer-wise adaptive moments (You et al., "Large Batch Optimization for Deep Learning", ICLR 2020, algorithm 2).

    With m and v the moments of the gradient without their bias, r = m / (sqrt(v) + eps) and u = r + decay * w, a step is
    w -= rate * |w| / |u| * u; the ratio is 1 where either norm is 0. As in the authors' code, parameters that are not
    decayed take no ratio. NVLAMB (NVIDIA, "A Guide to Optimizer Implementation for BERT at Scale", 2019) divides the
    gradient by its norm over all parameters first, and gives every parameter its ratio.

    The state of a parameter is `exp_avg`, `exp_avg_sq` and `step`, as AdamW's.
    """

    def __init__(
        self, groups: list[Group], rate: float, betas: tuple[float, float], eps: float, is_nvlamb: bool = False
    ) -> None:
        super().__init__(groups, {"lr": rate, "betas": betas, "eps": eps, "weight_decay": 0.0})
        self._is_nvlamb = is_nvlamb

    @torch.no_grad()
    def step(self, closure: None = None) -> None:  # type: ignore[override]
        """One step of all parameters that have a gradient."""
        used = [[p for p in group["params"] if p.grad is not None] for group in self.param_groups]
        gradients = [[p.grad for p in parameters] for parameters in used]
        if self._is_nvlamb:
            norms = torch._foreach_norm([gradient for group in gradients for gradient in group])
            norm = torch.linalg.vector_norm(torch.stack(norms)).clamp(min=torch.finfo(torch.float32).tiny)
            gradients = [torch._foreach_div(group, norm) if group else [] for group in gradients]
        for group, parameters, its in zip(self.param_groups, used, gradients):
            if parameters:
                self._step_group(group, parameters, its)

    def _step_group(self, group: dict[str, object], parameters: list[Tensor], gradients: list[Tensor]) -> None:
        states = [self._state_of(parameter) for parameter in parameters]
        (beta1, beta2), decay = group["betas"], group["weight_decay"]
        means, squares = [s["exp_avg"] for s in states], [s["exp_avg_sq"] for s in states]
        torch._foreach_lerp_(means, gradients, 1 - beta1)
        torch._foreach_mul_(squares, beta2)
        torch._foreach_addcmul_(squares, gradients, gradients, 1 - beta2)
        done = float(states[0]["step"])
        roots = torch._foreach_sqrt(torch._foreach_div(squares, 1 - beta2**done))
        torch._foreach_add_(roots, group["eps"])
        updates = torch._foreach_div(torch._foreach_div(means, 1 - beta1**done), roots)
        if decay:
            torch._foreach_add_(updates, parameters, alpha=decay)
        if decay or self._is_nvlamb:
            torch._foreach_mul_(updates, _ratios(parameters, updates))
        torch._foreach_add_(parameters, updates, alpha=-group["lr"])

    def _state_of(self, parameter: Tensor) -> dict[str, Tensor]:
        state = self.state[parameter]
        if not state:
            state["step"] = torch.tensor(0.0)
            state["exp_avg"], state["exp_avg_sq"] = torch.zeros_like(parameter), torch.zeros_like(parameter)
        if state["step"].device.type != "cpu":
            state["step"] = state["step"].cpu()  # a resumed one may lie on the GPU, where each look at it would wait
        state["step"] += 1
        return state


def _ratios(parameters: list[Tensor], updates: list[Tensor]) -> list[Tensor]:
    pairs = zip(torch._foreach_norm(parameters), torch._foreach_norm(updates))
    return [torch.where((w > 0) & (u > 0), w / u, torch.ones_like(w)) for w, u in pairs]
