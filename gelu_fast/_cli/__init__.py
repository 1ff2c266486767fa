"""The command gelu-fast: one file for each subcommand."""
