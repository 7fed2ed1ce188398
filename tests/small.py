"""The assumptions made small, to be read, broken and built many times; and ways to break what they build."""

from __future__ import annotations

import io
import re
import zipfile
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

ASSUMPTIONS = Path(__file__).resolve().parent.parent / "assumptions.yaml"
KEPT = {
    "scenarios": {"gpt4", "gpt5_high", "gpt5_low"},
    "chips": {"a100_80gb_sxm", "h100_sxm"},
    "claims": {"gpt5_params", "gpt5_compute", "gpt5_cards", "nvidia_value"},
    "hindcast": {"gpt5_run", "grok4_run"},
    "readings": {"deepseek_penalty", "months_on_most_cards"},
}


@cache
def base() -> dict[str, Any]:
    """The assumptions with the chips and sources that they need: small enough to be read a thousand times."""
    data = YAML(typ="safe", pure=True).load(ASSUMPTIONS.read_text("utf-8"))
    used = {"a100_80gb_sxm", "h100_sxm", "b200_hgx", "blackwell_plus2", "vr200_nvl72"}
    data["chips"] = {key: chip for key, chip in data["chips"].items() if key in used}
    text = dump({key: value for key, value in data.items() if key != "sources"})
    equations = {"kaplan_2020", "hoffmann_2022", "epoch_chip_counts", "epoch_gpu40", "epoch_dc_cost"}
    data["sources"] = {key: s for key, s in data["sources"].items() if key in equations or key in text}
    return data


def dump(data: Any) -> str:
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.default_flow_style = False
    yaml.width = 10**9
    yaml.dump(data, stream)
    return stream.getvalue()


def smallest() -> dict[str, Any]:
    """Three scenarios, two chips, a few records."""
    whole = base()
    return whole | {section: {key: whole[section][key] for key in sorted(kept)} for section, kept in KEPT.items()}


def replaced(package: bytes, part: str, old: str, new: str) -> bytes:
    """The package with one pattern of one part replaced."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(package)) as source, zipfile.ZipFile(out, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            if re.fullmatch(part, name):
                changed = re.sub(old.encode(), new.encode(), content, count=1)
                assert changed != content
                content = changed
            target.writestr(name, content)
    return out.getvalue()
