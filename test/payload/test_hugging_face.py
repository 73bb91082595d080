"""Beside Hugging Face's BertForPreTraining: the same weights give the same logits, loss and gradients, and the export loads."""

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from dataset import SPECIAL, VOCABULARY
from in_process import step, trainer_with
from transformers import AutoTokenizer, BertConfig, BertForMaskedLM, BertForPreTraining, pipeline

from bertha_train import export
from bertha_train.data import Batch
from bertha_train.export import as_hugging_face
from bertha_train.train import Trainer

QUIET = {"model__dropout": 0, "model__attentionDropout": 0}
WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "the", "cat", "dog", "sat", "##s", "ran", "."]
IGNORED = -100


def theirs(trainer: Trainer) -> BertForPreTraining:
    """Their model with our weights."""
    m = trainer.config.model
    model = BertForPreTraining(
        BertConfig(
            vocab_size=VOCABULARY,
            hidden_size=m.hidden_size,
            num_hidden_layers=m.layers,
            num_attention_heads=m.attention_heads,
            intermediate_size=m.intermediate_size,
            max_position_embeddings=m.max_positions,
            hidden_dropout_prob=0.0,
            attention_probs_dropout_prob=0.0,
        )
    )
    missing, unexpected = model.load_state_dict(as_hugging_face(trainer.bert.state_dict(), VOCABULARY), strict=False)
    assert unexpected == []
    assert set(missing) <= {"cls.predictions.decoder.weight", "cls.predictions.decoder.bias"}
    model.tie_weights()
    return model.train()


def as_theirs(batch: Batch) -> dict[str, torch.Tensor]:
    labels = torch.full(batch.ids.shape, IGNORED)
    labels.view(-1)[torch.from_numpy(batch.masked)] = torch.from_numpy(batch.labels)
    return {
        "input_ids": torch.from_numpy(batch.ids),
        "token_type_ids": torch.from_numpy(batch.segments),
        "attention_mask": torch.from_numpy(batch.attended).long(),
        "labels": labels,
        "next_sentence_label": torch.from_numpy(batch.random_next),
    }


def whole_batch(trainer: Trainer) -> Batch:
    plan = trainer.stream.plan(1, 0)
    return trainer.dataset.training_batch(plan.samples, plan.seeds, trainer.config.masking)


def test_logits_loss_and_gradients_are_theirs(tmp_path: Path, data: Path) -> None:
    trainer = trainer_with(tmp_path, data, sequenceLength=32, microBatch=4, model__hiddenSize=32, **QUIET)
    model, batch = theirs(trainer), whole_batch(trainer)
    expected = model(**as_theirs(batch))
    words, nexts = trainer._forward_alone(batch)
    at_masks = expected.prediction_logits.flatten(0, 1)[torch.from_numpy(batch.masked)]
    torch.testing.assert_close(words[:, :VOCABULARY], at_masks, rtol=1e-4, atol=1e-5)
    torch.testing.assert_close(nexts, expected.seq_relationship_logits, rtol=1e-4, atol=1e-5)

    plan, sums = trainer.stream.plan(1, 0), torch.zeros(2, dtype=torch.float64)
    for part in trainer._share(plan):  # three micro-batches of other widths make the same sums
        trainer._backward(part, plan, sums, is_last=False)
    assert (sums[0] / plan.predictions + sums[1] / len(plan.samples)).item() == pytest.approx(
        expected.loss.item(), rel=1e-5
    )
    expected.loss.backward()
    gradients = {name: p.grad for name, p in trainer.bert.named_parameters() if p.grad is not None}
    ours = as_hugging_face(gradients, VOCABULARY)
    found = {name: p.grad for name, p in model.named_parameters() if p.grad is not None}
    assert set(ours) - set(found) <= {"cls.predictions.bias"} and set(found) - set(ours) <= {
        "cls.predictions.decoder.bias"
    }
    for name in set(ours) & set(found):
        torch.testing.assert_close(ours[name], found[name], rtol=1e-3, atol=1e-6, msg=lambda m, n=name: f"{n}: {m}")


