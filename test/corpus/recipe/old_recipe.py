"""Writes files as the old recipe wrote them: pickles of its data creators. The plan comes as JSON on standard input.

{"files": [{"path", "protocol", "creator", "module", "documents": [[token, ...], ...],
            "instances": [{"a": [document, from, to], "b": [...], "is_next": 0 or 1}, ...], "repeat": 1}]}

Slices of the same document share their strings, as they did where each document was paired several times.
"""

import json
import pickle
import sys
import types


class TokenInstance:
    def __init__(self, tokens_a, tokens_b, is_next):
        self.tokens_a, self.tokens_b, self.is_next = tokens_a, tokens_b, is_next


class PretrainingDataCreator:
    def __init__(self, instances):
        self.dupe_factor, self.max_seq_length, self.small_seq_prob = 9, 512, 0.1
        self.documents = None
        self.instances = instances
        self.len = len(instances)

    def __getstate__(self):
        return self.__dict__.copy()

    def __setstate__(self, state):
        self.__dict__.update(state)


class GenericPretrainingDataCreator(PretrainingDataCreator):
    pass


class WikiPretrainingDataCreator(PretrainingDataCreator):
    pass


CLASSES = [TokenInstance, PretrainingDataCreator, GenericPretrainingDataCreator, WikiPretrainingDataCreator]


def place_in(name):
    """The classes as members of a module of that name."""
    module = types.ModuleType(name)
    for cls in CLASSES:
        cls.__module__ = name
        setattr(module, cls.__name__, cls)
    sys.modules[name] = module


def creator_of(file):
    documents = file["documents"]

    def part(slice_):
        document, start, end = slice_
        return documents[document][start:end]

    instances = [
        TokenInstance(part(one["a"]), part(one["b"]), one["is_next"])
        for _ in range(file.get("repeat", 1))
        for one in file["instances"]
    ]
    return {cls.__name__: cls for cls in CLASSES}[file["creator"]](instances)


def write(file):
    place_in(file["module"])
    with open(file["path"], "wb") as out:
        pickle.dump(creator_of(file), out, protocol=file["protocol"])


if __name__ == "__main__":
    for planned in json.load(sys.stdin)["files"]:
        write(planned)
