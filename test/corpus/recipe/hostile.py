"""Writes pickles that mean harm, or that no reader of the old recipe's files should take, into the folder of the first argument."""

import builtins
import collections
import copyreg
import io
import os
import pickle
import struct
import sys
from pathlib import Path

import old_recipe
from old_recipe import GenericPretrainingDataCreator, TokenInstance

FOLDER = Path(sys.argv[1])


class Calls:
    """Pickled, it is a call of a function."""

    def __init__(self, function, *arguments):
        self.call = function, arguments

    def __reduce__(self):
        return self.call


class Persistent(pickle.Pickler):
    def persistent_id(self, obj):
        return "everything" if isinstance(obj, TokenInstance) else None


def sample(**changes):
    one = TokenInstance(["the", "river"], ["a", "town"], 0)
    one.__dict__.update(changes)
    return one


def creator(*instances, **changes):
    whole = GenericPretrainingDataCreator(list(instances))
    whole.__dict__.update(changes)
    return whole


def save(name, obj, protocol=3):
    (FOLDER / name).write_bytes(pickle.dumps(obj, protocol=protocol))


def raw(name, *parts):
    (FOLDER / name).write_bytes(b"\x80\x03" + b"".join(parts) + b".")


def persistent():
    out = io.BytesIO()
    Persistent(out, protocol=3).dump(creator(sample()))
    (FOLDER / "persistent.bin").write_bytes(out.getvalue())


def extension():
    copyreg.add_extension("sources", "TokenInstance", 240)
    save("extension.bin", creator(sample()))
    copyreg.remove_extension("sources", "TokenInstance", 240)


INSTANCE = b"csources\nTokenInstance\n)\x81"
CREATOR = b"csources\nGenericPretrainingDataCreator\n)\x81"


def text(value):
    return b"X" + struct.pack("<I", len(value)) + value.encode()


def handmade():
    raw("setstate.bin", INSTANCE, b"}", text("__setstate__"), text("the"), b"sb")
    raw("setstate-of-class.bin", b"csources\nTokenInstance\n}", text("tokens_a"), text("the"), b"sb")
    raw("slots.bin", INSTANCE, b"N}", text("tokens_a"), text("the"), b"s\x86b")
    raw("huge-string.bin", CREATOR, b"}X\xff\xff\xff\xff")
    raw("huge-string8.bin", CREATOR, b"}\x8d" + b"\xff" * 8)
    raw("huge-frame.bin", b"\x95" + b"\xff" * 8)
    raw("huge-number.bin", CREATOR, b"}", text("len"), b"\x8b\xff\xff\xff\x7f")
    raw("huge-memo.bin", b"]r\xff\xff\xff\xff")
    raw("huge-bytes.bin", CREATOR, b"}B\xff\xff\xff\xff")
    raw("inst.bin", b"(ios\nsystem\n")
    raw("inst-of-class.bin", b"(isources\nTokenInstance\n")
    raw("stack-global.bin", text("posix"), text("system"), b"\x93")
    raw("dup.bin", CREATOR, b"22")
    raw("empty-stack.bin", b"0")
    raw("takes-nothing.bin", b"\x81")
    raw("no-mark.bin", b"]e")
    raw("no-memo.bin", b"j\x07\x00\x00\x00")
    raw("no-opcode.bin", b"\xfe")
    raw("many-marks.bin", b"(" * 200_000)
    raw("many-lists.bin", b"]" * 200_000)
    raw("many-kept.bin", b"]" + b"".join(b"]r" + struct.pack("<I", i) + b"a" for i in range(200_000)))
    (FOLDER / "future.bin").write_bytes(b"\x80\x09.")


def main():
    old_recipe.place_in("sources")
    save("system.bin", Calls(os.system, "touch harm"))
    save("system-0.bin", Calls(os.system, "touch harm"), 0)
    save("system-4.bin", Calls(os.system, "touch harm"), 4)
    save("eval.bin", Calls(builtins.eval, "1"))
    save("nested.bin", creator(sample(), sample(tokens_b=["a", Calls(builtins.exec, "1")])))
    save("in-is-next.bin", creator(sample(is_next=Calls(getattr, "a", "upper"))))
    save("ordered.bin", creator(sample(), instances=collections.OrderedDict(a=1)))
    save("set.bin", creator(sample(), documents={"the"}), 4)
    save("bytes.bin", creator(sample(tokens_a=[b"the"])))
    save("label.bin", creator(sample(), sample(is_next=2)))
    save("missing.bin", creator(sample(tokens_b=None)))
    save("more.bin", creator(sample(label="the")))
    save("numbers.bin", creator(sample(tokens_a=[1, 2])))
    one = sample()
    save("twice.bin", creator(one, sample(), one))
    save("shared-list.bin", creator(one, sample(tokens_a=one.tokens_a)))
    save("elsewhere.bin", creator(sample(), documents=[sample()]))
    save("wrong-length.bin", creator(sample(), len=7))
    save("list.bin", ["the"])
    save("sample.bin", sample())
    persistent()
    extension()
    handmade()


main()
