"""The simulated provider, a process of its own."""

import os
from pathlib import Path

from . import http
from .process import Process

CREDENTIAL = "sim-credential"


class Simulator:
    """Answers like a provider and keeps its own invoice."""

    def __init__(self, log: Path):
        self._process = Process([os.environ["TOLLGATE_SIMULATOR_BIN"], "--credential", CREDENTIAL], log)
        self.base_url = self._process.address

    def script(self, model: str, **script):
        """What every request for the model gets from now on."""
        self._control("script", {"model": model, "script": script})

    def script_next(self, model: str, **script):
        """What the next request for the model gets."""
        self._control("script", {"model": model, "times": 1, "script": script})

    def invoice(self) -> list[dict]:
        return http.call("GET", f"{self.base_url}/_sim/invoice")

    def stop(self):
        self._process.kill()

    def _control(self, operation: str, body: dict):
        http.call("POST", f"{self.base_url}/_sim/{operation}", body)
