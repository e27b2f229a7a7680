"""Tries extensions of others on a small site with hidden content, and writes which of them work."""
