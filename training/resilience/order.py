"""What a trainer and the process that writes its checkpoints say to each other: JSON lines, memory with them."""

import json
import socket
from typing import Any

MOST_AT_ONCE = 1 << 16
Words = dict[str, Any]


def send(line: socket.socket, words: Words, descriptor: int | None = None) -> None:
    """Sends one message, and a descriptor with it. Raises OSError where nobody is there any more."""
    data = json.dumps(words).encode() + b"\n"
    if descriptor is None:
        line.sendall(data)
        return
    sent = socket.send_fds(line, [data], [descriptor])
    line.sendall(data[sent:])


def receive(line: socket.socket) -> tuple[Words, int | None] | None:
    """The next message with its descriptor, if there was one; None when the other side is gone."""
    data, descriptors = b"", list[int]()
    while not data.endswith(b"\n"):
        try:
            more, found, _, _ = socket.recv_fds(line, MOST_AT_ONCE, 1)
        except ConnectionError:
            return None
        if not more:
            return None
        data += more
        descriptors += found
    return json.loads(data), descriptors[0] if descriptors else None
