"""Child processes that say on standard output where they listen."""

import queue
import re
import subprocess
import threading
from pathlib import Path

START_SECONDS = 60
STOP_SECONDS = 40
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class Process:
    """A program that has started once it has named its address."""

    def __init__(self, command: list[str], log: Path, **options):
        self.log = log
        self._log = log.open("wb")
        self._child = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=self._log, text=True, **options
        )
        # Reads on for as long as it runs: a program whose output nobody reads would stop.
        self._lines: queue.Queue[str | None] = queue.Queue()
        threading.Thread(target=self._read, daemon=True).start()
        try:
            self.address = self._wait_for_address()
        except BaseException:
            self.kill()
            raise

    def stop(self) -> int:
        """SIGTERM; its exit code."""
        self._child.terminate()
        try:
            return self._child.wait(STOP_SECONDS)
        finally:
            self.kill()

    def kill(self):
        if self._child.poll() is None:
            self._child.kill()
            self._child.wait()
        self._log.close()

    def _read(self):
        for line in self._child.stdout:
            self._lines.put(line)
        self._lines.put(None)

    def _wait_for_address(self) -> str:
        while (line := self._lines.get(timeout=START_SECONDS)) is not None:
            if found := ADDRESS.search(line):
                return found.group()
        raise RuntimeError(f"{self._child.args[0]} ended before it listened: {self.log.read_text()[-2000:]}")
