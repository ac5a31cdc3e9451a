"""The gateway under test, a process of its own, and its admin API."""

import os
from pathlib import Path

from . import http
from .process import Process

# For tests only: base64 of 32 bytes, and a token long enough to be accepted.
SECRET_KEY = "AAECAwQFBgcICQoLDA0ODxAREhMUFRYXGBkaGxwdHh8="
ADMIN_TOKEN = "tga-token-for-tests-only"


class Gateway:
    """A gateway with a data directory of its own."""

    def __init__(self, directory: Path, database_url: str, log: Path, more: dict[str, str]):
        data = directory / "data"
        settings = {
            "TOLLGATE_DATA_DIR": str(data),
            "TOLLGATE_LISTEN": "127.0.0.1:0",
            "TOLLGATE_SECRET_KEY": SECRET_KEY,
            "TOLLGATE_ADMIN_TOKEN": ADMIN_TOKEN,
            "TOLLGATE_PRICES__SYNC__ENABLED": "false",
            # On demand prices can be synced all the same, and nothing here may ask the world for them.
            "TOLLGATE_PRICES__SYNC__URLS": '["http://127.0.0.1:9/none.json"]',
            "TOLLGATE_PRICES__SYNC__TRIES": "1",
            "TOLLGATE_LOG": os.environ.get("TOLLGATE_LOG", "info"),
            "DATABASE_URL": database_url,
        } | more
        environment = {name: value for name, value in os.environ.items() if not name.startswith("TOLLGATE_")}
        # Its own directory, so that no configuration file of the caller's is found.
        self._process = Process(
            [os.environ["TOLLGATE_GATEWAY_BIN"]], log, cwd=directory, env=environment | settings
        )
        self.base_url = self._process.address

    def get(self, path: str):
        return http.call("GET", f"{self.base_url}/api/admin{path}", token=ADMIN_TOKEN)

    def post(self, path: str, body: dict):
        return http.call("POST", f"{self.base_url}/api/admin{path}", body, token=ADMIN_TOKEN)

    def request_logs(self) -> list[dict]:
        """All of them, newest first, page by page."""
        rows, cursor = [], ""
        while True:
            page = self.get(f"/request-logs?limit=20{cursor}")
            rows += page["items"]
            if page["next_cursor"] is None:
                return rows
            cursor = f"&cursor={page['next_cursor']}"

    def receipt(self, request_id: str) -> dict:
        return self.get(f"/billing/requests/{request_id}/receipt")

    def stop(self) -> int:
        return self._process.stop()

    def kill(self):
        self._process.kill()
