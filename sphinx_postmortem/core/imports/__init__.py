"""Imports: one module per kind of source, all giving the same draft, which becomes a page."""
