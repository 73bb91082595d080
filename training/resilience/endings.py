"""How a start of the trainer can end: each way has a name, an exit code and one sentence for the person."""

import traceback
from typing import Any

from .clock import now

DETAIL_LINES = 20
LOST_PEER_SIGNS = ("gloo", "NCCL", "TCPStore", "Connection closed by peer", "Connection reset by peer", "Broken pipe")
OUT_OF_MEMORY_SIGNS = ("out of memory", "can't allocate memory", "CUBLAS_STATUS_ALLOC_FAILED")


class Ending(Exception):
    """An end of this process. The message is one sentence, shown without a stack trace."""

    reason = "crashed"
    exit_code = 1
    by_all = False  # all ranks end like this at the same step boundary: one that leaves first is not missed
    rank: int | None = None  # where it began, when that is another rank

    def facts(self) -> dict[str, Any]:
        """What ending.json says beside the common fields."""
        return {}

    def words(self, step: int | None, rank: int = 0) -> dict[str, Any]:
        """ending.json."""
        began_at = rank if self.rank is None else self.rank
        common = {"reason": self.reason, "message": str(self), "step": step, "exitCode": self.exit_code}
        return {**common, "at": now(), "rank": began_at, **self.facts()}


class Completed(Ending):
    """The last step is done and its checkpoint written."""

    reason, exit_code, by_all = "completed", 0, True


class UserError(Ending):
    """Wrong config, data or code: a retry will fail again."""

    reason, exit_code = "user-error", 3


class BadCheckpoint(Ending):
    """The checkpoint handed over does not verify or does not fit: an older one may."""

    reason, exit_code, by_all = "bad-checkpoint", 4, True


class NotFinite(Ending):
    """The loss became NaN or infinite; no checkpoint was written behind it."""

    reason, exit_code, by_all = "nan", 5, True


class Interrupted(Ending):
    """A warning signal, or the supervisor's wish: the checkpoint of the step boundary is written."""

    reason, exit_code, by_all = "interrupted", 6, True


class LossSpike(Ending):
    """The loss stayed far above its mean since step `step`; `before` is the newest checkpoint's step before that."""

    reason, exit_code, by_all = "loss-spike", 7, True

    def __init__(self, message: str, step: int, before: int | None) -> None:
        super().__init__(message)
        self.step, self.before = step, before

    def facts(self) -> dict[str, Any]:
        return {"spike": {"step": self.step, "before": self.before}}


class StuckRank(Ending):
    """A rank or a collective operation made no progress for as long as it may."""

    reason, exit_code = "stuck-rank", 8


class SpendUntil(Ending):
    """The time until which the supervisor allows to spend has passed; the checkpoint is written."""

    reason, exit_code, by_all = "spend-until", 9, True


class OutOfMemory(Ending):
    """The memory of the GPU or of the machine was not enough."""

    reason, exit_code = "out-of-memory", 10


class LostPeer(Ending):
    """Another rank's process ended without a word."""

    reason, exit_code = "lost-peer", 1


class Crashed(Ending):
    """Anything else; `detail` are the last lines of the traceback."""

    def __init__(self, message: str, detail: str | None = None) -> None:
        super().__init__(message)
        self.detail = detail

    def facts(self) -> dict[str, Any]:
        return {} if self.detail is None else {"detail": self.detail}


class ToldByPeer(Ending):
    """Another rank ended and said why: this one ends alike."""

    def __init__(self, words: dict[str, Any]) -> None:
        super().__init__(str(words["message"]))
        self.reason, self.exit_code, self.rank = str(words["reason"]), int(words["exitCode"]), int(words["rank"])
        self._facts = {name: words[name] for name in ("spike", "detail") if name in words}

    def facts(self) -> dict[str, Any]:
        return self._facts


def ending_of(error: Exception) -> Ending:
    """The ending that an exception means. Names PyTorch's errors without importing it."""
    if isinstance(error, Ending):
        return error
    first_line = (str(error).splitlines() or [""])[0]
    sentence = f"{type(error).__name__}: {first_line}"
    names = {kind.__name__ for kind in type(error).__mro__}
    is_runtime = isinstance(error, RuntimeError)
    says_out_of_memory = is_runtime and any(sign in str(error) for sign in OUT_OF_MEMORY_SIGNS)
    if says_out_of_memory or names & {"OutOfMemoryError", "MemoryError"}:
        return OutOfMemory(f"The memory was not enough: {first_line or sentence}")
    if is_runtime and any(sign in str(error) for sign in LOST_PEER_SIGNS):
        return LostPeer(f"The process group broke, a peer is gone: {first_line}")
    if isinstance(error, OSError):
        return Crashed(f"A file could not be read or written: {error}")
    lines = "".join(traceback.format_exception(error)).splitlines()
    return Crashed(sentence, "\n".join(lines[-DETAIL_LINES:]))
