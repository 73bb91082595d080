"""Checkpoints of this very attempt: what a start that the platform made again in place continues from."""

from pathlib import Path

from .manifest import NAME


def own_checkpoints(output: Path, own: str) -> list[str]:
    """Finished checkpoints of the attempt's earlier starts below `output`, newest first, as paths relative to it.

    `own` is the name of this start. They are only found here; whether one verifies shows when it is read.
    """
    found = [path.parent for path in output.glob(f"*/checkpoints/step-*/{NAME}") if path.parents[2].name != own]
    ordered = sorted(found, key=lambda folder: (folder.name, folder.parent.parent.name), reverse=True)
    return [folder.relative_to(output).as_posix() for folder in ordered]
