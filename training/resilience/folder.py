"""The folder of a checkpoint as it is written: files first, manifest last. Knows no PyTorch."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from .files import sync_folder, to_json, write_and_hash, write_whole

NAME = "manifest.json"


def write_folder(
    folder: Path, files: Iterable[tuple[str, bytes | memoryview]], manifest: Mapping[str, Any]
) -> list[dict[str, Any]]:
    """Writes `folder`, which must not exist: the files (name, content) in the order given, then the manifest with them.

    Each file is on the disk and closed before the next is opened, since uploads keep the order of closing. Returns the
    manifest's `files`. Raises OSError; without manifest it is no checkpoint.
    """
    folder.mkdir(parents=True)
    entries = [
        {"name": name, "bytes": len(content), "sha256": write_and_hash(folder / name, content)}
        for name, content in files
    ]
    sync_folder(folder)
    write_whole(folder / NAME, to_json({**manifest, "files": entries}), sync=True)
    sync_folder(folder)
    return entries
