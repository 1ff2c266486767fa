"""`selfcheck`: the errors of the functions on this computer, against `_reference`."""
