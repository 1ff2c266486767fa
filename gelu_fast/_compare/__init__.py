"""What activation functions make of the numbers in a file."""
