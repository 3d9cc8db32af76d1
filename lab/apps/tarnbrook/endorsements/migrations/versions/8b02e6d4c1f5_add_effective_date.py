"""Add effective date"""
from alembic import op

revision = "8b02e6d4c1f5"
down_revision = "3f1c9a7d20be"


def upgrade():
    op.execute("alter table endorsements add column effective date")
