"""Makes shards as the recipe of 2019 did, pickles of token strings, from a Wikipedia dump: something to try `data.convert` on.

    python old_recipe_shards.py DUMP FOLDER SEQUENCE_LENGTH

Writes FOLDER/512/wiki_pretrain/wikipedia_segmented_part_{0..5}.bin, FOLDER/validation_512_only/validation_set.bin and
FOLDER/vocab.txt. The text is cleaned roughly, and the vocabulary is a list of frequent words: bertha's own preparation does better.
"""

import bz2
import collections
import functools
import html
import pickle
import random
import re
import sys
import types
from pathlib import Path

TRAINING_FILES = 6
HELD_OUT_EVERY = 12
DUPES = 2
VOCABULARY = 2048
SPECIAL = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"]


class TokenInstance:
    """Two parts of a sequence; `is_next` is 0 where the second really follows, 1 where it is a random one."""

    def __init__(self, tokens_a, tokens_b, is_next):
        self.tokens_a, self.tokens_b, self.is_next = tokens_a, tokens_b, is_next


class GenericPretrainingDataCreator:
    def __init__(self, instances, sequence_length):
        self.dupe_factor, self.max_seq_length, self.small_seq_prob = DUPES, sequence_length, 0.1
        self.documents, self.instances, self.len = None, instances, len(instances)


class WikiPretrainingDataCreator(GenericPretrainingDataCreator):
    pass


def documents_in(dump):
    """Lists of sentences, each a list of words."""
    opened = bz2.open if dump.endswith(".bz2") else open
    xml = opened(dump, "rt", encoding="utf-8").read()
    for text in re.findall(r"<text[^>]*>(.*?)</text>", xml, re.DOTALL):
        words = [re.findall(r"\w+|[^\w\s]", sentence.lower()) for sentence in sentences_in(html.unescape(text))]
        sentences = [sentence for sentence in words if len(sentence) > 3]
        if len(sentences) > 5:
            yield sentences


def sentences_in(text):
    text = re.sub(r"<!--.*?-->|<ref[^>]*/>|<ref.*?</ref>|<[^>]*>", " ", text, flags=re.DOTALL)
    for _ in range(6):
        text = re.sub(r"\{[{|][^{}]*\}+", " ", text)
    text = re.sub(r"\[\[[^\[\]]*:[^\[\]]*\]\]|https?:\S+|'{2,}", " ", text)
    text = re.sub(r"\[\[(?:[^\[\]|]*\|)?([^\[\]]*)\]\]", r"\1", text)
    for line in text.splitlines():
        if line[:1].isalpha():
            yield from re.split(r"(?<=[.!?])\s+(?=[A-Z])", line)


def vocabulary_of(documents):
    words = collections.Counter(word for document in documents for sentence in document for word in sentence)
    letters = sorted({letter for word in words for letter in word if letter.isascii()})
    pieces = SPECIAL + letters + ["##" + letter for letter in letters]
    for word, _ in words.most_common():
        if len(pieces) == VOCABULARY:
            break
        if word not in letters:
            pieces.append(word)
    return pieces


def tokens_of(word, pieces):
    """The longest pieces from the left; one that cannot be made of pieces is unknown."""
    tokens, start = [], 0
    while start < len(word):
        prefix = "##" if start > 0 else ""
        ends = range(len(word), start, -1)
        piece = next((prefix + word[start:end] for end in ends if prefix + word[start:end] in pieces), None)
        if piece is None:
            return ["[UNK]"]
        tokens.append(piece)
        start += len(piece) - len(prefix)
    return tokens


def instances_of(documents, sequence_length):
    room = sequence_length - 3
    for index, document in enumerate(documents):
        first = 0
        while first < len(document) - 1:
            a, last = list(document[first]), first + 1
            while last < len(document) - 1 and len(a) + len(document[last]) < room // 2:
                a += document[last]
                last += 1
            is_random = random.random() < 0.5
            other = (index + random.randrange(1, len(documents))) % len(documents) if is_random else index
            start = random.randrange(len(documents[other])) if is_random else last
            b = [token for sentence in documents[other][start : start + 4] for token in sentence]
            a = a[: room // 2]
            yield TokenInstance(a, b[: room - len(a)], int(is_random))
            first = last if is_random else last + 1


def save(path, creator, documents, sequence_length):
    path.parent.mkdir(parents=True, exist_ok=True)
    instances = [one for _ in range(DUPES) for one in instances_of(documents, sequence_length)]
    random.shuffle(instances)
    with open(path, "wb") as out:
        pickle.dump(creator(instances, sequence_length), out, protocol=3)


def main(dump, folder, sequence_length):
    random.seed(42)
    module = sys.modules["sources"] = types.ModuleType("sources")
    for cls in (TokenInstance, GenericPretrainingDataCreator, WikiPretrainingDataCreator):
        cls.__module__ = "sources"
        setattr(module, cls.__name__, cls)
    texts = list(documents_in(dump))
    vocabulary = vocabulary_of(texts)
    (folder / "vocab.txt").write_text("\n".join(vocabulary) + "\n", encoding="utf-8")
    pieces = set(vocabulary)
    spelled = functools.cache(lambda word: tokens_of(word, pieces))
    tokenised = [[[token for word in sentence for token in spelled(word)] for sentence in text] for text in texts]
    held_out = tokenised[::HELD_OUT_EVERY]
    training = [text for number, text in enumerate(tokenised) if number % HELD_OUT_EVERY]
    for part in range(TRAINING_FILES):
        path = folder / "512" / "wiki_pretrain" / f"wikipedia_segmented_part_{part}.bin"
        save(path, GenericPretrainingDataCreator, training[part::TRAINING_FILES], sequence_length)
    path = folder / "validation_512_only" / "validation_set.bin"
    save(path, WikiPretrainingDataCreator, held_out, sequence_length)


if __name__ == "__main__":
    folder = Path(sys.argv[2])
    folder.mkdir(parents=True, exist_ok=True)
    main(sys.argv[1], folder, int(sys.argv[3]))
