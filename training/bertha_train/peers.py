"""The process group, from the environment that Azure ML (or torchrun) sets; without one, a single process."""

import os
import sys
from collections.abc import Mapping
from datetime import timedelta

import torch
import torch.distributed as dist

from resilience.endings import Ending

RENDEZVOUS = timedelta(minutes=15)  # nodes of one job may start minutes apart
COLLECTIVE = timedelta(minutes=40)  # longer than any work that is announced: the watchdog is to be the first
FILES_WRITTEN = timedelta(minutes=30)  # the others wait this long for rank 0 to write a checkpoint


class Peers:
    """Rank, world and device of this process, and the few things the ranks have to agree on."""

    def __init__(self) -> None:
        """Meets the other ranks. Raises RuntimeError when they do not come."""
        self.rank = int(os.environ.get("RANK", "0"))
        self.world = int(os.environ.get("WORLD_SIZE", "1"))
        self.device = torch.device("cpu")
        if torch.cuda.is_available():
            self.device = torch.device("cuda", int(os.environ.get("LOCAL_RANK", "0")))
            torch.cuda.set_device(self.device)
        self.is_gpu = self.device.type == "cuda"
        self.host = os.environ.get("MASTER_ADDR", "")
        self.node = os.environ.get("AZ_BATCH_NODE_ID", "")
        self._shared = 0
        self._store = self._meet() if self.world > 1 else None

    def node_names(self) -> list[str] | None:
        """What the platform calls each rank's machine (AZ_BATCH_NODE_ID), in the order of ranks, each machine once.

        None where it does not say.
        """
        mine = self.node
        if self._store is None:
            return [mine] if mine else None
        self._store.set(f"node {self.rank}", mine)
        names = [self._store.get(f"node {rank}").decode() for rank in range(self.world)] if self.rank == 0 else [mine]
        return list(dict.fromkeys(names)) if all(names) else None

    def share(self, text: str | None) -> str:
        """Rank 0's text, for all ranks; called by all of them together, the others with None."""
        if self._store is None:
            return text or ""
        self._shared += 1
        key = f"shared {self._shared}"
        if text is not None:
            self._store.set(key, text)
        return self._store.get(key).decode()

    def sum(self, values: torch.Tensor) -> torch.Tensor:
        """The element-wise sum over all ranks, in place."""
        if self.world > 1:
            dist.all_reduce(values)
        return values

    def gather_bytes(self, tensors: Mapping[str, torch.Tensor]) -> dict[str, torch.Tensor]:
        """Every rank's tensors (u8, on the CPU) as `rank-00000.<name>`; all ranks get all."""
        if self.world == 1:
            return {f"rank-00000.{name}": tensor for name, tensor in tensors.items()}
        gathered = {}
        for name, tensor in tensors.items():
            parts = [torch.empty_like(tensor) for _ in range(self.world)]
            dist.all_gather(parts, tensor)
            gathered.update({f"rank-{rank:05d}.{name}": part for rank, part in enumerate(parts)})
        return gathered

    def agree(self, problem: Ending | None, kind: type[Ending]) -> None:
        """Raises this rank's problem, or `kind` if another rank has one: all ranks end the same way."""
        if problem is not None and self._store is not None:
            self._store.set("problem", f"Rank {self.rank}: {problem}")
        problems = self.sum(torch.tensor(0 if problem is None else 1))
        if problem is not None:
            raise problem
        if problems:
            assert self._store is not None
            raise kind(self._store.get("problem").decode())

    def all_well(self, is_well: bool) -> bool:
        """Whether it is well with every rank."""
        return not bool(self.sum(torch.tensor(0 if is_well else 1)))

    def wait_for_files(self, what: str) -> None:
        """Rank 0 says that it has written `what`; the others wait for it, longer than for a collective operation."""
        if self._store is None:
            return
        if self.rank == 0:
            self._store.set(what, "written")
        else:
            self._store.wait([what], FILES_WRITTEN)

    def leave(self) -> None:
        """Leaves the group in order, after the last step."""
        if self.world > 1:
            dist.destroy_process_group()

    def _meet(self) -> dist.Store:
        address, port = os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])
        if address in ("127.0.0.1", "localhost"):
            loopback = "lo0" if sys.platform == "darwin" else "lo"
            os.environ.setdefault("GLOO_SOCKET_IFNAME", loopback)  # a laptop's host name often resolves to nowhere
        store = dist.TCPStore(address, port, self.world, is_master=self.rank == 0, timeout=RENDEZVOUS)
        backend = "cpu:gloo,cuda:nccl" if self.device.type == "cuda" else "gloo"
        dist.init_process_group(
            backend, store=dist.PrefixStore("group", store), rank=self.rank, world_size=self.world, timeout=COLLECTIVE
        )
        return store
