from PyInstaller.utils.hooks import collect_data_files

datas = collect_data_files("gelu_fast", subdir="cuda/gelu_c")
datas += collect_data_files("gelu_fast", subdir="duckdb")
