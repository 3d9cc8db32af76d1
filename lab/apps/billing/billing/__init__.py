"""Billing API: invoices over HTTP, PostgreSQL behind it."""
__version__ = "2.4.0"
