"""Names and formulas of the functions in other frameworks."""
