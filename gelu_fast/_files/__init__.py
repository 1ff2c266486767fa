"""Reads .npy files in pieces, and writes output files that appear only when they are complete."""
