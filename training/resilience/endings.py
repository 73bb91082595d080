"""How a start of the trainer can end: each way has a name, an exit code and one sentence for the person."""


class Ending(Exception):
    """An orderly end of training before its last step. The message is one sentence, shown without a stack trace."""

    reason = "crashed"
    exit_code = 1


class UserError(Ending):
    """Wrong config, data or code: a retry will fail again."""

    reason = "user-error"
    exit_code = 3


class BadCheckpoint(Ending):
    """The checkpoint handed over does not verify or does not fit: an older one may."""

    reason = "bad-checkpoint"
    exit_code = 4


class NotFinite(Ending):
    """The loss became NaN or infinite; no checkpoint was written behind it."""

    reason = "nan"
    exit_code = 5


class Interrupted(Ending):
    """SIGTERM: the checkpoint of the step boundary is written."""

    reason = "interrupted"
    exit_code = 6


COMPLETED = "completed"
CRASHED = 1
