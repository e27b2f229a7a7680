"""Benchmarks: knowledge bases of any size in four forms with the same content, and the command that measures them."""
