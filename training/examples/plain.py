"""A trainer of one's own that survives preemptions: a plain PyTorch loop around `resilience.keeper`.

    python -m examples.plain --config FILE --data DIR --output DIR --run NAME --phase NAME --attempt aNNN [--resume DIR]

It learns to guess the next word of a shard's tokens from the two before it: no model to boast of, but one that trains,
on any number of processes. What makes it resumable to the bit is what any loop must see to: which samples a step uses
is a function of the step alone, and whatever else is random is restored.
"""

import json
from pathlib import Path
from typing import NoReturn

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from torch.nn.parallel import DistributedDataParallel

from resilience.keeper import Keeper, keep_alive

CONTEXT = 2


class Guesser(torch.nn.Module):
    """From two words to the next."""

    def __init__(self, words: int, width: int, dropout: float) -> None:
        super().__init__()
        self.embedding = torch.nn.Embedding(words, width)
        self.hidden = torch.nn.Linear(CONTEXT * width, width)
        self.dropout = torch.nn.Dropout(dropout)
        self.output = torch.nn.Linear(width, words)

    def forward(self, context: torch.Tensor) -> torch.Tensor:
        """`context` i64 [batch, 2]; logits [batch, words]."""
        return self.output(self.dropout(torch.tanh(self.hidden(self.embedding(context).flatten(1)))))


def words_of(data: Path) -> tuple[torch.Tensor, int]:
    """All tokens of the first set's training shards, i64 [tokens], and the size of the vocabulary."""
    manifest = json.loads((data / "manifest.json").read_bytes())
    shards = manifest["sets"][0]["train"]["shards"]
    tokens = [load_file(data / shard["file"])["tokens"].to(torch.int64) for shard in shards]
    return torch.cat(tokens), manifest["vocabulary"]["size"]


def batch_of(step: int, seed: int, size: int, words: torch.Tensor) -> tuple[torch.Tensor, torch.Tensor]:
    """The global batch of a step, the same for any number of processes: context and next words."""
    generator = torch.Generator().manual_seed(seed * 1_000_003 + step)
    at = torch.randint(len(words) - CONTEXT, (size,), generator=generator)
    return torch.stack([words[at], words[at + 1]], dim=1), words[at + CONTEXT]


def train(keeper: Keeper) -> None:
    """Trains to the last step; what the supervisor asks for comes as an exception out of `passed`."""
    config, ranks = keeper.config, keeper.join()
    torch.set_num_threads(1)
    torch.use_deterministic_algorithms(True)
    torch.manual_seed(config["seed"] + ranks.rank)
    words, vocabulary = words_of(keeper.asked.data)
    guesser = Guesser(vocabulary, config["width"], config["dropout"]).to(ranks.device)
    optimizer = torch.optim.AdamW(guesser.parameters(), lr=config["learningRate"])
    model = DistributedDataParallel(guesser) if ranks.world > 1 else guesser
    done = keeper.restore(guesser, optimizer)
    for step in range(done + 1, config["steps"] + 1):
        context, following = batch_of(step, config["seed"], config["globalBatch"], words)
        mine = slice(ranks.rank, None, ranks.world)
        logits = model(context[mine].to(ranks.device))
        loss = F.cross_entropy(logits, following[mine].to(ranks.device))
        loss.backward()
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        keeper.passed(loss.item(), config["learningRate"])


def main(arguments: list[str] | None = None) -> NoReturn:
    """Trains and leaves the process."""
    keep_alive("plain", train, arguments)


if __name__ == "__main__":
    main()
