"""Modules that the tests share. They can import them because of pytest's setting `pythonpath`."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
