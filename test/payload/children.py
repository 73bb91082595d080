"""Finds a process by its parent and by what it runs."""

from pathlib import Path

from trainers import wait_until


def child_of(parent: int, module: str) -> int:
    """The pid of the child that runs `python -m <module>`; waits until there is one."""

    def found() -> list[int]:
        files = Path(f"/proc/{parent}/task").glob("*/children")
        return [pid for file in files for pid in map(int, _text(file).split()) if module in _text_of(pid, "cmdline")]

    return int(wait_until(found, f"a child that runs {module}")[0])


def has_ended(pid: int) -> bool:
    """Whether a process is gone, or about to be: a zombie does nothing any more."""
    stat = _text_of(pid, "stat")
    return stat == "" or ") Z " in stat


def _text_of(pid: int, name: str) -> str:
    return _text(Path(f"/proc/{pid}/{name}"))


def _text(file: Path) -> str:
    try:
        return file.read_text()
    except OSError:
        return ""
