"""A signal only sets a flag; the step boundary acts on it."""

import signal


class StopRequest:
    """Remembers that SIGTERM came, the notice before a node is taken away."""

    def __init__(self) -> None:
        self.requested = False

    def listen(self) -> "StopRequest":
        """Installs the handler; only the main thread may."""
        signal.signal(signal.SIGTERM, self._remember)
        return self

    def _remember(self, *_: object) -> None:
        self.requested = True
