"""The two ranks of a job: rank 1 does nothing but be there, pass a warning on, and end as rank 0 ends."""

import os
import signal
import socket
import sys
import threading
import time
from typing import NoReturn

from resilience.clock import now
from resilience.endings import LostPeer
from resilience.stopping import Notice

WARNED = b"w"
# Rank 1 begins at once and waits for as long as rank 0 takes to boot; rank 0 waits for as long as a machine under load takes to start a process,
# and leaves before a watch would end it for want of a checkpoint.
MEET_SECONDS = 120
COME_SECONDS = 20


class Peers:
    """Rank 0's connection to rank 1."""

    def __init__(self, line: socket.socket, nodes: list[str], notice: Notice) -> None:
        self.is_lost = False
        self.nodes = nodes
        self._line, self._notice = line, notice
        threading.Thread(target=self._listen, daemon=True).start()

    def tell(self, code: int) -> None:
        try:
            self._line.sendall(bytes([code]))
        except OSError:
            pass  # it is gone already

    def _listen(self) -> None:
        while data := receive(self._line):
            if WARNED in data:
                self._notice.remember(1, now())
        self.is_lost = True


def meet(notice: Notice) -> Peers:
    """Waits for rank 1. Raises LostPeer."""
    with socket.create_server(("127.0.0.1", int(os.environ["MASTER_PORT"]))) as server:
        server.settimeout(COME_SECONDS)
        try:
            line, _ = server.accept()
        except TimeoutError:
            raise LostPeer("Rank 1 did not come.") from None
    line.settimeout(None)
    node = line.recv(256).decode()
    return Peers(line, [os.environ.get("AZ_BATCH_NODE_ID", ""), node], notice)


def wait_for_end() -> NoReturn:
    """All that rank 1 does."""
    line = connect()
    line.sendall(os.environ.get("AZ_BATCH_NODE_ID", "?").encode())
    signal.signal(signal.SIGTERM, lambda *_: line.sendall(WARNED))
    code = receive(line)
    if not code:
        print("stand_in: rank 0 ended without a word while training, a peer is gone.", file=sys.stderr, flush=True)
    os._exit(code[0] if code else 1)


def connect() -> socket.socket:
    until = time.monotonic() + MEET_SECONDS
    while True:
        try:
            return socket.create_connection((os.environ["MASTER_ADDR"], int(os.environ["MASTER_PORT"])))
        except OSError:
            if time.monotonic() > until:
                os._exit(1)
            time.sleep(0.2)


def receive(line: socket.socket) -> bytes:
    try:
        return line.recv(16)
    except OSError:
        return b""
