"""Holds the admin API against its own description: requests made from `docs/openapi.json`, answers checked against it.

`cargo xtask test` runs this in a virtual environment with the pinned Schemathesis. By hand:

    TOLLGATE_GATEWAY_BIN=… TOLLGATE_SIMULATOR_BIN=… TOLLGATE_TEST_PG=postgres://… \
        python run.py [--examples N] [--seed N] [--coverage] [sqlite|postgres]

The same seed makes the same requests. Nothing may answer 5xx, with a status, content type or header that is not
documented, with a body that is not as described, or accept what the description forbids. What is left out stands in
`exclusions.toml`, each with its reason. The exit code is 0 only when nothing failed.
"""

import argparse
import json
import os
import re
import subprocess
import sys
import tempfile
import time
import tomllib
from pathlib import Path

HERE = Path(__file__).parent
ROOT = HERE.parents[3]
DOCUMENT = ROOT / "docs" / "openapi.json"
sys.path.insert(0, str(HERE.parent / "sdk"))

# A proxy of this machine must not stand between Schemathesis and the loopback.
for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]

from suite import http  # noqa: E402
from suite.database import BACKENDS  # noqa: E402
from suite.gateway import ADMIN_TOKEN, Gateway  # noqa: E402
from suite.simulator import CREDENTIAL, Simulator  # noqa: E402

CHECKS = [
    "not_a_server_error",
    "status_code_conformance",
    "content_type_conformance",
    "response_headers_conformance",
    "response_schema_conformance",
    "negative_data_rejection",
    "missing_required_header",
    "unsupported_method",
    "ignored_auth",
]


def exclusions() -> list[dict]:
    """Every exclusion names an operation that exists, checks that are made, and why."""
    paths = json.loads(DOCUMENT.read_text())["paths"]
    known = {operation["operationId"] for item in paths.values() for operation in item.values()}
    found = tomllib.loads((HERE / "exclusions.toml").read_text()).get("exclude", [])
    for entry in found:
        operation, checks = entry["operation"], entry.get("checks", [])
        assert operation in known or operation == "*", f"exclusions.toml: there is no operation {operation}"
        assert set(checks) <= set(CHECKS), f"exclusions.toml: {operation}: unknown checks in {checks}"
        assert len(entry["reason"]) > 20, f"exclusions.toml: {operation}: no reason"
    return found


# What a body that is not as described may be answered with. A precondition is looked at before the body, and an address
# from which wrong tokens came, which the runs send too, is held up before anything else.
REFUSALS = [400, 401, 403, 404, 405, 406, 409, 412, 413, 415, 422, 429]


def configuration(excluded: list[dict], ids: dict[str, str]) -> str:
    """The same in Schemathesis' own words, and the identifiers that it could not guess."""
    statuses = ", ".join(f'"{status}"' for status in REFUSALS)
    lines = [f"checks.negative_data_rejection.expected-statuses = [{statuses}]"]
    for operation, method, path, parameter in with_identifiers():
        known = next((ids[start] for start in ids if path.startswith(start)), None)
        # What is removed would not be there for the others; a number in place of one out of bounds is no fault.
        if method == "delete" or path == "/api/admin/audit-log/{id}":
            continue
        assert known, f"nothing of what {method} {path} is about is made: see fill()"
        if path.endswith("/test"):
            known = ids["tested upstream"]
        lines += ["[[operations]]", f'include-operation-id = "{operation}"']
        lines.append(f'parameters."path.{parameter}" = "{known}"')
    for entry in (entry for entry in excluded if entry["operation"] != "*"):
        lines += ["[[operations]]", f'include-operation-id = "{entry["operation"]}"']
        if checks := entry.get("checks"):
            lines += [f"checks.{check}.enabled = false" for check in checks]
        else:
            lines.append("enabled = false")
    return "\n".join(lines) + "\n"


def with_identifiers() -> list[tuple[str, str, str, str]]:
    """The operations on one thing: their ids, methods and paths, and how the path names its identifier."""
    found = []
    for path, item in json.loads(DOCUMENT.read_text())["paths"].items():
        if match := re.search("{(.*)}", path):
            found += [(operation["operationId"], method, path, match[1]) for method, operation in item.items()]
    return found


