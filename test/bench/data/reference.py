"""The tokenizer of google-research/bert, written down from its description: lower-cased, accents stripped, WordPiece."""

import unicodedata

LONGEST_WORD = 100


class Reference:
    """Splits text into the ids of a vocabulary; slow, and plain to see through."""

    def __init__(self, vocabulary_file):
        with open(vocabulary_file, encoding="utf-8") as stream:
            self.ids = {line.rstrip("\n"): number for number, line in enumerate(stream)}

    def encode(self, text):
        return [piece for word in words_of(text) for piece in self.pieces_of(word)]

    def pieces_of(self, word):
        unknown = self.ids["[UNK]"]
        if len(word) > LONGEST_WORD:
            return [unknown]
        pieces, start = [], 0
        while start < len(word):
            end = len(word)
            while start < end:
                piece = word[start:end] if start == 0 else "##" + word[start:end]
                if piece in self.ids:
                    break
                end -= 1
            if start == end:
                return [unknown]
            pieces.append(self.ids[piece])
            start = end
        return pieces


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
