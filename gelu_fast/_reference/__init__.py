"""Exact values of the functions, computed from the table's definitions without the kernels, and
errors in ULP."""
