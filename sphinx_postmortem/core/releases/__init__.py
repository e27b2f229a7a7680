"""Releases: the text of an edition that people have approved, as files that a pull request shows line by line."""
