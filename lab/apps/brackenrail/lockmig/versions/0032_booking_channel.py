"""booking channel"""
from alembic import op

revision, down_revision = "0032", "0031"


def upgrade():
    op.execute("alter table bookings add column channel text not null default 'counter'")
