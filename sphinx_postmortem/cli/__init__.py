"""The command ``sphinx-postmortem``."""
