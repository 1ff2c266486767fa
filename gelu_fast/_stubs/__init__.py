"""Types of the functions, for editors and type checkers, and what writes them from the table."""
