"""Where our own workbook breaks a rule of form on purpose, with the reason."""

from __future__ import annotations

import io
import re
import zipfile

from threegates.lint.rule import Exemption
from threegates.text import Text

CREATOR = "Three Gates"  # in the properties of every workbook that we write
CREATED = re.compile(rb"<dc:creator>([^<]*)</dc:creator>")

EXCEPTIONS = (
    Exemption(
        ("one_formula",),
        ("*",),
        "[AB]2",
        Text("The header shows two different signs side by side.", "页眉并排显示两个不同的提示。"),
    ),
    Exemption(
        ("one_formula",),
        ("Published", "公开数字", "Summary", "摘要"),
        "[F-H]*",
        Text("Each claim names the results that answer it.", "每条说法对应各自的结果。"),
    ),
    Exemption(
        ("one_formula",),
        ("Trade-off", "取舍", "Back-test", "回测"),
        "[D-I]*",
        Text("Each record names what it is made of.", "每条记录各有其构成。"),
    ),
    Exemption(
        ("one_formula",),
        ("Cases", "单项变动", "Summary", "摘要"),
        "[D-G]*",
        Text("Each gate, and each uncertain input, has a home of its own.", "各关、各不确定的输入各有出处。"),
    ),
    Exemption(
        ("one_formula",),
        ("Sensitivity", "敏感性"),
        "D*",
        Text("Nothing stands in the corner of a two-way table.", "双向表左上角无数值。"),
    ),
    Exemption(
        ("one_formula",),
        ("Checks", "校验"),
        "[D-F]*",
        Text("Each line of the list counts another check.", "列表每行统计不同的校验项。"),
    ),
    Exemption(
        ("one_formula",),
        ("Assumptions", "假设"),
        "E*",
        Text(
            "The list of precisions runs down, the columns of Chips run across.", "精度列表纵向排列，“芯片”页中为横向。"
        ),
    ),
    Exemption(
        ("one_formula",),
        ("As shipped", "初始值"),
        "[EFH]*",
        Text("Each line looks at another input.", "每行对应不同的输入。"),
    ),
    Exemption(
        ("one_format_a_row",),
        ("Summary", "摘要"),
        "[D-J]*",
        Text(
            "The claims on Summary are records: a column has one format, a row has its unit.",
            "摘要中的公开数字是记录：每列一种格式，每行一个单位。",
        ),
    ),
    Exemption(
        ("inputs_are_validated", "inputs_have_names", "inputs_are_used"),
        ("Summary", "摘要"),
        "E6",
        Text("The colour key shows what an input looks like.", "颜色说明展示输入的样式。"),
    ),
    Exemption(
        ("inputs_are_used",),
        ("Chips", "芯片", "Supply", "供给", "Back-test", "回测", "Hindcast", "回看", "Published", "公开数字"),
        "*",
        Text("Facts of a record may stand unused.", "记录中的事实可以不被引用。"),
    ),
    Exemption(
        ("inputs_are_used",),
        ("Assumptions", "假设", "Supply", "供给"),
        "*",
        Text(
            "Low and high tell how sure a base value is; results follow from base values.",
            "低值与高值说明基准值的把握程度；结果由基准值得出。",
        ),
        "*__*__*",  # mfu__low__gpt5_high, constant__human_tokens__high
    ),
    Exemption(
        ("inputs_are_marked",),
        ("As shipped", "初始值"),
        "D*",
        Text("Values as shipped are a record, not to be changed.", "初始值是记录，不应改动。"),
    ),
    Exemption(
        ("inputs_are_marked",),
        ("Uncertainty", "不确定性"),
        "*",
        Text("What was drawn is a record, which the title of its chart reads.", "抽样结果是记录，由图标题引用。"),
    ),
    Exemption(
        ("flow",),
        ("As shipped", "初始值"),
        "[A-E]*",
        Text("What has changed is listed above all inputs, where it is seen.", "改动项列在全部输入之上，一眼可见。"),
    ),
    Exemption(
        ("no_equality",),
        ("As shipped", "初始值"),
        "F*",
        Text("A changed input is one that is not equal to its shipped value.", "与初始值不相等即为改动。"),
    ),
    Exemption(
        ("print_setup",),
        ("Summary", "摘要"),
        "",
        Text("The summary prints upright, on one page.", "摘要竖向打印成一页。"),
        "*landscape",
    ),
)


def exceptions_of(data: bytes) -> tuple[Exemption, ...]:
    """The exceptions of a finished workbook: ours where the file says that we wrote it, otherwise none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            creator = CREATED.search(package.read("docProps/core.xml"))
    except Exception:  # a stranger's file may be broken anywhere; the rules say where
        return ()
    return EXCEPTIONS if creator is not None and creator[1].decode("utf-8", "replace") == CREATOR else ()
