"""The sheets of the workbook in their order, the tables of the model, and what Summary shows of them: data, too."""

from __future__ import annotations

from threegates.definition.declare import Sheet, Table, View
from threegates.text import Text

# What Summary shows of the scenario in focus, from parameters to gigawatts and dollars.
CHOSEN = (
    "total_params_t",
    "tokens_t",
    "training_flop",
    "compute_multiple",
    "chip",
    "mfu",
    "months",
    "cards_m",
    "facility_power_gw",
    "facility_capacity_gw",
    "energy_twh",
    "synthetic_share",
    "owned_cost_bn",
    "run_cost_bn",
)
GATES = ("cards_gate", "power_gate", "data_gate", "corpus_gate", "money_gate")
LEAST_RUNS = 3  # of a group: two would predict each other

TABLES = (
    Table("scenarios", Text("Scenario", "情景"), across=True),
    Table("constants", Text("Constant", "常数"), prefix="constant", main="value"),
    Table("chips", Text("Chip", "芯片"), facts=True),
    Table("claims", Text("Published claim", "公开数字")),
    Table("readings", Text("What the decode shows", "拆解结论")),
    Table("hindcast", Text("Training run", "训练"), facts=True),
    Table("switches", Text("Switch", "开关"), prefix="switch", main="value"),
    Table("campuses", Text("Campus", "园区"), facts=True),
    Table("gates", Text("Gate", "关口"), calls=GATES),
    Table("context", Text("Claim to compare with", "可对照的说法")),
    Table("tradeoff", Text("Months × cards × GW", "月数 × 卡数 × GW"), across=True),
    Table("questions", Text("Questions", "问题"), across=True),
    Table("runs_dense_a100", Text("Dense models on A100", "稠密模型（A100）"), facts=True, least=LEAST_RUNS),
    Table("runs_dense_hopper", Text("Dense models on Hopper", "稠密模型（Hopper）"), facts=True, least=LEAST_RUNS),
    Table("runs_moe", Text("Mixture of experts on Hopper", "混合专家模型（Hopper）"), facts=True, least=LEAST_RUNS),
    Table("runs_tpu", Text("TPUs", "TPU"), facts=True, least=LEAST_RUNS),
    Table("runs_single", Text("Alone of their kind: no prediction", "同类仅此一例：不作预测"), facts=True),
    Table("fits", Text("How good the equations are", "公式有多准")),
    Table("axes", Text("Axes of the two-way tables", "双向表的坐标"), facts=True),
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
        "supply",
        Text("Supply", "供给"),
        Text("Supply: what there is, and how fast it grows", "供给：现有多少，增长多快"),
        Text(
            "Campuses, and what one developer can get at each gate. A switch counts announced campuses, discounted.",
            "园区，以及单家开发者在每一关能得到多少。开关可计入已宣布的园区（打折）。",
        ),
        "0070C0",
        ("switches", "campuses", "gates"),
    ),
    Sheet(
        "gates",
        Text("Gates", "关口"),
        Text("Gates: can it be had, and when", "关口：能否得到，何时得到"),
        Text(
            "Need against available, when each gate opens, and which one binds.",
            "需要与可得、各关何时打开、哪一关最紧。",
        ),
        "548235",
        ("scenarios",),
    ),
    Sheet(
        "cases",
        Text("Cases", "单项变动"),
        Text("Cases: the scenario in focus, one input moved at a time", "单项变动：重点情景，每次只动一个输入"),
        Text(
            "The picked scenario through the same equations, each uncertain input at its low, then at its high.",
            "重点情景走同一套公式，每个不确定的输入先取低值、再取高值。",
        ),
        "7F7F7F",
        ("cases_base", "verdicts", "uncertain", "cases_low", "cases_high", "swings"),
    ),
    Sheet(
        "tradeoff",
        Text("Trade-off", "取舍"),
        Text("Trade-off: months × cards × GW", "取舍：月数 × 卡数 × GW"),
        Text(
            "For the scenario picked on Summary. Change a blue cell to ask your own question.",
            "针对“摘要”页所选情景。改蓝色单元格即可提自己的问题。",
        ),
        "548235",
        ("tradeoff", "questions", "context"),
    ),
    Sheet(
        "anychip",
        Text("Any chip", "任选芯片"),
        Text("Any chip: every scenario on every chip", "任选芯片：每个情景换成每种芯片"),
        Text(
            "At the scenario's months and MFU, and the best precision that both allow; — where there is none.",
            "按情景的时长与 MFU，取两者都支持的最佳精度；没有则为 —。",
        ),
        "548235",
        ("anychip_picked", "anychip_peak", "anychip_cards", "anychip_gw"),
    ),
    Sheet(
        "sensitivity",
        Text("Sensitivity", "敏感性"),
        Text("Sensitivity: what would change the answer", "敏感性：什么会改变结论"),
        Text(
            "What opens each gate, two-way tables, and which input moves the picked scenario most.",
            "怎样才能开关、双向表，以及哪个输入对重点情景影响最大。",
        ),
        "548235",
        (
            "axes",
            "grid_cards",
            "grid_power",
            "grid_flop",
            "tornado_cards",
            "tornado_power",
            "tornado_ratio",
            "scenarios",
        ),
    ),
    Sheet(
        "uncertainty",
        Text("Uncertainty", "不确定性"),
        Text("Uncertainty: how sure", "不确定性：有多大把握"),
        Text(
            "Static: drawn when the workbook was built, through the same equations. The rows marked live move.",
            "静态数值：生成工作簿时用同一套公式抽样得出。标“实时”的行随输入变化。",
        ),
        "7F7F7F",
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
        "backtest",
        Text("Back-test", "回测"),
        Text("Back-test: real training runs", "回测：真实训练"),
        Text(
            "Card-hours predicted from the MFU of the other runs of the group, against what was reported.",
            "用同组其他训练的 MFU 预测卡时，对照公布值。",
        ),
        "7F6000",
        ("runs_dense_a100", "runs_dense_hopper", "runs_moe", "runs_tpu", "runs_single", "fits"),
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
    Sheet(
        "changes",
        Text("Changes", "变更"),
        Text("Changes: which figures moved, and why", "变更：哪些数字变了，为什么"),
        Text("Newest first, as the assumptions record them.", "以假设文件的记录为准，新的在前。"),
        "7F7F7F",
    ),
)

# Chinese readers count in 万 and 亿; a trillion is 万亿, the same number.
COUNTED = (("cards_m", "cards_wan"), ("owned_cost_bn", "owned_cost_yi"), ("run_cost_bn", "run_cost_yi"))

VIEWS = (
    View(
        "summary",
        "cases_base",
        CHOSEN,
        Text("The scenario in focus, from parameters to gigawatts and dollars", "重点情景：从参数到 GW 与美元"),
        large=("compute_multiple", "cards_m", "cards_wan", "facility_capacity_gw", "synthetic_share"),
        counted=COUNTED,
    ),
    View(
        "summary",
        "verdicts",
        ("need", "available", "ratio", "opens", "verdict"),
        Text("Its gates", "它的几道关"),
        large=("verdict",),
    ),
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
            "binding_gate",
        ),
        Text("All scenarios side by side", "全部情景并列"),
        counted=COUNTED,
    ),
    View(
        "summary",
        "claims",
        ("low", "high", "model_low", "model_high", "deviation", "verdict"),
        Text("Published claims against the model", "公开数字与模型对照"),
    ),
)
