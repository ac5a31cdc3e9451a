"""JSON over HTTP without any SDK."""

import json
import urllib.error
import urllib.request

SECONDS = 30


class HttpError(Exception):
    """An answer that is not a success."""


def call(method: str, url: str, body=None, token: str | None = None):
    """The JSON of a successful answer."""
    request = urllib.request.Request(url, method=method)
    if body is not None:
        request.data = json.dumps(body).encode()
        request.add_header("content-type", "application/json")
    if token:
        request.add_header("authorization", f"Bearer {token}")
    try:
        with urllib.request.urlopen(request, timeout=SECONDS) as answer:
            return json.load(answer)
    except urllib.error.HTTPError as error:
        raise HttpError(f"{method} {url}: {error.code} {error.read().decode(errors='replace')}") from None
