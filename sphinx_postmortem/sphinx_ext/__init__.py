"""Adapters between ``core`` and Sphinx: directives, roles, domain, gate, output nodes."""
