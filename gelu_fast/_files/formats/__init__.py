"""The formats of files, one module each; known.py lists them."""
