"""Names and formulas that other frameworks have for the functions."""
