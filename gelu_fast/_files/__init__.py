"""Files: .npy files read in pieces, and output files that appear only when they are whole."""
