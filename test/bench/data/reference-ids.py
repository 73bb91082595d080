"""Writes the ids of each line of the files, a line of numbers each: reference-ids.py VOCABULARY OUT FILE..."""

import sys

from reference import Reference

vocabulary, out, *files = sys.argv[1:]
tokenizer = Reference(vocabulary)
with open(out, "w", encoding="ascii") as ids:
    for file in files:
        with open(file, encoding="utf-8", newline="\n") as lines:
            for line in lines.read().split("\n"):
                ids.write(" ".join(map(str, tokenizer.encode(line))) + "\n")
