"""Gates that are not ufuncs: gates on packed arrays, and a random gate."""
