"""VERIS, the Vocabulary for Event Recording and Incident Sharing, version 1.4.1: its schema, blocks and records.

``verisc-merged.json`` is the schema of https://github.com/vz-risk/veris (commit 45d9d7a, June 2026), unchanged, under
the Creative Commons licence in ``LICENSE-VERIS.txt`` (CC BY-SA 4.0, Verizon).
"""
