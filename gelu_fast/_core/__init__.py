"""The C core as ufuncs: the extension, its table, dtypes, instruction sets and docstrings."""
