"""Writes the data files of an edition."""
