"""Private ufuncs whose loops are NumPy expressions: functions with further parameters."""
