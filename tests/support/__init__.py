"""What the tests share. Pytest's setting `pythonpath` is why they can import it."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
