"""The sheets of the workbook in their order, the tables of the model, and what Summary shows of them: data, too."""

from __future__ import annotations

from threegates.records import Sheet, Table, Text, View

TABLES = (
    Table("scenarios", Text("Scenario", "情景"), across=True),
    Table("constants", Text("Constant", "常数"), prefix="constant", main="value"),
    Table("chips", Text("Chip", "芯片"), facts=True),
    Table("claims", Text("Published claim", "公开数字")),
    Table("readings", Text("What the decode shows", "拆解结论")),
    Table("hindcast", Text("Training run", "训练"), facts=True),
)

SHEETS = (
    Sheet(
        "summary",
        Text("Summary", "摘要"),
        Text("Three Gates: what GPT-5 and GPT-6 would need", "三道关：GPT-5 与 GPT-6 要多少卡、多少电、多少数据"),
        Text(
            "One model from assumptions to cards, gigawatts, data and money. Change a blue cell on Assumptions or Chips "
            "and every figure moves.",
            "从假设到卡、电、数据和钱，一套模型算到底。改“假设”或“芯片”页的蓝色单元格，所有数字随之变化。",
        ),
        "1F3864",
    ),
    Sheet(
        "assumptions",
        Text("Assumptions", "假设"),
        Text("Assumptions: what goes in", "假设：输入什么"),
        Text("Every input of every scenario, and the constants.", "每个情景的全部输入，以及常数。"),
        "0070C0",
        ("scenarios", "constants"),
    ),
    Sheet(
        "chips",
        Text("Chips", "芯片"),
        Text("Chips: one card is one package", "芯片：一卡即一个封装"),
        Text("Dense peaks (never with sparsity), power and prices.", "稠密算力峰值（不计稀疏）、功率与价格。"),
        "0070C0",
        ("chips",),
    ),
    Sheet(
        "flops",
        Text("FLOPs", "算力"),
        Text("FLOPs: how much computation", "算力：需要多少运算量"),
        Text("From parameters and tokens to training compute.", "从参数和 token 到训练算力。"),
        "548235",
        ("scenarios",),
    ),
    Sheet(
        "cards",
        Text("Cards", "卡"),
        Text("Cards: the first gate", "卡：第一道关"),
        Text("How many accelerators do the work in the time given.", "在给定时间内完成训练要多少加速卡。"),
        "548235",
        ("scenarios",),
    ),
    Sheet(
        "power",
        Text("Power", "电"),
        Text("Power: the second gate", "电：第二道关"),
        Text(
            "Annual PUE gives power at rated load, and with the load factor energy; peak capacity is what must be built.",
            "年均 PUE 给出额定负载功率，再乘负载率得电量；峰值容量决定要建多大。",
        ),
        "548235",
        ("scenarios",),
    ),
    Sheet(
        "data",
        Text("Data", "数据"),
        Text("Data: the third gate", "数据：第三道关"),
        Text("How much of the training text people have not written.", "训练数据里有多少不是人写的。"),
        "548235",
        ("scenarios",),
    ),
    Sheet(
        "cost",
        Text("Cost", "成本"),
        Text("Cost: the fourth gate", "成本：第四道关"),
        Text("Owning the cluster, and renting it for one run.", "自建整个集群要多少钱，租卡训练一次要多少钱。"),
        "548235",
        ("scenarios",),
    ),
    Sheet(
        "published",
        Text("Published", "公开数字"),
        Text("Published: the claims against the model", "公开数字：与模型对照"),
        Text("Each published figure, the model's own, and the verdict.", "每个公开数字、模型的数字与结论。"),
        "7F6000",
        ("claims", "readings"),
    ),
    Sheet(
        "hindcast",
        Text("Hindcast", "回看"),
        Text("Hindcast: how the forecast did", "回看：预测与后来"),
        Text(
            "The forecast for GPT-5 against what has been estimated of the largest runs since.",
            "对 GPT-5 的预测，对照此后最大几次训练的估计算力。",
        ),
        "7F6000",
        ("hindcast",),
    ),
    Sheet(
        "shipped",
        Text("As shipped", "初始值"),
        Text("As shipped: what a reader has changed", "初始值：读者改了什么"),
        Text("The value that each input had when the workbook was built.", "每个输入在生成工作簿时的值。"),
        "7F7F7F",
    ),
    Sheet(
        "checks",
        Text("Checks", "校验"),
        Text("Checks: can the figures be trusted", "校验：数字可信吗"),
        Text(
            "1 is a pass, 0 a failure; errors count for the master check.", "1 为通过，0 为不通过；错误类计入总校验。"
        ),
        "C00000",
        ("scenarios",),
    ),
    Sheet(
        "sources",
        Text("Sources", "来源"),
        Text("Sources: where the figures come from", "来源：数字出自哪里"),
        Text("Each source with the figure as it stands there.", "每个来源及其原文数字。"),
        "7F7F7F",
    ),
    Sheet(
        "words",
        Text("Words", "词汇"),
        Text("Words: the terms in both languages", "词汇：中英对照"),
        Text("Every row of the model, named and explained.", "模型的每一行：名称与解释。"),
        "7F7F7F",
    ),
)

VIEWS = (
    View(
        "summary",
        "scenarios",
        (
            "total_params_t",
            "tokens_t",
            "training_flop",
            "compute_multiple",
            "chip",
            "months",
            "cards_m",
            "facility_power_gw",
            "facility_capacity_gw",
            "synthetic_share",
            "owned_cost_bn",
            "run_cost_bn",
        ),
    ),
    View("summary", "claims", ("low", "high", "model_low", "model_high", "deviation", "verdict")),
)
