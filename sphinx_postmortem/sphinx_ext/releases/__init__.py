"""Releases within a build: what an edition shows as statements, and the gate that compares it with what is approved."""
