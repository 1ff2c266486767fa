"""Statistics of activation functions on the numbers in a file."""
