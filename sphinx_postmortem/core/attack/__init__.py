"""MITRE ATT&CK: the techniques that incidents and actions name."""
