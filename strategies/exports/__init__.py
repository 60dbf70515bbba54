"""Strategies as files: one module for each format, one walk through the document for all that are read."""
