"""The parts of the SDK test; see `run.py`."""
