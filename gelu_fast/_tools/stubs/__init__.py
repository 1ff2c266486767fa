"""The types of the functions for editors and type checkers, and the program that writes the
stubs."""
