"""Where our own workbook breaks a rule of form on purpose, with the reason."""

from __future__ import annotations

import io
import re
import zipfile

from threegates.definition import MODEL
from threegates.lint.rule import Exemption
from threegates.text import Text

CREATOR = "Three Gates"  # in the properties of every workbook that we write
CREATED = re.compile(rb"<dc:creator>([^<]*)</dc:creator>")


def _exemption(rules: str, sheets: str, cells: str, en: str, zh: str, detail: str = "*") -> Exemption:
    """``rules`` and the ids of ``sheets``, none for any sheet, are separated by spaces."""
    names = {sheet.id: (sheet.name.en, sheet.name.zh) for sheet in MODEL.sheets}
    found = tuple(name for sheet in sheets.split() for name in names[sheet])
    return Exemption(tuple(rules.split()), found or ("*",), cells, Text(en, zh), detail)


EXCEPTIONS = (
    _exemption("one_formula", "", "[ABC]2",
        "The header shows different things side by side: two signs and the day.", "页眉并排显示不同内容：两个提示与截止日。"),
    _exemption("one_formula", "published summary", "[F-H]*",
        "Each claim names the results that answer it.", "每条说法对应各自的结果。"),
    _exemption("one_formula", "tradeoff supply backtest gatetests", "[D-J]*",
        "Each record names what it is made of.", "每条记录各有其构成。"),
    _exemption("one_formula", "cases summary", "[D-G]*",
        "Each gate, and each uncertain input, has a home of its own.", "各关、各不确定的输入各有出处。"),
    _exemption("one_formula", "sensitivity", "D*",
        "Nothing stands in the corner of a two-way table.", "双向表左上角无数值。"),
    _exemption("one_formula", "checks", "[D-F]*",
        "Each line of the list counts another check.", "列表每行统计不同的校验项。"),
    _exemption("one_picker", "checks", "[D-F]*",
        "Whether the pick is found is one of the checks.", "所选情景能否找到，本身就是一项校验。"),
    _exemption("one_formula", "assumptions", "E*",
        "The list of precisions runs down, the columns of Chips run across.", "精度列表纵向排列，“芯片”页中为横向。"),
    _exemption("one_formula", "shipped", "[EFH]*", "Each line looks at another input.", "每行对应不同的输入。"),
    _exemption("one_format_a_row", "summary", "[D-J]*",
        "The claims on Summary are records: a column has one format, a row has its unit.",
        "摘要中的公开数字是记录：每列一种格式，每行一个单位。"),
    _exemption("inputs_are_validated inputs_have_names inputs_are_used", "summary", "E8",
        "The colour key shows what an input looks like.", "颜色说明展示输入的样式。"),
    _exemption("inputs_are_used", "chips supply backtest hindcast published", "*",
        "Facts of a record may stand unused.", "记录中的事实可以不被引用。"),
    _exemption("inputs_are_used", "assumptions supply", "*",
        "Low and high tell how sure a base value is; results follow from base values.",
        "低值与高值说明基准值的把握程度；结果由基准值得出。", "*__*__*"),  # mfu__low__gpt5_high, constant__reference_tokens__high
    _exemption("inputs_are_marked", "shipped", "D*",
        "Values as shipped are a record, not to be changed.", "初始值是记录，不应改动。"),
    _exemption("inputs_are_marked", "uncertainty", "*",
        "What was drawn is a record, which the title of its chart reads.", "抽样结果是记录，由图标题引用。"),
    _exemption("flow", "shipped", "[A-E]*",
        "What has changed is listed above all inputs, where it is seen.", "改动项列在全部输入之上，一眼可见。"),
    _exemption("flow", "supply", "[D-F]*",
        "What the gates let through stands above the records that it is taken from; growth follows from Gates back-tested.",
        "各关可得多少列在所依据的记录之上；增速取自“关口回测”。"),
    _exemption("flow", "cases", "*",
        "What sentences say of the tornado stands beside them; growth follows from Gates back-tested.",
        "语句旁列出其引用的龙卷风图数值；增速取自“关口回测”。"),
    _exemption("flow", "data", "*",
        "The corpus in use is one of the records of Supply.", "现用语料取自“供给”页的记录。"),
    _exemption("flow", "gatetests", "[D-H]*",
        "How good the growths were stands above the tests that say so.", "结论列在各项检验之上。"),
    _exemption("short_formulas", "gates cases", "*",
        "An opening date says in one line what growth makes of the ratio, and what there is without growth.",
        "打开日期一式写尽有增长与无增长两种情形。"),
    _exemption("no_equality", "shipped", "F*",
        "A changed input is one that is not equal to its shipped value.", "与初始值不相等即为改动。"),
    _exemption("print_setup", "summary", "",
        "The summary prints upright, on one page.", "摘要竖向打印成一页。", "*landscape"),
)


def exceptions_of(data: bytes) -> tuple[Exemption, ...]:
    """The exceptions of a finished workbook: ours where the file says that we wrote it, otherwise none."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as package:
            creator = CREATED.search(package.read("docProps/core.xml"))
    except Exception:  # a stranger's file may be broken anywhere; the rules say where
        return ()
    return EXCEPTIONS if creator is not None and creator[1].decode("utf-8", "replace") == CREATOR else ()
