"""Who may see what: audiences, markings, page heads, rows of tables, files that are published whole, TLP labels."""
