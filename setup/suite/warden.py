"""Runs a command and tells what it leaves behind.

    warden.py COMMAND [ARGUMENT ...]

Speaks JSON lines on file descriptor 3: {"pid": N} when the command has started, {"end": "exit 0", "left": [...],
"computed": SECONDS} when it has ended: processor time of it and of all processes below it. Lives until its
standard input closes, then kills every process below it, so that even a kill -9 of the test runner leaves nothing. On
Linux no process escapes: orphans become the warden's children, whatever session or environment they gave themselves.
"""

import ctypes
import json
import os
import resource
import signal
import subprocess
import sys
import threading
import time

GRACE_SECONDS = 3.0
PR_SET_CHILD_SUBREAPER = 36


def main():
    adopt_orphans()
    threading.Thread(target=end_with_standard_input, daemon=True).start()
    try:
        child = start(sys.argv[1:])
    except OSError as error:
        tell(end=str(error), left=[], computed=0)
    else:
        tell(pid=child)
        tell(end=wait_for(child), left=left_behind(), computed=computed())
    while True:
        signal.pause()


def adopt_orphans():
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)


def end_with_standard_input():
    sys.stdin.buffer.read()
    while alive := descendants():
        for process in alive:
            try:
                os.kill(process["pid"], signal.SIGKILL)
            except ProcessLookupError:
                pass
        time.sleep(0.02)
        reap()
    os._exit(0)


def start(command):
    actions = [(os.POSIX_SPAWN_OPEN, 0, os.devnull, os.O_RDONLY, 0), (os.POSIX_SPAWN_CLOSE, 3)]
    return os.posix_spawnp(command[0], command, os.environ, file_actions=actions)


def tell(**message):
    os.write(3, (json.dumps(message) + "\n").encode())


def wait_for(child):
    while True:
        pid, status = os.wait()
        if pid == child:
            code = os.waitstatus_to_exitcode(status)
            return f"exit {code}" if code >= 0 else f"signal {signal.Signals(-code).name}"


def left_behind():
    """The processes that outlive the command by more than a moment."""
    deadline = time.monotonic() + GRACE_SECONDS
    while (alive := descendants()) and time.monotonic() < deadline:
        time.sleep(0.05)
        reap()
    return alive


def computed():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return round(used.ru_utime + used.ru_stime, 1)


def reap():
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        pass


def descendants():
    below, everyone = {os.getpid()}, processes()
    grew = True
    while grew:
        found = {p["pid"] for p in everyone if p["parent"] in below or p["group"] == os.getpid()} - below
        grew = bool(found)
        below |= found
    return [p for p in everyone if p["pid"] in below and p["pid"] != os.getpid()]


def processes():
    """All living processes, zombies left out."""
    return from_proc() if sys.platform == "linux" else from_ps()


def from_proc():
    found = []
    for name in filter(str.isdigit, os.listdir("/proc")):
        try:
            with open(f"/proc/{name}/stat", encoding="utf-8", errors="replace") as file:
                state, parent, group = file.read().rpartition(")")[2].split()[:3]
            with open(f"/proc/{name}/cmdline", encoding="utf-8", errors="replace") as file:
                command = file.read().replace("\0", " ").strip()
        except OSError:
            continue  # It ended while we looked.
        if state not in "ZX":
            found.append({"pid": int(name), "parent": int(parent), "group": int(group), "command": command})
    return found


def from_ps():
    """Without a way to adopt orphans, one that made a process group of its own is not found."""
    listing = subprocess.run(["ps", "-A", "-o", "pid=,ppid=,pgid=,stat=,command="], capture_output=True, text=True)
    rows = [line.split(None, 4) for line in listing.stdout.splitlines()]
    return [
        {"pid": int(pid), "parent": int(parent), "group": int(group), "command": command}
        for pid, parent, group, state, command in (row for row in rows if len(row) == 5)
        if not state.startswith("Z") and not command.startswith("ps -A")
    ]


if __name__ == "__main__":
    main()
