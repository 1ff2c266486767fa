"""What other frameworks call the functions, and how they compute them."""
