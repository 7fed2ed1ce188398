"""Whether every output is, byte for byte, what was recorded: both vintages, both languages, pictures and mail included.

Usage: python benchmarks/same.py [--record]; exit code 1 where something differs. Workbooks are told apart by the parts
of their packages. Equal bytes are promised on one platform with the locked libraries and the same fonts.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import platform
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Iterator
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
RECORD = ROOT / "benchmarks" / "same.json"
VINTAGES = ("assumptions.yaml", "vintages/2026-11.yaml")
DRAWN = (".png", ".eml", ".html", "summary.zh.md")  # what depends on the fonts of the machine


def parts(name: str, content: bytes) -> Iterator[tuple[str, bytes]]:
    """A workbook by its parts, so that what differs can be named; any other file whole."""
    if name.endswith(".xlsx"):
        with zipfile.ZipFile(io.BytesIO(content)) as package:
            for part in package.namelist():
                yield f"{name}/{part}", package.read(part)
    yield name, content


def hashes() -> dict[str, str]:
    """The hash of every output, by vintage, file and part; ``mail`` writes all that a build can write."""
    found: dict[str, str] = {}
    with tempfile.TemporaryDirectory() as folder:
        for vintage in VINTAGES:
            output = Path(folder) / Path(vintage).stem
            command = [sys.executable, "build_model.py", "mail", "--assumptions", vintage, "--output", str(output)]
            subprocess.run(command, check=True, cwd=ROOT, stdout=subprocess.DEVNULL, env=os.environ | {"CI": "true"})
            for path in sorted(output.rglob("*")):
                if path.is_file():
                    name = f"{Path(vintage).stem}/{path.relative_to(output).as_posix()}"
                    found |= {part: hashlib.sha256(c).hexdigest() for part, c in parts(name, path.read_bytes())}
    return found


def main(record: bool) -> int:
    made = {"platform": f"{platform.system()} {platform.machine()}", "hashes": hashes()}
    if record:
        RECORD.write_text(json.dumps(made, indent=1, sort_keys=True) + "\n", "utf-8")
        print(f"recorded {len(made['hashes'])} files and parts")
        return 0
    known = json.loads(RECORD.read_text("utf-8"))
    if known["platform"] != made["platform"]:
        print(f"recorded on {known['platform']}, not on {made['platform']}: bytes may differ")
    before, after = known["hashes"], made["hashes"]
    differing = sorted(name for name in before.keys() | after.keys() if before.get(name) != after.get(name))
    for name in differing:
        what = "is new" if name not in before else "is missing" if name not in after else "differs"
        drawn = " (depends on the fonts of this machine)" if name.endswith(DRAWN) else ""
        print(f"{name} {what}{drawn}")
    print(f"{len(after) - len(differing)} of {len(after)} files and parts are the same")
    return 1 if differing else 0


if __name__ == "__main__":
    sys.exit(main("--record" in sys.argv[1:]))
