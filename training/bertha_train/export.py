"""A trained model as Hugging Face's transformers reads it: `python -m bertha_train.export --help`."""

import argparse
import json
import sys
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save

from resilience.checkpoint import read_checkpoint
from resilience.endings import Ending
from resilience.files import write_whole

from .config import ModelConfig, read_config
from .data import Dataset, Vocabulary
from .model import LAYER_NORM_EPSILON

ONCE = {
    "embeddings.words": "bert.embeddings.word_embeddings",
    "embeddings.positions": "bert.embeddings.position_embeddings",
    "embeddings.segments": "bert.embeddings.token_type_embeddings",
    "embeddings.norm": "bert.embeddings.LayerNorm",
    "masked_word.transform": "cls.predictions.transform.dense",
    "masked_word.norm": "cls.predictions.transform.LayerNorm",
    "masked_word": "cls.predictions",
    "pooler": "bert.pooler.dense",
    "next_sentence": "cls.seq_relationship",
}
IN_LAYERS = {
    "attention.output": "attention.output.dense",
    "attention_norm": "attention.output.LayerNorm",
    "widen": "intermediate.dense",
    "narrow": "output.dense",
    "output_norm": "output.LayerNorm",
}
ROWS_ARE_WORDS = ("embeddings.words.weight", "masked_word.bias")


def write_export(folder: Path, weights: dict[str, torch.Tensor], model: ModelConfig, vocabulary: Vocabulary) -> None:
    """Writes config.json, model.safetensors, vocab.txt and the tokenizer's files into `folder`, which is made.

    `weights` are those of a checkpoint. The rows that pad the vocabulary are left out. Raises OSError.
    """
    folder.mkdir(parents=True, exist_ok=True)
    tensors = {name: t.contiguous() for name, t in as_hugging_face(weights, vocabulary.size).items()}
    write_whole(folder / "model.safetensors", save(tensors, {"format": "pt"}))
    write_whole(folder / "vocab.txt", vocabulary.file.read_bytes())
    for name, content in (
        ("config.json", config_json(model, vocabulary)),
        ("tokenizer.json", _tokenizer(vocabulary)),
        ("tokenizer_config.json", _tokenizer_config(model, vocabulary)),
    ):
        write_whole(folder / name, (json.dumps(content, indent=2, ensure_ascii=False) + "\n").encode())


def as_hugging_face(weights: dict[str, torch.Tensor], vocabulary: int) -> dict[str, torch.Tensor]:
    """A checkpoint's weights under the names of BertForPreTraining; the output matrix is the word embedding there too."""
    found: dict[str, torch.Tensor] = {}
    for name, tensor in weights.items():
        if name in ROWS_ARE_WORDS:
            tensor = tensor[:vocabulary]
        module, _, kind = name.rpartition(".")
        if not module.startswith("layers."):
            found[f"{ONCE[module]}.{kind}"] = tensor
            continue
        _, number, part = module.split(".", 2)
        layer = f"bert.encoder.layer.{number}"
        if part == "attention.projection":
            for role, third in zip(("query", "key", "value"), tensor.chunk(3)):
                found[f"{layer}.attention.self.{role}.{kind}"] = third
        else:
            found[f"{layer}.{IN_LAYERS[part]}.{kind}"] = tensor
    return found


def config_json(model: ModelConfig, vocabulary: Vocabulary) -> dict[str, Any]:
    """The model's shape in the words of transformers' BertConfig."""
    return {
        "architectures": ["BertForPreTraining" if model.next_sentence else "BertForMaskedLM"],
        "model_type": "bert",
        "vocab_size": vocabulary.size,
        "hidden_size": model.hidden_size,
        "num_hidden_layers": model.layers,
        "num_attention_heads": model.attention_heads,
        "intermediate_size": model.intermediate_size,
        "hidden_act": "gelu",
        "hidden_dropout_prob": model.dropout,
        "attention_probs_dropout_prob": model.attention_dropout,
        "max_position_embeddings": model.max_positions,
        "type_vocab_size": model.type_vocabulary,
        "initializer_range": model.initializer_range,
        "layer_norm_eps": LAYER_NORM_EPSILON,
        "pad_token_id": vocabulary.special["pad"],
        "tie_word_embeddings": True,
    }


def _tokenizer_config(model: ModelConfig, vocabulary: Vocabulary) -> dict[str, Any]:
    pieces = _pieces(vocabulary)
    names = {f"{name}_token": pieces[number] for name, number in vocabulary.special.items()}
    return {
        "tokenizer_class": "BertTokenizer",
        "do_lower_case": vocabulary.lowercase,
        "model_max_length": model.max_positions,
        "tokenize_chinese_chars": True,
        "strip_accents": None,
        **names,
    }


def _tokenizer(vocabulary: Vocabulary) -> dict[str, Any]:
    pieces, ids = _pieces(vocabulary), vocabulary.special
    cls, sep = ({"SpecialToken": {"id": pieces[ids[name]], "type_id": 0}} for name in ("cls", "sep"))
    first, second = ({"Sequence": {"id": name, "type_id": number}} for number, name in enumerate("AB"))
    last = {"SpecialToken": {"id": pieces[ids["sep"]], "type_id": 1}}
    framing = {pieces[n]: {"id": pieces[n], "ids": [n], "tokens": [pieces[n]]} for n in (ids["cls"], ids["sep"])}
    added = {"single_word": False, "lstrip": False, "rstrip": False, "normalized": False, "special": True}
    return {
        "version": "1.0",
        "truncation": None,
        "padding": None,
        "added_tokens": [{"id": number, "content": pieces[number], **added} for number in sorted(ids.values())],
        "normalizer": {
            "type": "BertNormalizer",
            "clean_text": True,
            "handle_chinese_chars": True,
            "strip_accents": None,
            "lowercase": vocabulary.lowercase,
        },
        "pre_tokenizer": {"type": "BertPreTokenizer"},
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [cls, first, sep],
            "pair": [cls, first, sep, second, last],
            "special_tokens": framing,
        },
        "decoder": {"type": "WordPiece", "prefix": "##", "cleanup": True},
        "model": {
            "type": "WordPiece",
            "unk_token": pieces[ids["unk"]],
            "continuing_subword_prefix": "##",
            "max_input_chars_per_word": vocabulary.most_letters,
            "vocab": {piece: number for number, piece in enumerate(pieces)},
        },
    }


def _pieces(vocabulary: Vocabulary) -> list[str]:
    return vocabulary.file.read_text(encoding="utf-8").rstrip("\n").split("\n")


def main(arguments: list[str] | None = None) -> int:
    """Exports a checkpoint; returns the exit code, an expected failure is one sentence on stderr."""
    parser = argparse.ArgumentParser(prog="python -m bertha_train.export", description=__doc__)
    parser.add_argument("--config", type=Path, required=True, metavar="FILE", help="what --config gave the trainer")
    parser.add_argument("--data", type=Path, required=True, metavar="DIR", help="the dataset it was trained on")
    parser.add_argument("--checkpoint", type=Path, required=True, metavar="DIR", help="the checkpoint's folder")
    parser.add_argument("--output", type=Path, required=True, metavar="DIR", help="where the files go")
    named = parser.parse_args(arguments)
    try:
        config = read_config(named.config)
        dataset = Dataset(named.data, config.sequence_length)
        weights = read_checkpoint(named.checkpoint, ("model",)).parts["model"]
        write_export(named.output, weights, config.model, dataset.vocabulary)
    except Ending as error:
        print(f"bertha_train.export: {error}", file=sys.stderr)
        return error.exit_code
    return 0


if __name__ == "__main__":
    sys.exit(main())
