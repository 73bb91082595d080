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
import unicodedata

vocabulary_file, folder, out = sys.argv[1:4]
ROOM = 128 - 3
LONGEST_WORD = 100
SENTENCE_END = re.compile(r"(?<=[.!?])\s+(?=[A-Z\"'(])")

with open(vocabulary_file, encoding="utf-8") as stream:
    ids = {line.rstrip("\n"): number for number, line in enumerate(stream)}
UNKNOWN = ids["[UNK]"]


def is_punctuation(sign):
    code = ord(sign)
    if 33 <= code <= 47 or 58 <= code <= 64 or 91 <= code <= 96 or 123 <= code <= 126:
        return True
    return unicodedata.category(sign).startswith("P")


def is_ideograph(sign):
    code = ord(sign)
    return 0x4E00 <= code <= 0x9FFF or 0x3400 <= code <= 0x4DBF or 0x20000 <= code <= 0x2CEAF or 0xF900 <= code <= 0xFAFF


def cleaned(text):
    signs = []
    for sign in text:
        category = unicodedata.category(sign)
        if ord(sign) in (0, 0xFFFD) or (category in ("Cc", "Cf") and sign not in "\t\n\r"):
            continue
        if sign in " \t\n\r" or category == "Zs":
            signs.append(" ")
        elif is_ideograph(sign):
            signs.append(f" {sign} ")
        else:
            signs.append(sign)
    return "".join(signs)


def words_of(text):
    for token in cleaned(text).split():
        token = "".join(s for s in unicodedata.normalize("NFD", token.lower()) if unicodedata.category(s) != "Mn")
        word = []
        for sign in token:
            if not is_punctuation(sign):
                word.append(sign)
                continue
            if word:
                yield "".join(word)
            word = []
            yield sign
        if word:
            yield "".join(word)


def pieces_of(word):
    if len(word) > LONGEST_WORD:
        return [UNKNOWN]
    pieces, start = [], 0
    while start < len(word):
        end = len(word)
        while start < end:
            piece = word[start:end] if start == 0 else "##" + word[start:end]
            if piece in ids:
                break
            end -= 1
        if start == end:
            return [UNKNOWN]
        pieces.append(ids[piece])
        start = end
    return pieces


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
                            tokens = [piece for word in words_of(sentence) for piece in pieces_of(word)]
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
