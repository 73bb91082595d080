"""What the old recipe does with extracted text, on one core: sentences, the tokens of google-research/bert, next-sentence pairs, a pickle.

chain.py VOCABULARY FOLDER-OF-EXTRACTED-TEXT OUT. The algorithm is written down from its description, without masks, which are
drawn when a model is trained. Sentences are split by a pattern, which is cheaper than the recipe's NLTK.
"""

import glob
import os
import pickle
import random
import re
import sys

from reference import Reference

vocabulary_file, folder, out = sys.argv[1:4]
ROOM = 128 - 3
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")

tokenizer = Reference(vocabulary_file)


def documents():
    for file in sorted(glob.glob(os.path.join(folder, "*", "*"))):
        document = []
        with open(file, encoding="utf-8") as stream:
            for line in stream:
                if line.startswith("<doc "):
                    next(stream)  # the title
                elif line.startswith("</doc>"):
                    if document:
                        yield document
                    document = []
                else:
                    for sentence in SENTENCE_END.split(line.strip()):
                        if len(sentence.split()) > 2:
                            tokens = tokenizer.encode(sentence)
                            if tokens:
                                document.append(tokens)


def pairs_of(all_documents, index, rng):
    document = all_documents[index]
    target = rng.randint(2, ROOM) if rng.random() < 0.1 else ROOM
    chunk, length, i = [], 0, 0
    while i < len(document):
        chunk.append(document[i])
        length += len(document[i])
        if i == len(document) - 1 or length >= target:
            a_end = rng.randint(1, len(chunk) - 1) if len(chunk) >= 2 else 1
            a = [token for sentence in chunk[:a_end] for token in sentence]
            b = []
            is_random = len(chunk) == 1 or rng.random() < 0.5
            if is_random:
                other = index
                for _ in range(10):
                    other = rng.randint(0, len(all_documents) - 1)
                    if other != index:
                        break
                for sentence in all_documents[other][rng.randint(0, len(all_documents[other]) - 1) :]:
                    b.extend(sentence)
                    if len(b) >= target - len(a):
                        break
                i -= len(chunk) - a_end
            else:
                b = [token for sentence in chunk[a_end:] for token in sentence]
            while len(a) + len(b) > ROOM:
                longer = a if len(a) > len(b) else b
                longer.pop(0 if rng.random() < 0.5 else -1)
            if a and b:
                yield a, b, is_random
            chunk, length = [], 0
        i += 1


everything = list(documents())
rng = random.Random(12345)
rng.shuffle(everything)
samples = [pair for index in range(len(everything)) for pair in pairs_of(everything, index, rng)]
rng.shuffle(samples)
with open(out, "wb") as stream:
    pickle.dump(samples, stream)
print(len(samples), sum(len(a) + len(b) for a, b, _ in samples))
