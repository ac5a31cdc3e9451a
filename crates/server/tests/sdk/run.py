"""Drives the providers' own SDKs through the gateway and holds the ledger against the provider's invoice.

`cargo xtask test` runs this in a virtual environment with the pinned SDKs. By hand:

    TOLLGATE_GATEWAY_BIN=… TOLLGATE_SIMULATOR_BIN=… TOLLGATE_TEST_PG=postgres://… python run.py [sqlite|postgres]

Prints one line per case and a closing line; the exit code is 0 only when nothing failed.
"""

import os
import signal
import sys
import warnings
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))

# A proxy of this machine must not stand between the SDKs and the loopback.
for name in [name for name in os.environ if name.lower().endswith("_proxy")]:
    del os.environ[name]
# What an SDK would take from the environment instead of the arguments under test.
for name in [name for name in os.environ if name.split("_")[0] in ("OPENAI", "ANTHROPIC", "GOOGLE", "GEMINI")]:
    del os.environ[name]
# The price list has models that an SDK calls old.
warnings.simplefilter("ignore", DeprecationWarning)

from suite import (  # noqa: E402
    anthropic_cases,
    books,
    deferred_cases,
    error_cases,
    gemini_cases,
    media_cases,
    openai_cases,
    pass_through_cases,
)
from suite.database import BACKENDS  # noqa: E402
from suite.report import Report  # noqa: E402
from suite.world import World  # noqa: E402

# The books come last: they are about everything the others have sent.
CASES = [
    *openai_cases.CASES,
    *media_cases.CASES,
    *anthropic_cases.CASES,
    *gemini_cases.CASES,
    *pass_through_cases.CASES,
    *error_cases.CASES,
    *books.CASES,
]


def main(arguments: list[str]) -> int:
    unknown = [argument for argument in arguments if argument not in BACKENDS]
    if unknown:
        print(f"{unknown[0]} is no database; known are {', '.join(BACKENDS)}", file=sys.stderr)
        return 2
    # So that children are ended and directories removed when this process is told to stop.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))
    report = Report()
    for backend in arguments or list(BACKENDS):
        report.backend = backend
        with report.setting_up(), World(BACKENDS[backend]) as world:
            for case in CASES:
                report.run(case, world)
            report.run(world.stops_in_order, world)
            if report.failed:
                world.show_logs()
        with report.setting_up(), World(BACKENDS[backend], deferred=True) as world:
            for case in deferred_cases.CASES:
                report.run(case, world)
            if report.failed:
                world.show_logs()
    report.close()
    return 1 if report.failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
