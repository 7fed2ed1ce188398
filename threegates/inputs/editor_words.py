"""What an editor tells of sections and keys that are no fields of the model, in both languages."""

from __future__ import annotations

from pydantic import BaseModel

from threegates.definition.backtest import RUNS
from threegates.inputs.assumptions import DEFAULTS, HISTORY, MAIL, REPORT, SOURCES
from threegates.inputs.mail_headers import MAIL_MODEL
from threegates.inputs.schema import Provenance, Record, Value
from threegates.inputs.sections import Change, Include, Report, RunGroup, Source
from threegates.inputs.value_types import INCLUDE
from threegates.text import Text

# What is no field of the model: sections, and the keys of what has a shape of its own.
SECTIONS: dict[str, Text] = {
    REPORT: Text(
        "What the workbook is called, and which records the equations call by role.",
        "工作簿的标题，以及公式按角色引用的记录。",
    ),
    MAIL: Text(
        "Whom the draft of `mail` is from and to; what is left out stays blank.",
        "`mail` 草稿的发件人与收件人；未写的留空。",
    ),
    DEFAULTS: Text(
        "What every scenario starts from; a scenario states only what differs. A bare number here must say its source.",
        "所有情景的默认值；情景只写不同之处。此处的数字须注明来源。",
    ),
    SOURCES: Text("Where the figures come from: a record each.", "数字的来源，一条一个记录。"),
    HISTORY: Text(
        "Which figures moved, from what to what, and why: a record each, shown on Changes, newest first.",
        "哪些数字变了、从多少变到多少、为什么，一条一个记录；显示在“变更”页，新的在前。",
    ),
    RUNS.id: Text(
        "The groups of training runs: a label each, under a name that begins with runs_. Its runs stand in a section of that "
        "name; the hours of each are predicted from the others of its group.",
        "训练分组：每组一个名称，标识以 runs_ 开头；其训练写在同名段落中，卡时由同组其他训练预测。",
    ),
    INCLUDE: Text(
        "Files that are read, too: one, or several in a list. A record given here replaces theirs of the same name, whole.",
        "一并读取的文件：一个，或多个用列表。本文件的同名记录整条取代之。",
    ),
}
KEYS: dict[type[BaseModel], dict[str, Text]] = {
    Report: {
        "title": Text("the title of workbook and summary", "工作簿与摘要的标题"),
        "languages": Text("the editions that a build writes", "生成哪些语言版本"),
        "anchor": Text("the scenario that multiples are of", "倍数所参照的情景"),
        "reference_chip": Text("the chip of which equivalents are counted", "折算当量所用的芯片"),
        "picked": Text("the scenario that the sheets of one scenario show at first", "单一情景各页起初显示的情景"),
        "yardstick": Text("the scenario that the trade-off is held against", "取舍所对照的情景"),
        "yardstick_cards": Text("the claim with its published cards", "公布其卡数的公开数字"),
        "yardstick_months": Text("the claim with its published months", "公布其时长的公开数字"),
        "yours": Text("the scenario that a reader overwrites; findings leave it out", "留给读者改写的情景，结论不计入"),
        "uncertainty": Text("the Monte Carlo of a build", "生成时的蒙特卡洛"),
        "draws": Text("how many draws", "抽样次数"),
        "seed": Text("the seed: the same one gives the same draws", "随机种子：相同则抽样相同"),
        "open_by": Text("the days by which the gates should be open, unquoted", "各关应打开的日期，不加引号"),
    },
    MAIL_MODEL: {
        "from": Text(
            "the sender: name@example.com, or Name <name@example.com>",
            "发件人：name@example.com 或 姓名 <name@example.com>",
        ),
        "to": Text("whom it goes to; several in a list", "收件人，多个用列表"),
        "cc": Text("who gets a copy; several in a list", "抄送，多个用列表"),
    },
    Include: {
        "file": Text("the other file, from the folder of this one", "另一文件（相对本文件所在文件夹）"),
        "sections": Text(
            "what to take: section, or section.record; without it, the whole file",
            "取用哪些：段落，或 段落.记录；不写则取用整个文件",
        ),
    },
    Source: {
        "title": Text("title of the document", "文献标题"),
        "publisher": Text("who published it", "发布者"),
        "address": Text("where to find it", "地址"),
        "date": Text("when it appeared, in quotes", "发布日期，加引号"),
        "kind": Text(
            "primary: the figure's own author; digest: notes of one; secondary, press; low: little to be trusted",
            "primary 一手；digest 一手摘编；secondary 二手；press 媒体；low 低可信",
        ),
        "quote": Text("the figure as it stands there", "原文数字"),
        "remark": Text("what else to know", "备注"),
    },
    RunGroup: {
        "label": Text("what readers see", "读者看到的名称"),
        "predicted": Text(
            "false for what is alone of its kind: no run is predicted from another; true if left out",
            "同类仅此一例时填 false，不作预测；不写为 true",
        ),
    },
    Change: {
        "date": Text("the day of the change, unquoted: 2026-11-25", "变更日期，不加引号：2026-11-25"),
        "what": Text(
            "which outputs of which scenarios moved, from what to what", "哪些情景的哪些结果变了，从多少变到多少"
        ),
        "why": Text("why they moved", "变化的原因"),
    },
    Record: {
        "label": Text("what readers see", "读者看到的名称"),
        "unit": Text("the unit of all numbers of this record", "本记录全部数字的单位"),
        "format": Text("how its numbers are shown", "数字格式"),
        "base": Text("the value itself", "数值"),
        "low": Text("its low: drawn by Uncertainty, moved to by Cases", "低值：用于“不确定性”抽样与“单项变动”"),
        "high": Text("its high: drawn by Uncertainty, moved to by Cases", "高值：用于“不确定性”抽样与“单项变动”"),
    },
    Value: {
        "range": Text(
            "what low and high are: p10_p90, one in ten lies below low and one in ten above high; p5_p95, one in twenty; "
            "bounds, nothing lies beyond them",
            "低值与高值的含义：p10_p90 即低于低值与高于高值各占十分之一；p5_p95 即各占二十分之一；bounds 即上下界，不会越过",
        ),
        "draw": Text(
            "inputs of one name are high together and low together: the id of an input of scenarios, or a name of your own",
            "同名的输入在抽样中同高同低：情景输入的标识，或自定的名称",
        ),
    },
    Provenance: {
        "source": Text(
            "an id of sources:, several in a list, or judgement, or definition",
            "sources: 中的标识（多个用列表），或 judgement（判断）、definition（定义）",
        ),
        "confidence": Text(
            "how well it is known: defined by convention, measured, estimated by the source, judgement of ours",
            "可信度：defined 定义值，measured 实测，estimated 来源的估计，judgement 本模型的判断",
        ),
        "marks": Text(
            "unverified: no second source; derived: computed from what the source says; projection: of the future; "
            "calibrated: chosen so that a published figure comes out",
            "unverified 未核实；derived 由来源推算；projection 预测；calibrated 为吻合公布值而标定",
        ),
        "note": Text("what a reader should know of the figure", "说明"),
    },
}
OWN_UNIT = Text("the unit, which is always this one: convert the number", "单位，只能是此单位：请换算数值")
LANGUAGES = {"en": Text("in English", "英文"), "zh": Text("in Chinese", "中文")}
