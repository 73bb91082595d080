"""Who learns more of the same samples: `learning.py DATA STEPS`; ours once, Hugging Face's model with three seeds.

Prints JSON: the mean loss (mlm + nsp) over the last tenth of the steps of each.
"""

import json
import sys
from pathlib import Path

import torch
from sides import as_theirs, hugging_face, optimizer_for, ours, settings, take_step

from bertha_train.schedule import learning_rate

SEEDS = (1, 2, 3)
SHAPE = {"model": {"hiddenSize": 128, "layers": 2, "attentionHeads": 2, "intermediateSize": 512, "maxPositions": 64,
                   "typeVocabulary": 2, "dropout": 0.1, "attentionDropout": 0.1, "initializerRange": 0.02},
         "optimizer": {"name": "adamw", "learningRate": 2e-3, "beta1": 0.9, "beta2": 0.98, "epsilon": 1e-6,
                       "weightDecay": 0.01, "clipNorm": 1.0},
         "schedule": {"name": "linear", "warmupRatio": 0.1}, "masking": {"probability": 0.15, "maxPredictions": 5}}  # fmt: skip


def main(data: Path, steps: int) -> dict[str, object]:
    config = settings("small", 32, 64, 64, **SHAPE, steps=steps)
    trainer, _ = ours(config, data)
    batches, losses = [], []
    for _ in range(steps):
        plan = trainer._next_plan()
        batches.append(as_theirs(next(trainer.stream.share(plan, 0, 1)), None))
        sums = take_step(trainer).sums
        losses.append((sums[0] / plan.predictions + sums[1] / len(plan.samples)).item())
    last = max(1, steps // 10)
    theirs = []
    for seed in SEEDS:
        torch.manual_seed(seed)
        model = hugging_face(config, trainer.dataset.vocabulary)
        optimizer = optimizer_for(model, config)
        found = []
        for number, batch in enumerate(batches, start=1):
            for group in optimizer.param_groups:
                group["lr"] = learning_rate(config, number)
            loss = model(**batch).loss
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            optimizer.zero_grad()
            found.append(loss.item())
        theirs.append(sum(found[-last:]) / last)
    return {"ours": sum(losses[-last:]) / last, "theirs": theirs}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), int(sys.argv[2]))))
