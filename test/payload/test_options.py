"""Each option of the trainer, on a CPU."""

import os
import shutil
from functools import partial
from pathlib import Path

import pytest
import torch
from in_process import step, trainer_with
from trainers import Trainers, config

from resilience.checkpoint import write_checkpoint


def weights(trainer: object) -> torch.Tensor:
    return torch.nn.utils.parameters_to_vector(trainer.bert.parameters()).detach().clone()  # type: ignore[attr-defined]


def test_float16_skips_a_step_that_overflows_and_goes_on_with_a_lower_scale(tmp_path: Path, data: Path) -> None:
    trainer = trainer_with(tmp_path, data, precision="float16")
    step(trainer)
    trainer.scaler.load_state_dict({**trainer.scaler.state_dict(), "scale": 2.0**100})
    before = weights(trainer)
    numbers = step(trainer)
    assert not torch.isfinite(numbers.grad_norm) and torch.isfinite(numbers.sums).all()
    assert torch.equal(weights(trainer), before)
    assert trainer.loss_scale == 2.0**99
    assert trainer.progress.step == 2
    trainer.scaler.load_state_dict({**trainer.scaler.state_dict(), "scale": 2.0**10})
    step(trainer)
    assert not torch.equal(weights(trainer), before)


def test_a_phase_whose_every_step_overflowed_so_far_resumes(tmp_path: Path, data: Path) -> None:
    stopped = trainer_with(tmp_path, data, precision="float16")
    stopped.scaler.load_state_dict({**stopped.scaler.state_dict(), "scale": 2.0**100})
    step(stopped)
    write_checkpoint(tmp_path, stopped.manifest(None), stopped.state(), stopped.about)
    resumed = trainer_with(tmp_path, data, resume=tmp_path / "step-000000001", precision="float16")
    assert (resumed.progress.step, resumed.loss_scale) == (1, 2.0**99)
    for trainer in (stopped, resumed):
        trainer.scaler.load_state_dict({**trainer.scaler.state_dict(), "scale": 2.0**10})
        torch.manual_seed(0)
        step(trainer)
    assert torch.equal(weights(stopped), weights(resumed))


def test_half_precisions_stay_near_single_precision(tmp_path: Path, data: Path) -> None:
    quiet = {"model__dropout": 0, "model__attentionDropout": 0}
    losses = {}
    for precision in ("float32", "bfloat16", "float16"):
        trainer = trainer_with(tmp_path, data, precision=precision, **quiet)
        losses[precision] = [step(trainer).sums[:2].tolist() for _ in range(5)]
    for precision in ("bfloat16", "float16"):
        for ours, single in zip(losses[precision], losses["float32"]):
            assert ours == pytest.approx(single, rel=2e-2)
    assert losses["bfloat16"] != losses["float32"] != losses["float16"]


@pytest.mark.parametrize("name", ["lamb", "nvlamb"])
def test_lamb_learns(tmp_path: Path, data: Path, name: str) -> None:
    quiet = {"model__dropout": 0, "model__attentionDropout": 0}
    rate = {"optimizer__name": name, "optimizer__learningRate": 0.02, "steps": 60}
    trainer = trainer_with(tmp_path, data, globalBatch=48, microBatch=24, **quiet, **rate)
    losses = [(numbers := step(trainer)).sums[0].item() / numbers.plan.predictions for _ in range(60)]
    assert sum(losses[-5:]) / 5 < losses[0] - 0.5


def test_masked_words_alone_have_no_pair_head_and_no_pair_loss(trainers: Trainers) -> None:
    attempt = trainers.run(config(model__nextSentence=False, steps=4), world=2)
    assert all(set(line["loss"]) == {"mlm"} for line in attempt.metrics())
    held_out = attempt.json("evaluation.json")["heldOut"]
    assert held_out["nsp"] is None and held_out["nspAccuracy"] is None and held_out["pairs"] == 0
    assert attempt.json("heartbeat.json")["loss"]["nsp"] is None
    assert "architectures" in attempt.json("export/config.json")


