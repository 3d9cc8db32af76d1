"""keep the customer's VAT id with the invoice

Revision ID: 0002
Revises: 0001
"""
import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"


def upgrade():
    op.add_column("invoices", sa.Column("vat_id", sa.String(32), nullable=True))
    op.create_index("invoices_vat_id", "invoices", ["vat_id"])


def downgrade():
    op.drop_index("invoices_vat_id", "invoices")
    op.drop_column("invoices", "vat_id")
