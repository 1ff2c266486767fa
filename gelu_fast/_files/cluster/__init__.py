"""Applies a function to many files, each a part of the job, on the workers of Dask."""
