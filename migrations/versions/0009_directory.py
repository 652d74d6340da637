"""Partners of every kind: whom to ask for, what they do, whose section they are, and how they came.

The person noted for a partner so far becomes its first contact. Going back keeps the first one.
"""

import uuid

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

JSON = sa.JSON().with_variant(postgresql.JSONB(), "postgresql")

revision = "0009"
down_revision = "0008"
branch_labels = None
depends_on = None

SYSTEMS = (
    "'long_term_care', 'suicide_prevention', 'education', 'housing', 'local_tax', 'pension', "
    "'public_assistance', 'agriculture', 'debt', 'withdrawal', 'youth', 'offender_support', "
    "'health_insurance', 'labour', 'community_welfare', 'disability', 'child_welfare'"
)
OFFERS = (
    "'advice', 'housing', 'food', 'goods', 'work', 'money', 'allowances', 'health', 'care', "
    "'children', 'law', 'visits', 'place_to_be', 'other'"
)
STEPS = "'heads_told', 'desk_visited', 'troubles_heard', 'one_shared', 'first_one'"

PARTNERS = sa.table(
    "partners", sa.column("id"), sa.column("uuid"), sa.column("contact_person"), sa.column("name"),
    sa.column("kind"), sa.column("name_key"), sa.column("parent_id"),
)  # fmt: skip
CONTACTS = sa.table(
    "partner_contacts", sa.column("uuid"), sa.column("partner_id"), sa.column("position"),
    sa.column("name"), sa.column("role"),
)  # fmt: skip


def _row(name: str, *columns: sa.Column, rules: tuple[sa.Constraint, ...] = ()) -> None:
    """A table of numbered rows that belong to a partner and carry a uuid."""
    op.create_table(
        name,
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("uuid", sa.String(length=36), nullable=False),
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        *columns,
        *rules,
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f(f"fk_{name}_partner_id_partners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{name}")),
        sa.UniqueConstraint("uuid", name=op.f(f"uq_{name}_uuid")),
    )  # fmt: skip
    op.create_index(op.f(f"ix_{name}_partner_id"), name, ["partner_id"])


