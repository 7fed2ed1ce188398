"""Commands in a process of their own that reports what they connect to, start and write, as the interpreter sees it."""

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
program, commands, report = sys.argv[1], json.loads(sys.argv[2]), open(sys.argv[3], "w")
sys.addaudithook(watch)
codes, events, outputs = [], [], [sys.stdout]
for command in commands:
    seen = []
    sys.argv = [program, *command]
    try:
        runpy.run_path(program, run_name="__main__")
    except SystemExit as end:
        codes.append(end.code)
    events.append(seen)
    outputs.append(sys.stdout)  # kept, since the program's own one would close standard output when it goes
    sys.stdout = outputs[0]
report.write(json.dumps([codes, events]))
report.close()
"""


@dataclass(frozen=True)
class Watched:
    """What commands have done: their folder, what they said of errors, and of each the exit code and what was seen."""

    folder: Path
    stderr: str
    codes: list[int]
    events: list[list[list[str]]]


def watched(folder: Path, *commands: list[str | Path], **environment: str) -> Watched:
    """Runs commands one after the other in one process; matplotlib keeps its list of fonts in the folder."""
    env = {"PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "utf-8", "MPLCONFIGDIR": str(folder / "fonts")}
    given = json.dumps([[str(word) for word in command] for command in commands])
    done = subprocess.run(
        [sys.executable, "-B", "-c", WATCHED, str(ROOT / "build_model.py"), given, str(folder / "report.json")],
        cwd=ROOT, env=os.environ | env | environment, capture_output=True, text=True, encoding="utf-8", check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return Watched(folder, done.stderr, *json.loads((folder / "report.json").read_text("utf-8")))
