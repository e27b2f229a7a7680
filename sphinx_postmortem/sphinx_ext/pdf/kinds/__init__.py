"""The three kinds of PDF that a postmortem is exported for (template section 12)."""