def _coded(name: str, column: str, codes: str, *columns: sa.Column) -> None:
    """A table that gives a partner each of some codes at most once."""
    op.create_table(
        name,
        sa.Column("partner_id", sa.Integer(), nullable=False),
        sa.Column(column, sa.String(40), nullable=False),
        *columns,
        sa.CheckConstraint(f"{column} IN ({codes})", name=op.f(f"ck_{name}_{column}")),
        sa.ForeignKeyConstraint(
            ["partner_id"], ["partners.id"], name=op.f(f"fk_{name}_partner_id_partners"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("partner_id", column, name=op.f(f"pk_{name}")),
    )  # fmt: skip


def upgrade() -> None:
    with op.batch_alter_table("partners") as batch_op:
        batch_op.add_column(sa.Column("uuid", sa.String(length=36), nullable=True))
        batch_op.add_column(sa.Column("parent_id", sa.Integer(), nullable=True))
        batch_op.add_column(sa.Column("does", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("fax", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("email", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("web", sa.String(length=1000), nullable=True))
        batch_op.add_column(sa.Column("office", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("postal_code", sa.String(length=40), nullable=True))
        batch_op.add_column(sa.Column("address", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("troubles", sa.Text(), nullable=True))
        batch_op.add_column(
            sa.Column("active", sa.Boolean(), nullable=False, server_default=sa.true())
        )
        batch_op.add_column(sa.Column("checked_on", sa.Date(), nullable=True))
        batch_op.add_column(sa.Column("changed_at", sa.DateTime(timezone=True), nullable=True))
    _row(
        "partner_contacts",
        sa.Column("name", sa.String(length=200), nullable=True),
        sa.Column("role", sa.String(length=200), nullable=True),
        sa.Column("phone", sa.String(length=40), nullable=True),
        sa.Column("extension", sa.String(length=40), nullable=True),
        sa.Column("best_time", sa.String(length=200), nullable=True),
        rules=(
            sa.CheckConstraint(
                "name IS NOT NULL OR role IS NOT NULL OR phone IS NOT NULL",
                name=op.f("ck_partner_contacts_somebody"),
            ),
        ),
    )
    _row(
        "partner_services",
        sa.Column("offer", sa.String(40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("for_whom", sa.String(length=1000), nullable=True),
        sa.Column("how_to_apply", sa.String(length=1000), nullable=True),
        sa.Column("fee", sa.String(length=200), nullable=True),
        sa.Column("languages", sa.String(length=200), nullable=True),
        rules=(sa.CheckConstraint(f"offer IN ({OFFERS})", name=op.f("ck_partner_services_offer")),),
    )
    _coded("partner_systems", "system", SYSTEMS)
    _coded("partner_steps", "step", STEPS, sa.Column("done_on", sa.Date(), nullable=False))
    op.create_table(
        "partner_imports",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("user_id", sa.Integer(), nullable=False),
        sa.Column("file_name", sa.String(length=200), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=True),
        sa.Column("state", sa.String(40), nullable=False),
        sa.Column("rows", JSON, nullable=False),
        sa.Column("notes", JSON, nullable=False),
        sa.Column("settled_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint(
            "state IN ('preview', 'taken_in', 'dropped')", name=op.f("ck_partner_imports_state")
        ),
        sa.ForeignKeyConstraint(
            ["user_id"], ["users.id"], name=op.f("fk_partner_imports_user_id_users"),
            ondelete="CASCADE",
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_partner_imports")),
    )  # fmt: skip
    op.create_index(op.f("ix_partner_imports_user_id"), "partner_imports", ["user_id"])
    _number_and_move_persons()
    with op.batch_alter_table("partners") as batch_op:
        batch_op.alter_column("uuid", existing_type=sa.String(length=36), nullable=False)
        batch_op.alter_column("active", existing_type=sa.Boolean(), server_default=None)
        batch_op.drop_column("contact_person")
        batch_op.drop_constraint(batch_op.f("uq_partners_kind_name_key"), type_="unique")
        batch_op.create_unique_constraint(batch_op.f("uq_partners_uuid"), ["uuid"])
        batch_op.create_check_constraint(batch_op.f("ck_partners_parent"), "parent_id <> id")
        batch_op.create_foreign_key(
            batch_op.f("fk_partners_parent_id_partners"), "partners", ["parent_id"], ["id"],
            ondelete="SET NULL",
        )  # fmt: skip
        batch_op.create_index(batch_op.f("ix_partners_parent_id"), ["parent_id"], unique=False)
    for name, columns, where in (
        ("uq_partners_name_alone", ["kind", "name_key"], "parent_id IS NULL"),
        ("uq_partners_name_in_parent", ["kind", "parent_id", "name_key"], "parent_id IS NOT NULL"),
    ):
        op.create_index(
            name, "partners", columns, unique=True,
            sqlite_where=sa.text(where), postgresql_where=sa.text(where),
        )  # fmt: skip


def _number_and_move_persons() -> None:
    """A uuid for every partner; whoever was to be asked for is its first contact."""
    connection = op.get_bind()
    rows = connection.execute(sa.select(PARTNERS.c.id, PARTNERS.c.contact_person)).all()
    for partner_id, person in rows:
        connection.execute(
            sa.update(PARTNERS).where(PARTNERS.c.id == partner_id).values(uuid=str(uuid.uuid4()))
        )
        if person:
            connection.execute(
                sa.insert(CONTACTS).values(
                    uuid=str(uuid.uuid4()), partner_id=partner_id, position=0, name=person
                )
            )


def downgrade() -> None:
    with op.batch_alter_table("partners") as batch_op:
        batch_op.add_column(sa.Column("contact_person", sa.String(length=200), nullable=True))
    _keep_first_persons()
    _tell_namesakes_apart()
    op.drop_index("uq_partners_name_in_parent", table_name="partners")
    op.drop_index("uq_partners_name_alone", table_name="partners")
    with op.batch_alter_table("partners") as batch_op:
        batch_op.drop_index(batch_op.f("ix_partners_parent_id"))
        batch_op.drop_constraint(batch_op.f("fk_partners_parent_id_partners"), type_="foreignkey")
        batch_op.drop_constraint(batch_op.f("ck_partners_parent"), type_="check")
        batch_op.drop_constraint(batch_op.f("uq_partners_uuid"), type_="unique")
        batch_op.create_unique_constraint(
            batch_op.f("uq_partners_kind_name_key"), ["kind", "name_key"]
        )
    with op.batch_alter_table("partners") as batch_op:
        for name in (
            "uuid", "parent_id", "does", "fax", "email", "web", "office", "postal_code", "address",
            "troubles", "active", "checked_on", "changed_at",
        ):  # fmt: skip
            batch_op.drop_column(name)
    for name in (
        "partner_imports", "partner_steps", "partner_systems", "partner_services",
        "partner_contacts",
    ):  # fmt: skip
        op.drop_table(name)


def _keep_first_persons() -> None:
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(CONTACTS.c.partner_id, CONTACTS.c.name, CONTACTS.c.role)
        .order_by(CONTACTS.c.partner_id, CONTACTS.c.position.desc())
    ).all()  # fmt: skip
    for partner_id, name, role in rows:  # the first contact is written last and stays
        connection.execute(
            sa.update(PARTNERS)
            .where(PARTNERS.c.id == partner_id)
            .values(contact_person=name or role)
        )


def _tell_namesakes_apart() -> None:
    """Sections of one name in two organisations take the number with them, as one name was one."""
    connection = op.get_bind()
    rows = connection.execute(
        sa.select(PARTNERS.c.id, PARTNERS.c.kind, PARTNERS.c.name_key, PARTNERS.c.name)
        .order_by(PARTNERS.c.id)
    ).all()  # fmt: skip
    seen: set[tuple[str, str]] = set()
    for partner_id, kind, key, name in rows:
        if (kind, key) in seen:
            connection.execute(
                sa.update(PARTNERS)
                .where(PARTNERS.c.id == partner_id)
                .values(name=f"{name[:180]}（{partner_id}）", name_key=f"{key[:180]}({partner_id})")
            )
        seen.add((kind, key))
