"""A connection from each rank to rank 0: signs of life, warnings and last words, whatever training is blocked in.

A collective operation notices a killed peer only when it is called, and with some backends not even then; and it never
tells why the peer ended. A closed connection is noticed at once, and last words come through it first.
"""

import json
import secrets
import socket
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

LOOPBACK = ("127.0.0.1", "localhost")
HELLO_SECONDS = 5.0
MOST_WAITING = 1 << 20  # bytes for a peer that does not read: it is stopped, and need not know more
Message = dict[str, Any]


@dataclass
class Line:
    """One connection."""

    rank: int
    socket: socket.socket
    incoming: bytearray = field(default_factory=bytearray)
    outgoing: bytearray = field(default_factory=bytearray)

    def send(self, data: bytes) -> None:
        """Sends as much as goes without waiting, the rest next time."""
        if len(self.outgoing) < MOST_WAITING:
            self.outgoing += data
        try:
            del self.outgoing[: self.socket.send(self.outgoing)]
        except OSError:
            pass  # a closed connection is told by `receive`


class Lifeline:
    """The lines of this rank: rank 0 has one to every other rank, the others one to rank 0. Never blocks once made."""

    def __init__(self, rank: int, lines: list[Line], nodes: dict[int, str]) -> None:
        self.rank = rank
        self.lines = {line.socket: line for line in lines}
        self.nodes = nodes
        self._lock = threading.Lock()
        for line in lines:
            line.socket.setblocking(False)

    @classmethod
    def make(
        cls, rank: int, world: int, host: str, node: str, share: Callable[[str | None], str], seconds: float
    ) -> "Lifeline":
        """Connects all ranks; `share` hands rank 0's text to all of them. `node` is what the machine is called.

        A connection that does not come about within `seconds` is done without: its rank is not watched.
        """
        if rank == 0:
            return cls(0, *_accept_all(world, host, node, share, time.monotonic() + seconds))
        port, token = share(None).split(" ")
        try:
            line = socket.create_connection((host, int(port)), timeout=seconds)
            line.sendall(_encode({"token": token, "rank": rank, "node": node}))
        except OSError:
            return cls(rank, [], {rank: node})
        return cls(rank, [Line(0, line)], {rank: node})

    def name(self, rank: int) -> str:
        """A rank for people: with its machine, where that is known."""
        return f"rank {rank} ({self.nodes[rank]})" if self.nodes.get(rank) else f"rank {rank}"

    def send(self, message: Message) -> None:
        """To rank 0, or from rank 0 to all. Any thread may."""
        data = _encode(message)
        with self._lock:
            for line in list(self.lines.values()):
                line.send(data)

    def receive(self, of: socket.socket) -> Iterator[tuple[int, Message | None]]:
        """What has come on one line, as (rank, message); None for its end."""
        line = self.lines[of]
        try:
            data = of.recv(1 << 16)
        except BlockingIOError:
            return
        except OSError:
            data = b""
        line.incoming += data
        *whole, rest = bytes(line.incoming).split(b"\n")
        line.incoming = bytearray(rest)
        yield from ((line.rank, json.loads(text)) for text in whole)
        if not data:
            del self.lines[of]
            yield line.rank, None
            of.close()


def _accept_all(
    world: int, host: str, node: str, share: Callable[[str | None], str], deadline: float
) -> tuple[list[Line], dict[int, str]]:
    token, lines, nodes = secrets.token_hex(16), list[Line](), {0: node}
    with socket.create_server(("127.0.0.1" if host in LOOPBACK else "", 0), backlog=world) as server:
        share(f"{server.getsockname()[1]} {token}")
        while len(lines) < world - 1 and (left := deadline - time.monotonic()) > 0:
            server.settimeout(left)
            try:
                connection, _ = server.accept()
                hello, rest = _first_line(connection)
                if not secrets.compare_digest(hello["token"], token):
                    raise ValueError("a stranger called")
            except (OSError, ValueError, TypeError, KeyError):
                continue
            lines.append(Line(int(hello["rank"]), connection, incoming=bytearray(rest)))
            nodes[int(hello["rank"])] = str(hello["node"])
    return lines, nodes


def _first_line(connection: socket.socket) -> tuple[Message, bytes]:
    connection.settimeout(HELLO_SECONDS)
    data = b""
    while b"\n" not in data and (more := connection.recv(1 << 12)):
        data += more
    line, _, rest = data.partition(b"\n")
    return json.loads(line), rest


def _encode(message: Message) -> bytes:
    return json.dumps(message).encode() + b"\n"
