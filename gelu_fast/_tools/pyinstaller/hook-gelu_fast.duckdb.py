# DuckDB loads its extension as a file.
from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("gelu_fast", subdir="duckdb")
