"""Sheets for meetings, made from one published incident: the pack of a review meeting, and exercises."""
