"""The records within Sphinx: the domain, its roles, and the texts that records hold."""
