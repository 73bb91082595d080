"""Tokenises the lines of a file with a peer, after those of another file, on one thread. Prints what it took, in processor seconds.

tokenize-peer.py hf|nano VOCABULARY WARM-UP FILE
"""

import json
import os
import resource
import sys

os.environ["TOKENIZERS_PARALLELISM"] = "false"
os.environ["RAYON_NUM_THREADS"] = "1"

kind, vocabulary, warm_up, file = sys.argv[1:5]


def seconds():
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


def lines_of(path):
    with open(path, encoding="utf-8") as stream:
        return stream.read().split("\n")


if kind == "hf":
    from tokenizers import BertWordPieceTokenizer

    tokenizer = BertWordPieceTokenizer(vocabulary, lowercase=True)

    def encode(lines):
        return sum(len(encoding.ids) for encoding in tokenizer._tokenizer.encode_batch_fast(lines, add_special_tokens=False))

else:
    from nanotoken import Tokenizer

    nano = Tokenizer.from_vocab(vocabulary)

    def encode(lines):
        return len(nano.encode_batch(lines, add_special_tokens=False, parallel=False).ids)


encode(lines_of(warm_up))
lines = lines_of(file)
began = seconds()
tokens = encode(lines)
print(json.dumps({"cpu": seconds() - began, "tokens": tokens}))
