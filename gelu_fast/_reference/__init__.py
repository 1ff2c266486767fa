"""Exact values, from the definitions in the table and without the kernels, and errors in ULP."""
