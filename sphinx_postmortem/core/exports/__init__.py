"""The data files of an edition, and the manifest that says what was published."""
