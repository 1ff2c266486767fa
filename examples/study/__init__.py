"""The parts of activation_study.py."""
