"""The platform's plan templates by type of product, as data. A brand copies one to make it its own."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Row:
    """A milestone of a template: `days` working days after the rows whose codes `after` holds; owed by `part`, or by the brand."""

    code: str
    zh: str
    en: str
    stage: str | None
    days: int
    after: tuple[str, ...] = ()
    part: str | None = None

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


@dataclass(frozen=True)
class Template:
    """A named list of rows for products of `type`; `key` names it in addresses ("basic", or the id of a brand's own)."""

    key: str
    zh: str
    en: str
    type: str
    rows: tuple[Row, ...]

    def name(self, language: str) -> str:
        return self.zh if language == "zh" else self.en


BASIC = Template(
    "basic", "基础品标准计划", "Standard plan for a basic", "basic",
    (
        Row("brief", "企划书定稿", "Brief finalised", "brief", 5),
        Row("gate", "价值关卡通过", "Value gate passed", "brief", 4, ("brief",)),
        Row("rfq", "询价单发出", "RFQ issued", "sourcing", 2, ("gate",)),
        Row("quotes", "报价收齐", "Quotations in", "sourcing", 7, ("rfq",)),
        Row("award", "定标", "Award", "sourcing", 3, ("quotes",)),
        Row("dev_sample", "开发样送达", "Development sample delivered", "sampling", 10, ("award",), "factory"),
        Row("approval_sample", "确认样签字", "Approval sample signed", "sampling", 8, ("dev_sample",), "factory"),
        Row("packaging", "包装与说明书定稿", "Packaging and manual finalised", "codevelopment", 10, ("award",), "design_firm"),
        Row("pp_sample", "产前样签字", "Pre-production sample signed", "preproduction", 6, ("approval_sample", "packaging"), "factory"),
        Row("golden", "封样", "Golden sample sealed", "preproduction", 2, ("pp_sample",)),
        Row("test_batch", "测款批量入仓", "Test batch in stock", "test_launch", 12, ("golden",), "factory"),
        Row("test_review", "新品测款复盘", "Test launch reviewed", "test_launch", 15, ("test_batch",)),
        Row("first_order", "首批大货入仓", "First bulk order in stock", "launch", 20, ("test_review",), "factory"),
        Row("listing", "渠道上架素材", "Listing pack for the channels", "launch", 8, ("test_review",), "launch_partner"),
        Row("launch", "正式上市", "Launch", "launch", 2, ("first_order", "listing")),
        Row("review", "首月复盘", "First month reviewed", "launch", 22, ("launch",)),
    ),
)  # fmt: skip

HERO = Template(
    "hero", "差异化单品标准计划", "Standard plan for a hero", "hero",
    (
        Row("brief", "企划书定稿", "Brief finalised", "brief", 10),
        Row("gate", "价值关卡通过", "Value gate passed", "brief", 5, ("brief",)),
        Row("rfq", "询价单发出", "RFQ issued", "sourcing", 3, ("gate",)),
        Row("quotes", "报价收齐", "Quotations in", "sourcing", 10, ("rfq",)),
        Row("award", "定标", "Award", "sourcing", 5, ("quotes",)),
        Row("concept", "外观与结构方案评审", "Concept and structure reviewed", "sampling", 15, ("gate",), "design_firm"),
        Row("tech_pack", "工艺单冻结", "Tech pack frozen", "sampling", 8, ("award", "concept")),
        Row("dev_sample", "开发样送达", "Development sample delivered", "sampling", 15, ("tech_pack",), "factory"),
        Row("counter_sample", "回样测量通过", "Counter sample passes measurement", "sampling", 12, ("dev_sample",), "factory"),
        Row("approval_sample", "确认样签字", "Approval sample signed", "sampling", 10, ("counter_sample",), "factory"),
        Row("mould_t0", "模具 T0 试模", "Mould trial T0", "codevelopment", 30, ("tech_pack",), "mould_factory"),
        Row("mould_t1", "模具 T1 试模", "Mould trial T1", "codevelopment", 12, ("mould_t0",), "mould_factory"),
        Row("evt", "EVT 工程验证通过", "EVT passed", "codevelopment", 10, ("mould_t1", "approval_sample")),
        Row("dvt", "DVT 设计验证通过", "DVT passed", "codevelopment", 15, ("evt",)),
        Row("packaging", "包装与说明书定稿", "Packaging and manual finalised", "codevelopment", 15, ("approval_sample",), "design_firm"),
        Row("certificates", "检测报告与认证", "Test reports and certificates", "preproduction", 25, ("dvt",)),
        Row("pp_sample", "产前样签字", "Pre-production sample signed", "preproduction", 10, ("dvt", "packaging"), "factory"),
        Row("pvt", "PVT 小批试产", "PVT pilot run", "preproduction", 12, ("pp_sample",), "factory"),
        Row("golden", "封样", "Golden sample sealed", "preproduction", 2, ("pvt",)),
        Row("test_batch", "测款批量入仓", "Test batch in stock", "test_launch", 15, ("golden", "certificates"), "factory"),
        Row("test_review", "新品测款复盘", "Test launch reviewed", "test_launch", 20, ("test_batch",)),
        Row("first_order", "首批大货入仓", "First bulk order in stock", "launch", 30, ("test_review",), "factory"),
        Row("listing", "渠道上架素材", "Listing pack for the channels", "launch", 12, ("test_review",), "launch_partner"),
        Row("launch", "正式上市", "Launch", "launch", 3, ("first_order", "listing")),
        Row("review", "首月复盘", "First month reviewed", "launch", 22, ("launch",)),
    ),
)  # fmt: skip

TEMPLATES = {template.key: template for template in (BASIC, HERO)}
