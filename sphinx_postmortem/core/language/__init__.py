"""The language that readers see: texts through catalogues, and the names of things in several languages."""
