"""The assumptions made small, to be read, broken and built many times; and ways to break what they build."""

from __future__ import annotations

import copy
import io
import pickle
import re
import zipfile
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.representer import SafeRepresenter

from threegates.inputs import read_yaml

DATED = re.compile(r"\d{4}-\d\d-\d\d")
ASSUMPTIONS = Path(__file__).resolve().parent.parent / "assumptions.yaml"
DATA = sorted((ASSUMPTIONS.parent / "data").glob("*.yaml"))  # what it includes
KEPT = {
    "scenarios": {"gpt4", "gpt5_high", "gpt5_low"},
    "chips": {"a100_80gb_sxm", "h100_sxm", "h800_sxm", "tpu_v4", "b300_hgx"},
    "claims": {"gpt5_params", "gpt5_compute", "gpt5_cards", "gpt5_months", "nvidia_value"},
    "hindcast": {"gpt5_run", "grok4_run"},
    "readings": {"deepseek_penalty", "months_on_most_cards"},
    "campuses": {
        *("goodyear_2023_04", "qts_richmond_2023_10", "qts_richmond_2024_04"),
        *("colossus_1_2024", "colossus_2_plan"),
    },
    "campus_spans": {"campus_2023_04_to_2023_10", "campus_2023_04_to_2024_04"},
    "developers": {"openai_2023", "openai_2024", "openai_2025"},
    "developer_spans": {"openai_2023_to_2024", "openai_2024_to_2025"},
    "shipped": {"shipped_2023", "shipped_2024", "shipped_2025"},
    "shipped_spans": {"shipped_2023_to_2025", "shipped_2024_to_2025"},
    "corpora": {"llama2", "llama3", "qwen3"},
    "corpus_spans": {"corpus_2024_04_to_2025_05", "corpus_2024_04_to_2026_11"},
    "spending": {"spending_2022", "spending_2023", "spending_2024"},
    "spending_spans": {"spending_2022_to_2023", "spending_2023_to_2024"},
    "growths": {
        *("campus_growth_2023", "campus_growth_2024", "developer_growth_2024"),
        *("shipped_growth_v03", "corpus_growth_2024", "spending_growth_2024"),
    },
    "context": {"context_aws", "context_sixty_bn"},
    "tradeoff": {"length_4", "length_6"},
    "questions": {"corner_few_fast", "own_question"},
    "axes": {"step_1", "step_7"},
    "runs_dense_a100": {"llama2_70b", "opt_175b", "bloom_176b"},
    "runs_dense_hopper": {"llama31_405b", "nemotron4_15b", "phi4_14b"},
    "runs_moe": {"dots_llm1", "phi35_moe", "olmoe_1b7b"},
    "runs_fp8": {"deepseek_v3", "llama4_maverick", "llama4_scout"},
    "runs_tpu": {"gopher_280b", "ul2_20b", "glam"},
    "runs_single": {"trinity_large", "nekomata_14b"},
}
UNCERTAIN = {"mfu", "months", "synthetic_share_allowed", "developer_growth_2024", "campus_growth_2023", "h100_sxm"}


@cache
def whole() -> dict[str, Any]:
    """The sections of the assumptions and of the files that they include, as one mapping."""
    sections: dict[str, Any] = {}
    for path in (ASSUMPTIONS, *DATA):
        for name, section in read_yaml.read(path).data.items():
            if name != "include":
                sections[name] = {**sections.get(name, {}), **section}
    return sections


def copied(folder: Path, *changes: tuple[str, str], name: str = "assumptions.yaml") -> Path:
    """Copies the assumptions, as ``name``, and what they include; each change replaces a text once, in whichever file has it."""
    texts = {path: path.read_text("utf-8") for path in (ASSUMPTIONS, *DATA)}
    for old, new in changes:
        holder = next((path for path, text in texts.items() if old in text), None)
        assert holder is not None, old
        texts[holder] = texts[holder].replace(old, new, 1)
    (folder / "data").mkdir(exist_ok=True)
    for path, text in texts.items():
        (folder / (name if path == ASSUMPTIONS else f"data/{path.name}")).write_text(text, "utf-8")
    return folder / name


@cache
def base() -> dict[str, Any]:
    """The assumptions with the chips and sources that they need: small enough to be read a thousand times."""
    data = copy.deepcopy(whole())
    runs = [run for section in data if section.startswith("runs_") for run in data[section].values()]
    used = {"b200_hgx", "blackwell_plus2", "vr200_nvl72"} | {run["chip"] for run in runs if "chip" in run}
    data["chips"] = {key: chip for key, chip in data["chips"].items() if key in used}
    data["gw_costs"] = {key: cost for key, cost in data["gw_costs"].items() if cost["chip"] in used}
    data["report"]["uncertainty"]["draws"] = 1000
    data["report"]["languages"] = ["en"]
    return data | {"sources": _used(data)}


def _used(data: dict[str, Any]) -> dict[str, Any]:
    """The sources that the data or the equations name."""
    text = dump({key: value for key, value in data.items() if key != "sources"})
    equations = {"kaplan_2020", "hoffmann_2022", "epoch_chip_counts", "epoch_gpu40", "epoch_dc_cost"}
    return {key: source for key, source in data["sources"].items() if key in equations or key in text}


class _Quoting(SafeRepresenter):
    """Writes a text that begins as a date does in quotes, as in the real files, so that the fast reading takes it.

    For the same reason nothing is written as a reference to what stands elsewhere.
    """

    def ignore_aliases(self, data: Any) -> bool:  # noqa: ARG002
        return True


_Quoting.add_representer(
    str,
    lambda made, text: made.represent_scalar("tag:yaml.org,2002:str", text, '"' if DATED.match(text) else None),
)


def dump(data: dict[str, Any]) -> str:
    """The text of a file, by the names of its sections; one that has been written before is taken as it was."""
    return "".join(_written(pickle.dumps({name: section})) for name, section in sorted(data.items()))


@lru_cache(500)
def _written(pickled: bytes) -> str:
    stream = io.StringIO()
    yaml = YAML(typ="safe", pure=True)
    yaml.Representer = _Quoting
    yaml.default_flow_style = False
    yaml.width = 10**9
    yaml.dump(pickle.loads(pickled), stream)  # noqa: S301  # written one line above its only use
    return stream.getvalue()


@cache
def smallest() -> dict[str, Any]:
    """Three scenarios, five chips, at least two records of each kind; and few ranges, since each is two columns of cases in the workbook."""
    few = base()
    kept = {section: {key: few[section][key] for key in sorted(keys)} for section, keys in KEPT.items()}
    report = {key: value for key, value in few["report"].items() if key != "yours"}
    few = few | kept | {"report": report | {"picked": "gpt5_high"}}
    del few["gw_costs"]  # of so few chips it would be a table of one line
    for section in ("defaults", "constants", "switches", "growths", "chips"):
        few[section] = {key: r if key in UNCERTAIN else _certain(r) for key, r in few[section].items()}
    return few | {"sources": _used(few)}


def nothing_predicted() -> dict[tuple[str, ...], Any]:
    """The changes of the smallest assumptions by which no run is predicted from others."""
    return {("run_groups", group, "predicted"): False for group in smallest()["run_groups"]}


def _certain(record: Any) -> Any:
    """The record without the low and high of its numbers."""
    if not isinstance(record, dict):
        return record
    return {
        key: _certain(v)
        for key, v in record.items()
        if key not in ("low", "high", "range", "draw") or "base" not in record
    }


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
