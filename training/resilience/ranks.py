"""The ranks of a job that uses PyTorch's default process group, and the few things they have to agree on."""

import os
from collections.abc import Mapping, Sequence

import torch
import torch.distributed as dist

from .endings import Ending


class Ranks:
    """Meets the other ranks as Azure ML's environment (or torchrun's) says; without one, a process alone."""

    def __init__(self) -> None:
        self.rank, self.world = int(os.environ.get("RANK", "0")), int(os.environ.get("WORLD_SIZE", "1"))
        self.host, self.node = os.environ.get("MASTER_ADDR", ""), os.environ.get("AZ_BATCH_NODE_ID", "")
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
            torch.cuda.set_device(self.device)
        if self.world > 1 and not dist.is_initialized():
            dist.init_process_group("cpu:gloo,cuda:nccl" if self.device.type == "cuda" else "gloo")

    def share(self, text: str | None) -> str:
        """Rank 0's text, for all."""
        box = [text]
        if self.world > 1:
            dist.broadcast_object_list(box, device=torch.device("cpu"))
        return box[0] or ""

    def sum(self, numbers: Sequence[float]) -> list[float]:
        """Summed over the ranks, one by one."""
        tensor = torch.tensor(numbers, dtype=torch.float64)
        if self.world > 1:
            dist.all_reduce(tensor)
        return tensor.tolist()

    def all_well(self, is_well: bool) -> bool:
        """Whether it is well with every rank."""
        return self.sum([0 if is_well else 1]) == [0]

    def agree(self, problem: Ending | None, kind: type[Ending]) -> None:
        """Raises this rank's problem, or `kind` with the words of another rank that has one: all end the same way."""
        words: list[str | None] = [None if problem is None else f"Rank {self.rank}: {problem}"] * self.world
        if self.world > 1:
            dist.all_gather_object(words, words[0])
        if problem is not None:
            raise problem
        if told := [one for one in words if one is not None]:
            raise kind(told[0])

    def gather(self, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Every rank's tensors (u8, on the CPU) as `rank-00000.<name>`; all ranks get all."""
        gathered = {}
        for name, tensor in tensors.items():
            parts = [torch.empty_like(tensor) for _ in range(self.world)]
            dist.all_gather(parts, tensor) if self.world > 1 else parts[0].copy_(tensor)
            gathered.update({f"rank-{rank:05d}.{name}": part for rank, part in enumerate(parts)})
        return gathered

    def mine(self, gathered: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """The inverse of `gather`: this rank's own, empty where it has none."""
        prefix = f"rank-{self.rank:05d}."
        return {name.removeprefix(prefix): part for name, part in gathered.items() if name.startswith(prefix)}
