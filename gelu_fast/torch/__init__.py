"""x"""
from ._functions import PLAIN
globals().update(PLAIN)
