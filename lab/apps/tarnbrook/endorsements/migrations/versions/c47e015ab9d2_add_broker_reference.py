"""Add broker reference"""
from alembic import op

revision = "c47e015ab9d2"
down_revision = "3f1c9a7d20be"


def upgrade():
    op.execute("alter table endorsements add column broker_ref text")
