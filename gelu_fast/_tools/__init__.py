"""What other programs need: the types for type checkers, and a hook for PyInstaller."""
