"""The checkpoint manifest: the file whose presence, written last, says that a checkpoint exists."""

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from .endings import BadCheckpoint
from .files import to_json
from .folder import NAME
from .windows import Window

FORMAT = "bertha-checkpoint/1"


@dataclass(frozen=True)
class FileEntry:
    """One file of a checkpoint, as it must be found again."""

    name: str
    bytes: int
    sha256: str


@dataclass(frozen=True)
class Parent:
    """The checkpoint that this one continues."""

    attempt: str
    incarnation: str
    step: int


@dataclass(frozen=True)
class Manifest:
    """What a checkpoint is, where it comes from, and what its files must look like."""

    run: str
    phase: str
    attempt: str
    incarnation: str
    step: int
    total_steps: int
    samples: int
    tokens: int
    parent: Parent | None
    world_size: int
    position: int
    config_sha256: str
    data_sha256: str
    sample_hash: str
    at: str
    loss: float | None = None  # mean of the steps since the checkpoint before
    skip_windows: tuple[Window, ...] = ()
    files: tuple[FileEntry, ...] = ()

    def as_parent(self) -> Parent:
        """This checkpoint in the words of the next one's `parent`."""
        return Parent(self.attempt, self.incarnation, self.step)

    def encode(self) -> bytes:
        """The manifest as JSON, the inverse of `read_manifest`."""
        return to_json(self.words())

    def words(self) -> dict[str, Any]:
        """What `encode` says."""
        return {
            "format": FORMAT,
            "run": self.run,
            "phase": self.phase,
            "attempt": self.attempt,
            "incarnation": self.incarnation,
            "step": self.step,
            "totalSteps": self.total_steps,
            "samples": self.samples,
            "tokens": self.tokens,
            "parent": asdict(self.parent) if self.parent else None,
            "worldSize": self.world_size,
            "cursor": {"position": self.position},
            "configSha256": self.config_sha256,
            "dataSha256": self.data_sha256,
            "sampleHash": self.sample_hash,
            "skipWindows": [{"from": window.from_, "to": window.to} for window in self.skip_windows],
            "at": self.at,
            "loss": self.loss,
            "files": [asdict(entry) for entry in self.files],
        }


def read_manifest(folder: Path) -> Manifest:
    """Reads `<folder>/manifest.json`. Raises BadCheckpoint if it is missing, torn or not a manifest of this format."""
    try:
        value = json.loads((folder / NAME).read_bytes())
    except FileNotFoundError:
        raise BadCheckpoint(f"Checkpoint {folder} has no {NAME}, so it was never finished: use an older one.") from None
    except (OSError, ValueError) as error:
        raise BadCheckpoint(f"Checkpoint {folder}: {NAME} cannot be read ({error}): use an older one.") from error
    found = value.get("format") if isinstance(value, dict) else None
    if found != FORMAT:
        raise BadCheckpoint(f"Checkpoint {folder}: {NAME} has format {found!r}, but this trainer reads {FORMAT!r}.")
    try:
        return _decode(value)
    except (KeyError, TypeError, ValueError) as error:
        raise BadCheckpoint(f"Checkpoint {folder}: {NAME} lacks or garbles {error}: use an older one.") from error


def _decode(value: dict[str, Any]) -> Manifest:
    parent = value["parent"]
    return Manifest(
        run=str(value["run"]),
        phase=str(value["phase"]),
        attempt=str(value["attempt"]),
        incarnation=str(value["incarnation"]),
        step=int(value["step"]),
        total_steps=int(value["totalSteps"]),
        samples=int(value["samples"]),
        tokens=int(value["tokens"]),
        parent=None if parent is None else Parent(**parent),
        world_size=int(value["worldSize"]),
        position=int(value["cursor"]["position"]),
        config_sha256=str(value["configSha256"]),
        data_sha256=str(value["dataSha256"]),
        sample_hash=bytes.fromhex(value["sampleHash"]).hex(),
        at=str(value["at"]),
        loss=None if value.get("loss") is None else float(value["loss"]),
        skip_windows=tuple(Window(int(w["from"]), int(w["to"])) for w in value.get("skipWindows") or ()),
        files=tuple(FileEntry(str(f["name"]), int(f["bytes"]), str(f["sha256"])) for f in value["files"]),
    )
