"""Applies a function to the numbers in a file or a store, and writes a new one of the same format
that appears only when it is complete."""
