"""Reads a TensorBoard log folder with TensorBoard's own reader; prints {run: {tag: [steps]}} as JSON."""

import json
import sys

from tensorboard.backend.event_processing.event_multiplexer import EventMultiplexer

multiplexer = EventMultiplexer().AddRunsFromDirectory(sys.argv[1])
multiplexer.Reload()
print(json.dumps({run: {tag: [event.step for event in multiplexer.Scalars(run, tag)] for tag in tags["scalars"]} for run, tags in multiplexer.Runs().items()}))
