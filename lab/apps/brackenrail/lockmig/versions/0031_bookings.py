"""bookings"""
from alembic import op

revision, down_revision = "0031", None


def upgrade():
    op.execute("create table if not exists bookings (id bigserial primary key, train text not null, berth int)")
