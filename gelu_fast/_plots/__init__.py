"""Draws pictures with matplotlib."""
