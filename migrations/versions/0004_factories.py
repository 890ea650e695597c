"""factories: directory, evidence, audits; the clusters and the criteria of the tiers that every installation starts with"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0002"


CLUSTER = ("name_zh", "name_en", "region_zh", "region_en", "category_zh", "category_en")
CLUSTERS = (
    ("义乌小商品", "Yiwu small commodities", "浙江", "Zhejiang", "日用百货与饰品", "Daily goods and accessories"),
    ("台州塑料模具", "Taizhou plastics and moulds", "浙江", "Zhejiang", "塑料制品与模具", "Plastic goods and moulds"),
    ("晋江鞋服", "Jinjiang footwear and sportswear", "福建", "Fujian", "运动鞋服", "Sports shoes and clothing"),
    ("佛山顺德家电", "Shunde home appliances, Foshan", "广东", "Guangdong", "家用电器", "Home appliances"),
    ("佛山陶瓷", "Foshan building ceramics", "广东", "Guangdong", "建筑陶瓷与卫浴", "Tiles and bathroom ware"),
    ("佛山乐从家具", "Lecong furniture, Foshan", "广东", "Guangdong", "家具", "Furniture"),
    ("中山古镇灯饰", "Guzhen lighting, Zhongshan", "广东", "Guangdong", "灯饰照明", "Lighting"),
    ("中山小榄五金", "Xiaolan locks and hardware, Zhongshan", "广东", "Guangdong", "锁具五金", "Locks and hardware"),
    ("慈溪小家电", "Cixi small appliances", "浙江", "Zhejiang", "小家电", "Small appliances"),
    ("永康五金", "Yongkang hardware", "浙江", "Zhejiang", "五金与保温杯", "Hardware and vacuum cups"),
    ("汕头澄海玩具", "Chenghai toys, Shantou", "广东", "Guangdong", "玩具", "Toys"),
    ("汕头内衣", "Shantou underwear", "广东", "Guangdong", "内衣家居服", "Underwear and homewear"),
    ("潮州陶瓷", "Chaozhou ceramics", "广东", "Guangdong", "日用陶瓷", "Household ceramics"),
    ("景德镇陶瓷", "Jingdezhen porcelain", "江西", "Jiangxi", "艺术与日用瓷", "Art and household porcelain"),
    ("德化陶瓷", "Dehua ceramics", "福建", "Fujian", "工艺陶瓷", "Ceramic crafts"),
    ("安吉座椅", "Anji chairs and bamboo", "浙江", "Zhejiang", "办公椅与竹制品", "Office chairs and bamboo goods"),
    ("绍兴柯桥纺织", "Keqiao textiles, Shaoxing", "浙江", "Zhejiang", "面料与家纺", "Fabrics and home textiles"),
    ("南通家纺", "Nantong home textiles", "江苏", "Jiangsu", "床品家纺", "Bedding and home textiles"),
    ("诸暨袜业", "Zhuji socks", "浙江", "Zhejiang", "袜子", "Socks"),
    ("海宁皮革", "Haining leather", "浙江", "Zhejiang", "皮革服装", "Leather clothing"),
    ("温州鞋革", "Wenzhou shoes", "浙江", "Zhejiang", "皮鞋", "Leather shoes"),
    ("温州乐清电气", "Yueqing electrical goods, Wenzhou", "浙江", "Zhejiang", "低压电器", "Low-voltage electrics"),
    ("嵊州厨电", "Shengzhou kitchen appliances", "浙江", "Zhejiang", "厨房电器与领带", "Kitchen appliances and ties"),
    ("平湖箱包", "Pinghu luggage", "浙江", "Zhejiang", "箱包", "Luggage"),
    ("白沟箱包", "Baigou bags", "河北", "Hebei", "箱包", "Bags and suitcases"),
    ("广州花都皮具", "Huadu leather goods, Guangzhou", "广东", "Guangdong", "皮具箱包", "Leather goods and bags"),
    ("广州白云美妆", "Baiyun cosmetics, Guangzhou", "广东", "Guangdong", "化妆品", "Cosmetics"),
    ("深圳消费电子", "Shenzhen consumer electronics", "广东", "Guangdong", "数码电子", "Consumer electronics"),
    ("东莞制造", "Dongguan manufacturing", "广东", "Guangdong", "电子、玩具与家具", "Electronics, toys and furniture"),
    ("阳江刀剪", "Yangjiang knives and scissors", "广东", "Guangdong", "刀剪厨具", "Knives, scissors and kitchenware"),
    ("揭阳五金", "Jieyang stainless ware", "广东", "Guangdong", "不锈钢制品", "Stainless steel ware"),
    ("虎门女装", "Humen womenswear, Dongguan", "广东", "Guangdong", "女装", "Womenswear"),
    ("织里童装", "Zhili childrenswear, Huzhou", "浙江", "Zhejiang", "童装", "Childrenswear"),
    ("桐乡濮院毛衫", "Puyuan knitwear, Tongxiang", "浙江", "Zhejiang", "毛衫", "Knitwear"),
    ("石狮服装", "Shishi menswear", "福建", "Fujian", "男装", "Menswear"),
    ("莆田鞋业", "Putian shoes", "福建", "Fujian", "运动鞋", "Sports shoes"),
    ("曹县汉服", "Caoxian Hanfu and costumes", "山东", "Shandong", "汉服与演出服", "Hanfu and costumes"),
    ("临沂日用品", "Linyi daily goods", "山东", "Shandong", "日用品与木业", "Daily goods and wood"),
    ("南康家具", "Nankang furniture, Ganzhou", "江西", "Jiangxi", "实木家具", "Solid-wood furniture"),
    ("丹阳眼镜", "Danyang glasses", "江苏", "Jiangsu", "眼镜", "Glasses"),
    ("扬州杭集牙刷", "Hangji toothbrushes, Yangzhou", "江苏", "Jiangsu", "牙刷与洗漱用品", "Toothbrushes and toiletries"),
    ("宁波文具", "Ningbo stationery", "浙江", "Zhejiang", "文具", "Stationery"),
    ("许昌假发", "Xuchang wigs", "河南", "Henan", "假发", "Wigs"),
    ("平阳宠物用品", "Pingyang pet supplies", "浙江", "Zhejiang", "宠物用品", "Pet supplies"),
)
CRITERION = ("tier", "measure", "threshold", "at_most", "why_zh", "why_en")
CRITERIA = (
    ("super", "audit_score", 85, False, "一年内验厂得分够高，说明管理稳定", "A high score within a year shows steady management"),
    ("super", "valid_certificates", 2, False, "两张以上有效证书，由第三方背书", "At least two third parties vouch for it"),
    ("super", "capabilities", 3, False, "写明月产能的工艺、材料或产线", "Processes, materials or lines whose yield is stated"),
    ("super", "staff_count", 100, False, "能承接大额批发", "Large enough for bulk orders"),
    ("super", "open_serious_findings", 0, True, "验厂的重大问题都已整改", "Serious audit findings are mended"),
    ("treasure", "checked_clients", 2, False, "为知名客户代工过，平台看过证明", "Has made for known clients; the platform saw the proof"),
    ("treasure", "years", 5, False, "经营满五年", "Five years in business"),
    ("treasure", "valid_certificates", 1, False, "至少一张有效证书", "At least one valid certificate"),
    ("treasure", "audit_score", 75, False, "一年内验厂通过", "Passed an audit within a year"),
    ("treasure", "open_serious_findings", 0, True, "验厂的重大问题都已整改", "Serious audit findings are mended"),
    ("gold", "checked_clients", 3, False, "长期为多家客户代工，平台看过证明", "Makes for several clients; the platform saw the proof"),
    ("gold", "years", 8, False, "经营满八年", "Eight years in business"),
    ("gold", "valid_certificates", 3, False, "三张以上有效证书", "At least three valid certificates"),
    ("gold", "audit_score", 80, False, "一年内验厂得分", "Score of an audit within a year"),
    ("gold", "open_serious_findings", 0, True, "验厂的重大问题都已整改", "Serious audit findings are mended"),
)


def upgrade() -> None:
    op.create_table(
        "factory_tier_criterion",
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("measure", sa.String(length=24), nullable=False),
        sa.Column("threshold", sa.Integer(), nullable=False),
        sa.Column("at_most", sa.Boolean(), nullable=False),
        sa.Column("why_zh", sa.String(length=200), nullable=False),
        sa.Column("why_en", sa.String(length=200), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "measure IN ('valid_certificates', 'audit_score', 'checked_clients', 'capabilities', 'staff_count', 'years', 'open_serious_findings', 'export_share')",
            name=op.f("ck_factory_tier_criterion_measure"),
        ),
        sa.CheckConstraint("tier IN ('super', 'treasure', 'gold')", name=op.f("ck_factory_tier_criterion_tier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_tier_criterion")),
        sa.UniqueConstraint("tier", "measure", name=op.f("uq_factory_tier_criterion_tier_measure")),
    )
    op.create_table(
        "industrial_cluster",
        sa.Column("name_zh", sa.String(length=60), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("region_zh", sa.String(length=20), nullable=False),
        sa.Column("region_en", sa.String(length=40), nullable=False),
        sa.Column("category_zh", sa.String(length=40), nullable=False),
        sa.Column("category_en", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_industrial_cluster")),
        sa.UniqueConstraint("name_zh", name=op.f("uq_industrial_cluster_name_zh")),
    )
    op.create_table(
        "factory",
        sa.Column("organisation_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("brought_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("name_zh", sa.String(length=200), nullable=False),
        sa.Column("name_en", sa.String(length=200), nullable=False),
        sa.Column("short_name", sa.String(length=60), nullable=False),
        sa.Column(
            "name",
            sa.String(length=200),
            sa.Computed("CASE WHEN name_zh <> '' THEN name_zh ELSE name_en END", persisted=True),
            nullable=False,
        ),
        sa.Column("uscc", sa.String(length=18), nullable=False),
        sa.Column("registration_number", sa.String(length=40), nullable=False),
        sa.Column("country", sa.String(length=2), nullable=False),
        sa.Column("province", sa.String(length=60), nullable=False),
        sa.Column("city", sa.String(length=60), nullable=False),
        sa.Column("address", sa.String(length=300), nullable=False),
        sa.Column("cluster_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("founded_year", sa.Integer(), nullable=True),
        sa.Column("staff_count", sa.Integer(), nullable=True),
        sa.Column("floor_area", sa.Integer(), nullable=True),
        sa.Column("export_share", sa.Integer(), nullable=True),
        sa.Column("website", sa.String(length=300), nullable=False),
        sa.Column("introduction", sa.Text(), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("tier_until", sa.Date(), nullable=True),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("source", sa.String(length=10), nullable=False),
        sa.Column("source_key", sa.String(length=64), nullable=False),
        sa.Column("merged_into_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("merged_into_id IS NULL OR state = 'inactive'", name=op.f("ck_factory_pointer")),
        sa.CheckConstraint("name_zh <> '' OR name_en <> ''", name=op.f("ck_factory_named")),
        sa.CheckConstraint("source IN ('manual', 'own', 'import')", name=op.f("ck_factory_source")),
        sa.CheckConstraint(
            "state IN ('prospect', 'pending', 'approved', 'conditional', 'suspended', 'inactive')", name=op.f("ck_factory_state")
        ),
        sa.CheckConstraint("export_share BETWEEN 0 AND 100", name=op.f("ck_factory_export_share")),
        sa.CheckConstraint("staff_count >= 0 AND floor_area >= 0", name=op.f("ck_factory_sizes")),
        sa.ForeignKeyConstraint(["brought_by_id"], ["organisation.id"], name=op.f("fk_factory_brought_by_id")),
        sa.ForeignKeyConstraint(["cluster_id"], ["industrial_cluster.id"], name=op.f("fk_factory_cluster_id")),
        sa.ForeignKeyConstraint(["merged_into_id"], ["factory.id"], name=op.f("fk_factory_merged_into_id")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("fk_factory_organisation_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory")),
        sa.UniqueConstraint("organisation_id", name=op.f("uq_factory_organisation_id")),
    )
    with op.batch_alter_table("factory", schema=None) as batch_op:
        batch_op.create_index("ix_factory_brought", ["brought_by_id", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_factory_cluster", ["cluster_id", "id"], unique=False)
        batch_op.create_index("ix_factory_name", ["name", "id"], unique=False)
        batch_op.create_index("ix_factory_recent", ["updated_at", "id"], unique=False)
        batch_op.create_index("ix_factory_source_key", ["source_key"], unique=False)
        batch_op.create_index("ix_factory_state", ["state", "updated_at", "id"], unique=False)
        batch_op.create_index("ix_factory_tier", ["tier", "id"], unique=False)
        batch_op.create_index("ix_factory_uscc", ["uscc"], unique=False)

    op.create_table(
        "factory_audit",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ordered_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("audited_on", sa.Date(), nullable=False),
        sa.Column("auditor", sa.String(length=120), nullable=False),
        sa.Column("state", sa.String(length=12), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('quality', 'social', 'process', 'safety')", name=op.f("ck_factory_audit_kind")),
        sa.CheckConstraint("state IN ('planned', 'passed', 'conditional', 'failed', 'cancelled')", name=op.f("ck_factory_audit_state")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_audit_factory_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_factory_audit_file_id")),
        sa.ForeignKeyConstraint(["ordered_by_id"], ["organisation.id"], name=op.f("fk_factory_audit_ordered_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_audit")),
    )
    with op.batch_alter_table("factory_audit", schema=None) as batch_op:
        batch_op.create_index("ix_factory_audit_factory", ["factory_id", "id"], unique=False)

    op.create_table(
        "factory_capability",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=10), nullable=False),
        sa.Column("name_zh", sa.String(length=80), nullable=False),
        sa.Column("name_en", sa.String(length=80), nullable=False),
        sa.Column("monthly_capacity", sa.Integer(), nullable=True),
        sa.Column("unit", sa.String(length=14), nullable=False),
        sa.Column("moq", sa.Integer(), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=True),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("kind IN ('process', 'material', 'line')", name=op.f("ck_factory_capability_kind")),
        sa.CheckConstraint(
            "unit IN ('piece', 'pair', 'set', 'metre', 'square_metre', 'kilogram', 'tonne', 'mould')",
            name=op.f("ck_factory_capability_unit"),
        ),
        sa.CheckConstraint("monthly_capacity >= 0 AND moq >= 0 AND lead_days >= 0", name=op.f("ck_factory_capability_quantities")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_capability_factory_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_capability")),
    )
    with op.batch_alter_table("factory_capability", schema=None) as batch_op:
        batch_op.create_index("ix_factory_capability_factory", ["factory_id", "kind"], unique=False)

    op.create_table(
        "factory_caseload",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("agent_user_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["agent_user_id"], ["app_user.id"], name=op.f("fk_factory_caseload_agent_user_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_caseload_factory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_caseload")),
        sa.UniqueConstraint("factory_id", "agent_user_id", name=op.f("uq_factory_caseload_factory_id_agent_user_id")),
    )
    with op.batch_alter_table("factory_caseload", schema=None) as batch_op:
        batch_op.create_index("ix_factory_caseload_agent", ["agent_user_id", "ended_at", "factory_id"], unique=False)

    op.create_table(
        "factory_category",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("name", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_category_factory_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_category")),
        sa.UniqueConstraint("factory_id", "name", name=op.f("uq_factory_category_factory_id_name")),
    )
    with op.batch_alter_table("factory_category", schema=None) as batch_op:
        batch_op.create_index("ix_factory_category_name", ["name", "factory_id"], unique=False)

    op.create_table(
        "factory_certificate",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("title", sa.String(length=120), nullable=False),
        sa.Column("number", sa.String(length=80), nullable=False),
        sa.Column("issuer", sa.String(length=120), nullable=False),
        sa.Column("valid_from", sa.Date(), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reminded_for", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint(
            "kind IN ('iso_9001', 'iso_14001', 'iso_45001', 'iatf_16949', 'iso_13485', 'bsci', 'sedex_smeta', 'sa_8000', 'oeko_tex', 'gots', 'grs', 'fsc', 'ccc', 'ce', 'fda', 'production_licence', 'fire_safety', 'environment', 'other')",
            name=op.f("ck_factory_certificate_kind"),
        ),
        sa.CheckConstraint("state IN ('proposed', 'valid', 'rejected', 'expired')", name=op.f("ck_factory_certificate_state")),
        sa.CheckConstraint("valid_from IS NULL OR valid_from <= expires_on", name=op.f("ck_factory_certificate_span")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_certificate_factory_id")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_factory_certificate_file_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_certificate")),
    )
    with op.batch_alter_table("factory_certificate", schema=None) as batch_op:
        batch_op.create_index("ix_factory_certificate_expiry", ["state", "expires_on", "id"], unique=False)
        batch_op.create_index("ix_factory_certificate_factory", ["factory_id", "state", "expires_on"], unique=False)

    op.create_table(
        "factory_change",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("author_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reviewer_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("before", sa.JSON(), nullable=False),
        sa.Column("content", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('proposed', 'approved', 'returned', 'withdrawn')", name=op.f("ck_factory_change_state")),
        sa.ForeignKeyConstraint(["author_id"], ["app_user.id"], name=op.f("fk_factory_change_author_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_change_factory_id")),
        sa.ForeignKeyConstraint(["reviewer_id"], ["app_user.id"], name=op.f("fk_factory_change_reviewer_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_change")),
        sa.UniqueConstraint("factory_id", "number", name=op.f("uq_factory_change_factory_id_number")),
    )
    with op.batch_alter_table("factory_change", schema=None) as batch_op:
        batch_op.create_index("ix_factory_change_state", ["state", "created_at", "id"], unique=False)

    op.create_table(
        "factory_contact",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=80), nullable=False),
        sa.Column("phone", sa.String(length=40), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("wechat", sa.String(length=60), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_contact_factory_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_contact")),
    )
    with op.batch_alter_table("factory_contact", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_factory_contact_factory_id"), ["factory_id"], unique=False)

    op.create_table(
        "factory_duplicate",
        sa.Column("first_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("second_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("probability", sa.Integer(), nullable=False),
        sa.Column("reasons", sa.JSON(), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("kept_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('open', 'merged', 'different')", name=op.f("ck_factory_duplicate_state")),
        sa.CheckConstraint("first_id < second_id", name=op.f("ck_factory_duplicate_ordered")),
        sa.CheckConstraint("probability BETWEEN 0 AND 100", name=op.f("ck_factory_duplicate_probability")),
        sa.ForeignKeyConstraint(["first_id"], ["factory.id"], name=op.f("fk_factory_duplicate_first_id")),
        sa.ForeignKeyConstraint(["kept_id"], ["factory.id"], name=op.f("fk_factory_duplicate_kept_id")),
        sa.ForeignKeyConstraint(["second_id"], ["factory.id"], name=op.f("fk_factory_duplicate_second_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_duplicate")),
        sa.UniqueConstraint("first_id", "second_id", name=op.f("uq_factory_duplicate_first_id_second_id")),
    )
    with op.batch_alter_table("factory_duplicate", schema=None) as batch_op:
        batch_op.create_index("ix_factory_duplicate_open", ["state", "probability", "id"], unique=False)
        batch_op.create_index("ix_factory_duplicate_second", ["second_id"], unique=False)

    op.create_table(
        "factory_oem",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("client", sa.String(length=200), nullable=False),
        sa.Column("category", sa.String(length=80), nullable=False),
        sa.Column("from_year", sa.Integer(), nullable=False),
        sa.Column("to_year", sa.Integer(), nullable=True),
        sa.Column("is_confidential", sa.Boolean(), nullable=False),
        sa.Column("checked_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("checked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("to_year IS NULL OR to_year >= from_year", name=op.f("ck_factory_oem_years")),
        sa.ForeignKeyConstraint(["checked_by_id"], ["app_user.id"], name=op.f("fk_factory_oem_checked_by_id")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_oem_factory_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_oem")),
    )
    with op.batch_alter_table("factory_oem", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_factory_oem_factory_id"), ["factory_id"], unique=False)

    op.create_table(
        "factory_tier_award",
        sa.Column("factory_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("tier", sa.String(length=10), nullable=False),
        sa.Column("state", sa.String(length=10), nullable=False),
        sa.Column("state_since", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("granted_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("expires_on", sa.Date(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("evidence", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("state IN ('active', 'revoked', 'expired')", name=op.f("ck_factory_tier_award_state")),
        sa.CheckConstraint("tier IN ('super', 'treasure', 'gold')", name=op.f("ck_factory_tier_award_tier")),
        sa.ForeignKeyConstraint(["factory_id"], ["factory.id"], name=op.f("fk_factory_tier_award_factory_id")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["app_user.id"], name=op.f("fk_factory_tier_award_granted_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_tier_award")),
    )
    with op.batch_alter_table("factory_tier_award", schema=None) as batch_op:
        batch_op.create_index("ix_factory_tier_award_expiry", ["state", "expires_on"], unique=False)
        batch_op.create_index("ix_factory_tier_award_factory", ["factory_id", "id"], unique=False)

    op.create_table(
        "factory_audit_check",
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("code", sa.String(length=30), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("does_not_apply", sa.Boolean(), nullable=False),
        sa.Column("note", sa.String(length=500), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("score BETWEEN 0 AND 5", name=op.f("ck_factory_audit_check_score")),
        sa.ForeignKeyConstraint(["audit_id"], ["factory_audit.id"], name=op.f("fk_factory_audit_check_audit_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_audit_check")),
        sa.UniqueConstraint("audit_id", "code", name=op.f("uq_factory_audit_check_audit_id_code")),
    )
    op.create_table(
        "factory_audit_decision",
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("score", sa.Integer(), nullable=True),
        sa.Column("checks", sa.JSON(), nullable=False),
        sa.Column("findings", sa.JSON(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decided_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["factory_audit.id"], name=op.f("fk_factory_audit_decision_audit_id")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["app_user.id"], name=op.f("fk_factory_audit_decision_decided_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_audit_decision")),
        sa.UniqueConstraint("audit_id", name=op.f("uq_factory_audit_decision_audit_id")),
    )
    op.create_table(
        "factory_audit_finding",
        sa.Column("audit_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.Column("severity", sa.String(length=10), nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=True),
        sa.Column("closing_note", sa.Text(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("id", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), nullable=False),
        sa.CheckConstraint("severity IN ('critical', 'major', 'minor')", name=op.f("ck_factory_audit_finding_severity")),
        sa.ForeignKeyConstraint(["audit_id"], ["factory_audit.id"], name=op.f("fk_factory_audit_finding_audit_id")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["app_user.id"], name=op.f("fk_factory_audit_finding_closed_by_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_factory_audit_finding")),
    )
    with op.batch_alter_table("factory_audit_finding", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_factory_audit_finding_audit_id"), ["audit_id"], unique=False)
        batch_op.create_index("ix_factory_audit_finding_open", ["closed_at", "due_on"], unique=False)

    op.execute(
        {
            "sqlite": "CREATE TRIGGER factory_audit_decision_no_update BEFORE UPDATE ON factory_audit_decision BEGIN SELECT RAISE(ABORT, 'factory_audit_decision is append-only'); END",
            "postgresql": "CREATE FUNCTION factory_audit_decision_refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'factory_audit_decision is append-only'; END $$",
        }[op.get_bind().dialect.name]
    )
    op.execute(
        {
            "sqlite": "CREATE TRIGGER factory_audit_decision_no_delete BEFORE DELETE ON factory_audit_decision BEGIN SELECT RAISE(ABORT, 'factory_audit_decision is append-only'); END",
            "postgresql": "CREATE TRIGGER factory_audit_decision_no_change BEFORE UPDATE OR DELETE ON factory_audit_decision FOR EACH ROW EXECUTE FUNCTION factory_audit_decision_refuse()",
        }[op.get_bind().dialect.name]
    )
    op.bulk_insert(sa.table("industrial_cluster", *(sa.column(name) for name in CLUSTER)), [dict(zip(CLUSTER, row)) for row in CLUSTERS])
    op.bulk_insert(
        sa.table("factory_tier_criterion", *(sa.column(name) for name in CRITERION)), [dict(zip(CRITERION, row)) for row in CRITERIA]
    )
