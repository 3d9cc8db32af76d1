"""The bed board."""