def fill(gateway: Gateway, provider: Simulator) -> dict[str, str]:
    """Something of everything, so that lists and sums are not empty; the identifiers, by the beginning of their paths."""
    upstreams = {}
    for name, protocol, provider_name in [
        ("openai", "openai_chat", "openai"),
        ("anthropic", "anthropic_messages", "anthropic"),
        # Whatever address the edits give the others, what is sent by tests goes to the simulator.
        ("tested", "openai_completions", "openai"),
    ]:
        upstreams[name] = gateway.post(
            "/upstreams",
            {
                "name": name,
                "provider": provider_name,
                "protocols": [protocol],
                "base_url": provider.base_url,
                "credential": CREDENTIAL,
            },
        )["id"]
    key = gateway.post("/keys", {"name": "contract", "owner": "alice", "tags": ["test"]})
    admin = gateway.post("/tokens", {"name": "contract", "role": "viewer"})
    price = {"model": "mine", "input_usd_per_mtok": "1", "output_usd_per_mtok": "2"}
    override = gateway.post("/billing/overrides", price)
    alias = gateway.post("/billing/aliases", {"alias": "house-mini", "target": "gpt-4o-mini"})
    for model in ["gpt-4o", "mine", "nobody-knows-me"]:
        body = {"model": model, "messages": [{"role": "user", "content": "Hello"}]}
        http.call("POST", f"{gateway.base_url}/v1/chat/completions", body, token=key["token"])
    deadline = time.monotonic() + 30
    while len(logs := gateway.request_logs()) < 3:
        assert time.monotonic() < deadline, "the requests are not in the database"
        time.sleep(0.1)
    request = logs[0]["request_id"]
    return {
        "tested upstream": upstreams["tested"],
        "/api/admin/upstreams/": upstreams["openai"],
        "/api/admin/billing/upstream-multipliers/": upstreams["openai"],
        "/api/admin/keys/": key["key"]["id"],
        "/api/admin/tokens/": admin["admin_token"]["id"],
        "/api/admin/billing/overrides/": override["override"]["id"],
        "/api/admin/billing/aliases/": alias["alias"]["id"],
        "/api/admin/billing/requests/": request,
        "/api/admin/request-logs/": request,
        "/api/admin/billing/attention/": gateway.get("/billing/attention")["items"][0]["id"],
        "/api/admin/billing/prices/releases/": gateway.get("/billing/prices/releases")["items"][0]["id"],
        "/api/admin/system/jobs/": "access_cleanup",
    }


def check(gateway: Gateway, ids: dict[str, str], directory: Path, arguments: argparse.Namespace) -> bool:
    config = directory / "schemathesis.toml"
    excluded = exclusions()
    config.write_text(configuration(excluded, ids))
    everywhere = {check for entry in excluded if entry["operation"] == "*" for check in entry["checks"]}
    phases = "examples,coverage,fuzzing" if arguments.coverage else "examples,fuzzing"
    command = [
        str(Path(sys.executable).parent / "schemathesis"),
        "--config-file",
        str(config),
        "run",
        str(DOCUMENT),
        "--url",
        gateway.base_url,
        "--header",
        f"Authorization: Bearer {ADMIN_TOKEN}",
        "--checks",
        ",".join(check for check in CHECKS if check not in everywhere),
        "--phases",
        phases,
        "--max-examples",
        str(arguments.examples),
        "--seed",
        str(arguments.seed),
        "--generation-database",
        "none",
        "--continue-on-failure",
        "--request-timeout",
        "30",
        "--suppress-health-check",
        "all",
        "--no-color",
    ]
    return subprocess.run(command, cwd=directory, stdin=subprocess.DEVNULL).returncode == 0


def main() -> int:
    parser = argparse.ArgumentParser()
    parser.add_argument("--examples", type=int, default=10)
    parser.add_argument("--seed", type=int, default=20261126)
    parser.add_argument("--coverage", action="store_true", help="every documented bound as well")
    parser.add_argument("backends", nargs="*", default=list(BACKENDS))
    arguments = parser.parse_args()
    failed = []
    for backend in arguments.backends:
        with tempfile.TemporaryDirectory(prefix="tollgate-contract-") as name:
            directory = Path(name)
            provider = Simulator(directory / "provider.log")
            with BACKENDS[backend](directory) as url:
                log = directory / "gateway.log"
                gateway = Gateway(directory, url, log, {})
                try:
                    ids = fill(gateway, provider)
                    print(f"=== the admin API on {backend}", flush=True)
                    fine = check(gateway, ids, directory, arguments)
                    code = gateway.stop()
                finally:
                    gateway.kill()
                    provider.stop()
                if not fine or code != 0:
                    failed.append(backend)
                    print(f"the gateway's own log:\n{log.read_text()[-4000:]}", flush=True)
    print(f"failed: {', '.join(failed)}" if failed else "the admin API is as it is described", flush=True)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
