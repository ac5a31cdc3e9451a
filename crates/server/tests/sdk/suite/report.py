"""One line per case."""

import contextlib
import time
import traceback


class Report:
    """Runs cases and counts them."""

    def __init__(self):
        self.backend = ""
        self.passed = 0
        self.failed = 0
        self.started = time.monotonic()

    def run(self, case, world):
        """Runs one case; what it returns is shown beside its name."""
        name = case.__name__.replace("_", " ")
        try:
            note = case(world)
        except Exception as error:
            self._fail(name, error)
            return
        self.passed += 1
        print(f"ok      {self.backend:8}  {name}{f' ({note})' if note else ''}", flush=True)

    @contextlib.contextmanager
    def setting_up(self):
        """A database that cannot be set up is a failure of its own; the next one still gets its turn."""
        try:
            yield
        except Exception as error:
            self._fail("set up and tear down", error)

    def close(self):
        seconds = round(time.monotonic() - self.started)
        print(f"{self.passed} passed, {self.failed} failed in {seconds} s", flush=True)

    def _fail(self, name, error):
        self.failed += 1
        print(f"FAILED  {self.backend:8}  {name}", flush=True)
        text = "".join(traceback.format_exception(error)).rstrip()
        print("\n".join(f"        {line}" for line in text.splitlines()), flush=True)
