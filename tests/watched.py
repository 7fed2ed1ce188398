"""A command in a process of its own that reports what it connects to, starts and writes, as the interpreter sees it."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
# Every connection, every other program and every file opened for writing, as the interpreter itself reports them.
WATCHED = """
import json, os, runpy, sys
seen = []
def watch(event, args):
    if event.startswith(("socket.", "subprocess.", "os.exec", "os.fork", "os.posix_spawn", "os.system", "ctypes.dlopen")):
        if event != "ctypes.dlopen" or args[0]:  # without a name it is the interpreter itself
            seen.append([event, str(args[:1])])
    elif event == "open" and isinstance(args[0], (str, bytes)) and args[2] & (os.O_WRONLY | os.O_RDWR | os.O_CREAT):
        seen.append(["write", os.path.abspath(os.fsdecode(args[0]))])
    elif event in ("os.rename", "os.remove", "os.mkdir", "shutil.rmtree"):
        seen.append([event, os.path.abspath(os.fsdecode(args[0]))])
sys.addaudithook(watch)
try:
    runpy.run_path(sys.argv.pop(1), run_name="__main__")
finally:
    print("\\n" + json.dumps(seen))
"""


@dataclass(frozen=True)
class Watched:
    """What a command has done: its folder, its exit code, what it said of errors, and the events that were seen."""

    folder: Path
    returncode: int
    stderr: str
    seen: list[list[str]]


def watched(folder: Path, *arguments: str | Path, **environment: str) -> Watched:
    """Runs a command; matplotlib keeps its list of fonts in the folder."""
    env = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "MPLCONFIGDIR": str(folder / "fonts")}
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, str(ROOT / "build_model.py"), *map(str, arguments)],
        cwd=ROOT, env=os.environ | env | environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    return Watched(folder, done.returncode, done.stderr, json.loads(done.stdout.splitlines()[-1]))
