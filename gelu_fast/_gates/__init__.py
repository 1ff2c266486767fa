"""Gates that are not ufuncs: on packed arrays, and at random."""
