"""Create endorsements"""
from alembic import op

revision = "3f1c9a7d20be"
down_revision = None


def upgrade():
    op.execute("create table endorsements (id bigint primary key, policy bigint not null)")