def test_gradients_are_clipped_to_their_norm(tmp_path: Path, data: Path) -> None:
    trainer = trainer_with(tmp_path, data, optimizer__clipNorm=0.01)
    found = []
    trainer.optimizer.register_step_pre_hook(lambda *_: found.append(norm_of(trainer.bert)))
    numbers = step(trainer)
    assert numbers.grad_norm.item() > 0.1
    assert found == [pytest.approx(0.01, rel=1e-3)]


def norm_of(model: torch.nn.Module) -> float:
    return torch.nn.utils.get_total_norm([p.grad for p in model.parameters() if p.grad is not None]).item()


def test_evaluations_on_the_way_rank_the_checkpoints_behind_them_and_change_no_weight(trainers: Trainers) -> None:
    plain = trainers.run(config(steps=7, checkpointSteps=None))
    tried = trainers.run(config(steps=7, checkpointSteps=3, evaluationSteps=2), world=1)
    assert tried.checkpoints() == [2, 3, 4, 6, 7]
    assert tried.manifest(3)["loss"] is None
    for number in (2, 4, 6, 7):
        found = tried.json(f"evaluations/step-{number:09d}.json")
        assert found["step"] == number
        assert tried.manifest(number)["loss"] == pytest.approx(found["heldOut"]["mlm"] + found["heldOut"]["nsp"])
    assert tried.weights(7) == plain.weights(7)
    assert tried.json("evaluation.json") == found


def test_metrics_say_what_a_steps_work_was(trainers: Trainers) -> None:
    attempt = trainers.run(config(steps=4, sequenceLength=32, precision="float16"))
    for line in attempt.metrics():
        assert 0 <= line["dataWait"] <= line["seconds"]
        assert 0 <= line["padding"] < 0.5
        assert line["tokens"] >= 12 * 5
        assert line["lossScale"] == 65536
        assert "mfu" not in line, "no GPU took part"
    assert attempt.manifest(4)["tokens"] == sum(line["tokens"] for line in attempt.metrics())


def test_without_determinism_the_same_samples_are_seen(trainers: Trainers) -> None:
    free, bound = trainers.run(config(steps=3, deterministic=False)), trainers.run(config(steps=3))
    assert free.manifest(3)["sampleHash"] == bound.manifest(3)["sampleHash"]
    for ours, theirs in zip(free.metrics(), bound.metrics()):
        assert ours["loss"] == pytest.approx(theirs["loss"], rel=1e-4)


def test_a_traced_model_trains_as_the_other_one_does(
    tmp_path: Path, data: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # All of `compile` but the generating of code, which takes a compiler and a minute.
    monkeypatch.setattr(torch, "compile", partial(torch.compile, backend="aot_eager"))
    is_the_same_compiled(tmp_path, data)


@pytest.mark.skipif(not os.environ.get("BERTHA_COMPILER"), reason="compiling takes a minute: BERTHA_COMPILER=1 does it")
@pytest.mark.skipif(shutil.which("g++") is None, reason="torch.compile on a CPU needs a C++ compiler (g++)")
def test_a_compiled_model_trains_as_the_other_one_does(tmp_path: Path, data: Path) -> None:
    is_the_same_compiled(tmp_path, data)


def is_the_same_compiled(folder: Path, data: Path) -> None:
    """One step of each, and what a checkpoint would hold."""
    quiet = {"model__dropout": 0, "model__attentionDropout": 0, "model__layers": 1, "deterministic": False}
    small = {"globalBatch": 4, "microBatch": 4, "model__nextSentence": False}  # compiling takes its time
    plain = trainer_with(folder, data, **quiet, **small)
    compiled = trainer_with(folder, data, compile=True, **quiet, **small)
    assert compiled.model is not compiled.bert
    assert step(compiled).sums.tolist() == pytest.approx(step(plain).sums.tolist(), rel=1e-4)
    torch.testing.assert_close(weights(compiled), weights(plain), rtol=1e-3, atol=1e-5)
    assert set(compiled.bert.state_dict()) == set(plain.bert.state_dict())
