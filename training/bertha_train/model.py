"""BERT as it was published: post-norm encoder, masked language model and next-sentence heads.

Only the positions to be predicted reach the output layer, which is most of the work when the vocabulary is large.
"""

import math

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from .config import ModelConfig

LAYER_NORM_EPSILON = 1e-12
ROW_MULTIPLE = 8  # matrix units want sizes that are multiples of 8


class Embeddings(nn.Module):
    """Sum of word, position and segment embeddings, normalised."""

    def __init__(self, config: ModelConfig, rows: int) -> None:
        super().__init__()
        self.words = nn.Embedding(rows, config.hidden_size)
        self.positions = nn.Embedding(config.max_positions, config.hidden_size)
        self.segments = nn.Embedding(config.type_vocabulary, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, LAYER_NORM_EPSILON)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, ids: Tensor, segments: Tensor) -> Tensor:
        positions = self.positions.weight[: ids.shape[1]]
        return self.dropout(self.norm(self.words(ids) + self.segments(segments) + positions))


class Attention(nn.Module):
    """Bidirectional multi-head self-attention; queries, keys and values come from one matrix product."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.heads = config.attention_heads
        self.dropout = config.attention_dropout
        self.projection = nn.Linear(config.hidden_size, 3 * config.hidden_size)
        self.output = nn.Linear(config.hidden_size, config.hidden_size)

    def forward(self, x: Tensor, attended: Tensor | None) -> Tensor:
        batch, width, hidden = x.shape
        q, k, v = self.projection(x).view(batch, width, 3, self.heads, hidden // self.heads).permute(2, 0, 3, 1, 4)
        dropout = self.dropout if self.training else 0.0
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=attended, dropout_p=dropout)
        return self.output(y.transpose(1, 2).reshape(batch, width, hidden))


class Layer(nn.Module):
    """One encoder layer: the normalisation follows each residual sum (post-norm)."""

    def __init__(self, config: ModelConfig) -> None:
        super().__init__()
        self.attention = Attention(config)
        self.attention_norm = nn.LayerNorm(config.hidden_size, LAYER_NORM_EPSILON)
        self.widen = nn.Linear(config.hidden_size, config.intermediate_size)
        self.narrow = nn.Linear(config.intermediate_size, config.hidden_size)
        self.output_norm = nn.LayerNorm(config.hidden_size, LAYER_NORM_EPSILON)
        self.dropout = nn.Dropout(config.dropout)

    def forward(self, x: Tensor, attended: Tensor | None) -> Tensor:
        x = self.attention_norm(x + self.dropout(self.attention(x, attended)))
        return self.output_norm(x + self.dropout(self.narrow(F.gelu(self.widen(x)))))


class MaskedWordHead(nn.Module):
    """Logits over the vocabulary; the output matrix is the word embedding, its bias starts at zero."""

    def __init__(self, config: ModelConfig, vocabulary: int, rows: int) -> None:
        super().__init__()
        self.transform = nn.Linear(config.hidden_size, config.hidden_size)
        self.norm = nn.LayerNorm(config.hidden_size, LAYER_NORM_EPSILON)
        self.bias = nn.Parameter(torch.zeros(rows))
        self.vocabulary = vocabulary

    def forward(self, x: Tensor, words: Tensor) -> Tensor:
        x = self.norm(F.gelu(self.transform(x)))
        return F.linear(x, words, self._bias_of_real_words())

    def _bias_of_real_words(self) -> Tensor:
        rows = len(self.bias)
        if rows == self.vocabulary:
            return self.bias
        is_padding = torch.arange(rows, device=self.bias.device) >= self.vocabulary
        return self.bias.masked_fill(is_padding, -math.inf)


class Bert(nn.Module):
    """Encoder with both pretraining heads; `vocabulary` counts real words, the embedding's rows are padded to 8."""

    def __init__(self, config: ModelConfig, vocabulary: int) -> None:
        super().__init__()
        self.rows = rows = -(-vocabulary // ROW_MULTIPLE) * ROW_MULTIPLE
        self.embeddings = Embeddings(config, rows)
        self.layers = nn.ModuleList(Layer(config) for _ in range(config.layers))
        self.masked_word = MaskedWordHead(config, vocabulary, rows)
        has_pairs = config.next_sentence
        self.pooler = nn.Linear(config.hidden_size, config.hidden_size) if has_pairs else None
        self.next_sentence = nn.Linear(config.hidden_size, 2) if has_pairs else None
        self.pooled_dropout = nn.Dropout(config.dropout)
        self.apply(lambda module: _initialise(module, config.initializer_range))

    def forward(
        self, ids: Tensor, segments: Tensor, attended: Tensor | None, masked: Tensor
    ) -> tuple[Tensor, Tensor | None]:
        """Word logits [predictions, rows] at the flat positions `masked`, and pair logits [batch, 2] (1 = random).

        Without the next-sentence task there are no pair logits.

        `ids` and `segments` are i64 [batch, width]; `attended` is bool [batch, width] or None when nothing is padding.
        """
        x = self.embeddings(ids, segments)
        visible = None if attended is None else attended[:, None, None, :]
        for layer in self.layers:
            x = layer(x, visible)
        to_predict = x.flatten(0, 1).index_select(0, masked)
        words = self.masked_word(to_predict, self.embeddings.words.weight)
        if self.pooler is None or self.next_sentence is None:
            return words, None
        return words, self.next_sentence(self.pooled_dropout(torch.tanh(self.pooler(x[:, 0]))))


def _initialise(module: nn.Module, deviation: float) -> None:
    if isinstance(module, (nn.Linear, nn.Embedding)):
        nn.init.normal_(module.weight, std=deviation)
    if isinstance(module, nn.Linear):
        nn.init.zeros_(module.bias)
