"""What the old recipe does with a file: unpickles it whole, then looks every token up. Prints what each took."""

import json
import pickle
import platform
import resource
import sys
import time

import old_recipe

file, vocabulary = sys.argv[1:3]
old_recipe.place_in("sources")
with open(vocabulary, encoding="utf-8") as lines:
    ids = {line.rstrip("\n"): number for number, line in enumerate(lines)}
began = time.perf_counter()
with open(file, "rb") as stream:
    creator = pickle.load(stream)
loaded = time.perf_counter()
tokens = 0
for one in creator.instances:
    tokens += len([ids[token] for token in one.tokens_a]) + len([ids[token] for token in one.tokens_b])
done = time.perf_counter()
usage = resource.getrusage(resource.RUSAGE_SELF)
print(
    json.dumps(
        {
            "read": loaded - began,
            "whole": done - began,
            "wholeCpu": usage.ru_utime + usage.ru_stime,
            "peak": usage.ru_maxrss * 1024,
            "samples": len(creator.instances),
            "tokens": tokens,
            "version": platform.python_version(),
        }
    )
)
