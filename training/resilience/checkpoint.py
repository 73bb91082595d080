"""Checkpoints: files first, manifest last, every byte verified before it is believed. Nothing is pickled."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import load, save

from .endings import BadCheckpoint
from .files import sha256, sync_folder, write_whole
from .manifest import NAME, FileEntry, Manifest, read_manifest

Tensors = Mapping[str, torch.Tensor]


@dataclass(frozen=True)
class Checkpoint:
    """A verified checkpoint: its manifest, the parts wanted, and what their files say about themselves."""

    manifest: Manifest
    parts: dict[str, dict[str, torch.Tensor]]
    about: dict[str, str]


def checkpoint_name(step: int) -> str:
    """`step-000000120`: nine digits, so that names sort by step."""
    return f"step-{step:09d}"


def write_checkpoint(
    checkpoints: Path, manifest: Manifest, parts: Mapping[str, Tensors], about: Mapping[str, str] | None = None
) -> Manifest:
    """Writes `<checkpoints>/step-*/`: one safetensors file per part, in the order given, then the manifest.

    Each file is on the disk and closed before the next is opened, since uploads keep the order of closing. `about` goes
    into the files' own metadata. Returns the manifest as written. Raises OSError; without manifest it is no checkpoint.
    """
    folder = checkpoints / checkpoint_name(manifest.step)
    folder.mkdir(parents=True)
    entries = [_write_part(folder, part, tensors, about or {}) for part, tensors in parts.items()]
    complete = replace(manifest, files=tuple(entries))
    sync_folder(folder)
    write_whole(folder / NAME, complete.encode(), sync=True)
    sync_folder(folder)
    return complete


def read_checkpoint(folder: Path, wanted: tuple[str, ...]) -> Checkpoint:
    """Verifies every file of a checkpoint (presence, bytes, sha256) and loads the parts wanted.

    A file is read once: the bytes that are hashed are the bytes that are used. Raises BadCheckpoint.
    """
    manifest = read_manifest(folder)
    missing = {f"{part}.safetensors" for part in wanted} - {entry.name for entry in manifest.files}
    if missing:
        raise BadCheckpoint(f"Checkpoint {folder}: the manifest lists no {sorted(missing)[0]}: use an older one.")
    checkpoint = Checkpoint(manifest, {}, {})
    for entry in manifest.files:
        data = _read_verified(folder, entry)
        part = entry.name.removesuffix(".safetensors")
        if part in wanted:
            checkpoint.parts[part], about = _parse(folder, entry, data)
            checkpoint.about.update(about)
    return checkpoint


def require_same(folder: Path, what: str, found: str, expected: str) -> None:
    """Refuses a checkpoint made from another `what` (config, dataset, ...). Raises BadCheckpoint."""
    if found != expected:
        raise BadCheckpoint(
            f"Checkpoint {folder} was made with another {what} (sha256 {found[:12]}..., this phase has "
            f"{expected[:12]}...): use the {what} it was made with, or start the phase without it."
        )


def _write_part(folder: Path, part: str, tensors: Tensors, about: Mapping[str, str]) -> FileEntry:
    data = save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, dict(about))
    name = f"{part}.safetensors"
    write_whole(folder / name, data, sync=True)
    return FileEntry(name, len(data), sha256(data))


def _read_verified(folder: Path, entry: FileEntry) -> bytes:
    if Path(entry.name).name != entry.name:
        raise BadCheckpoint(f"Checkpoint {folder}: the manifest names a file outside the folder, {entry.name!r}.")
    try:
        data = (folder / entry.name).read_bytes()
    except OSError as error:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} cannot be read ({error.strerror}): use an older one."
        ) from error
    if len(data) != entry.bytes:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} has {len(data)} bytes instead of {entry.bytes}: use an older one."
        )
    if sha256(data) != entry.sha256:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} is damaged (its sha256 differs from the manifest's): use an older one."
        )
    return data


def _parse(folder: Path, entry: FileEntry, data: bytes) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    try:
        header = json.loads(data[8 : 8 + int.from_bytes(data[:8], "little")])
        return load(data), header.get("__metadata__", {})
    except Exception as error:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} is no safetensors file ({error}): use an older one."
        ) from error
