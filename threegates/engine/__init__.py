"""Assumptions and definition joined, and turned into numbers."""