def test_ten_steps_of_their_model_with_plain_adamw_give_the_same_losses(tmp_path: Path, data: Path) -> None:
    constant = {"schedule__name": "constant", "schedule__warmupRatio": 0, "optimizer__clipNorm": 1000}
    trainer = trainer_with(tmp_path, data, **QUIET, **constant, optimizer__learningRate=0.003)
    model = theirs(trainer)
    decayed = [p for p in model.parameters() if p.dim() >= 2]
    rest = [p for p in model.parameters() if p.dim() < 2]
    groups = [{"params": decayed, "weight_decay": 0.01}, {"params": rest, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=0.003, betas=(0.9, 0.999), eps=1e-6)
    for number in range(10):
        plan = trainer.stream.plan(number + 1, trainer.progress.position)
        batch = trainer.dataset.training_batch(plan.samples, plan.seeds, trainer.config.masking)
        loss = model(**as_theirs(batch)).loss
        loss.backward()
        optimizer.step()
        optimizer.zero_grad()
        sums = step(trainer).sums
        ours = sums[0] / plan.predictions + sums[1] / len(plan.samples)
        assert ours.item() == pytest.approx(loss.item(), rel=1e-4)


def with_words(folder: Path, data: Path) -> Path:
    """The tests' dataset with a vocabulary that a tokenizer can use."""
    folder.mkdir()
    for entry in data.iterdir():
        if entry.name not in ("manifest.json", "vocab.txt"):
            (folder / entry.name).symlink_to(entry)
    pieces = WORDS + [f"word{number}" for number in range(len(WORDS), VOCABULARY)]
    (folder / "vocab.txt").write_text("".join(f"{piece}\n" for piece in pieces))
    manifest: dict[str, Any] = json.loads((data / "manifest.json").read_text())
    manifest["createdFrom"] = {"options": {"lowercase": True, "maxWordLength": 10}}
    (folder / "manifest.json").write_text(json.dumps(manifest))
    return folder


@pytest.mark.parametrize("next_sentence", [True, False])
def test_an_export_loads_in_transformers_and_says_the_same(tmp_path: Path, data: Path, next_sentence: bool) -> None:
    words = with_words(tmp_path / "words", data)
    trainer = trainer_with(tmp_path, words, model__nextSentence=next_sentence)
    step(trainer)
    out = tmp_path / "export"
    export.write_export(out, trainer.bert.state_dict(), trainer.config.model, trainer.dataset.vocabulary)
    kind = BertForPreTraining if next_sentence else BertForMaskedLM
    model, report = kind.from_pretrained(out, output_loading_info=True)
    assert not report["missing_keys"] and not report["unexpected_keys"] and not report["mismatched_keys"]
    assert json.loads((out / "config.json").read_text())["architectures"] == [kind.__name__]

    batch, trainer.bert = whole_batch(trainer), trainer.bert.eval()
    asked = {key: value for key, value in as_theirs(batch).items() if "label" not in key}
    with torch.no_grad():
        found, (ours, _) = model.eval()(**asked), trainer._forward_alone(batch)
    logits = found.prediction_logits if next_sentence else found.logits
    at_masks = logits.flatten(0, 1)[torch.from_numpy(batch.masked)]
    torch.testing.assert_close(ours[:, :VOCABULARY], at_masks, rtol=1e-4, atol=1e-5)
    assert torch.equal(ours.argmax(1), at_masks.argmax(1)), "the same words come first: the same held-out accuracy"

    tokenizer = AutoTokenizer.from_pretrained(out)
    ids = [WORDS.index(word) for word in ("[CLS]", "the", "cat", "##s", "sat", "[MASK]", "[UNK]", ".", "[SEP]")]
    assert tokenizer("The cats SAT [MASK] wwwwwwwwwwwwww.")["input_ids"] == ids
    assert tokenizer.mask_token_id == SPECIAL["mask"] and tokenizer.model_max_length == 32
    if next_sentence:
        top = pipeline("fill-mask", model=str(out), tokenizer=str(out), top_k=1)("the cat [MASK] .")
        assert top[0]["token"] < VOCABULARY


def test_a_checkpoint_is_exported_by_a_command(trainers: Any, data: Path, tmp_path: Path) -> None:
    attempt = trainers.run(config_of(tmp_path), world=1)
    places = ["--config", str(tmp_path / "config.json"), "--data", str(data)]
    done = export.main([*places, "--checkpoint", str(attempt.checkpoint(2)), "--output", str(tmp_path / "out")])
    assert done == 0
    for name in ("config.json", "model.safetensors", "vocab.txt", "tokenizer.json", "tokenizer_config.json"):
        assert (tmp_path / "out" / name).read_bytes() == (attempt.folder / "export" / name).read_bytes()


def test_the_command_says_in_a_sentence_what_is_missing(data: Path, tmp_path: Path, capsys: Any) -> None:
    config_of(tmp_path)
    places = ["--config", str(tmp_path / "config.json"), "--data", str(data), "--output", str(tmp_path / "out")]
    assert export.main([*places, "--checkpoint", str(tmp_path / "nothing")]) == 4
    assert "nothing has no manifest.json" in capsys.readouterr().err


def config_of(folder: Path) -> dict[str, Any]:
    from trainers import config

    settings = config(steps=2)
    (folder / "config.json").write_text(json.dumps(settings))
    return settings
