"""`selfcheck`, which measures the errors of the functions on this computer against `_reference`."""
