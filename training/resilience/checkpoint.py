"""Checkpoints: files first, manifest last, every byte verified before it is believed. Nothing is pickled."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path

import torch
from safetensors.torch import save

from .endings import BadCheckpoint
from .folder import write_folder
from .image import Tensors, tensors_in
from .manifest import FileEntry, Manifest, read_manifest
from .reading import read_and_hash

AT_ONCE = 4  # files that are read at a time


@dataclass(frozen=True)
class Checkpoint:
    """A verified checkpoint: where it lies, its manifest, the parts wanted, and what their files say about themselves."""

    folder: Path
    manifest: Manifest
    parts: dict[str, dict[str, torch.Tensor]]
    about: dict[str, str]


def checkpoint_name(step: int) -> str:
    """`step-000000120`: nine digits, so that names sort by step."""
    return f"step-{step:09d}"


def write_checkpoint(
    checkpoints: Path, manifest: Manifest, parts: Mapping[str, Tensors], about: Mapping[str, str] | None = None
) -> Manifest:
    """Writes `<checkpoints>/step-*/` at once: one safetensors file per part, in the order given, then the manifest.

    `about` goes into the files' own metadata. Returns the manifest as written. Raises OSError; without manifest it is
    no checkpoint. `checkpoints.Checkpoints` does the same without keeping the trainer waiting.
    """
    files = ((f"{part}.safetensors", _file_of(tensors, about or {})) for part, tensors in parts.items())
    entries = write_folder(checkpoints / checkpoint_name(manifest.step), files, manifest.words())
    return replace(manifest, files=tuple(FileEntry(**entry) for entry in entries))


def read_checkpoint(folder: Path, wanted: tuple[str, ...]) -> Checkpoint:
    """Verifies every file of a checkpoint (presence, bytes, sha256) and loads the parts wanted.

    A file is read once: the bytes that are hashed are the bytes that are used, and the tensors lie in them. Raises
    BadCheckpoint.
    """
    manifest = read_manifest(folder)
    missing = {f"{part}.safetensors" for part in wanted} - {entry.name for entry in manifest.files}
    if missing:
        raise BadCheckpoint(f"Checkpoint {folder}: the manifest lists no {sorted(missing)[0]}: use an older one.")
    checkpoint = Checkpoint(folder, manifest, {}, {})
    for entry, data in zip(manifest.files, _read_all(folder, manifest.files)):
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


def _file_of(tensors: Tensors, about: Mapping[str, str]) -> bytes:
    return save({name: tensor.detach().cpu().contiguous() for name, tensor in tensors.items()}, dict(about))


def _read_all(folder: Path, entries: tuple[FileEntry, ...]) -> list[torch.Tensor]:
    """Several files at a time: hashing takes a core, and reading waits for the mount."""
    with ThreadPoolExecutor(max_workers=AT_ONCE) as pool:
        return list(pool.map(lambda entry: _read_verified(folder, entry), entries))


def _read_verified(folder: Path, entry: FileEntry) -> torch.Tensor:
    if Path(entry.name).name != entry.name:
        raise BadCheckpoint(f"Checkpoint {folder}: the manifest names a file outside the folder, {entry.name!r}.")
    path = folder / entry.name
    try:
        size = path.stat().st_size
        if size == entry.bytes:
            data = torch.empty(size, dtype=torch.uint8)
            size, digest = read_and_hash(path, memoryview(data.numpy()))
    except OSError as error:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} cannot be read ({error.strerror}): use an older one."
        ) from error
    if size != entry.bytes:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} has {size} bytes instead of {entry.bytes}: use an older one."
        )
    if digest != entry.sha256:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} is damaged (its sha256 differs from the manifest's): use an older one."
        )
    return data


def _parse(folder: Path, entry: FileEntry, data: torch.Tensor) -> tuple[dict[str, torch.Tensor], dict[str, str]]:
    try:
        return tensors_in(data)
    except Exception as error:
        raise BadCheckpoint(
            f"Checkpoint {folder}: {entry.name} is no safetensors file ({error}): use an older one."
        ) from error
