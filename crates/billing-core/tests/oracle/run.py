"""Prices the same cases with our crate, with litellm and with genai-prices, and decides every disagreement.

`cargo xtask oracle` runs it. Exit code 1 on a disagreement without a ruling, or on a ruling whose count is not true.
"""

import argparse
import json
import logging
import os
import subprocess
import sys
import time
from collections import Counter, defaultdict
from dataclasses import replace
from pathlib import Path

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"

import litellm  # noqa: E402  after the variable above: it reads the map it ships with, nothing is fetched

import cases  # noqa: E402
import compare  # noqa: E402
import reasons  # noqa: E402
import rulings  # noqa: E402
import with_genai  # noqa: E402
import with_litellm  # noqa: E402

FEWEST_CASES = 5_000


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--prices", required=True, help="the built price_cases example")
    parser.add_argument("--write", action="store_true", help="put the counts found into rulings.toml")
    arguments = parser.parse_args()
    logging.disable(logging.CRITICAL)
    litellm.suppress_debug_info = True

    book = json.loads((Path(litellm.__file__).parent / "model_prices_and_context_window_backup.json").read_text())
    found = cases.of_map(book)
    answers = ours(arguments.prices, found)
    started = time.monotonic()
    report = Report()
    for case, answer in zip(found, answers, strict=True):
        against_litellm(report, case, book[case.model], answer)
        against_genai(report, case, book[case.model], answer)
    print(f"{len(found)} cases over {len({case.model for case in found})} models, "
          f"{time.monotonic() - started:.0f} s for the other libraries")
    if len(found) < FEWEST_CASES:
        sys.exit(f"only {len(found)} cases: the map was not read whole")
    sys.exit(report.close(arguments.write))


def ours(program, found):
    lines = [json.dumps({"id": case.id, "model": case.model, "tier": case.tier, "usage": case.usage,
                         "at": case.at.isoformat()}) for case in found]
    run = subprocess.run([program], input="\n".join(lines) + "\n", capture_output=True, text=True, check=True)
    return [json.loads(line) for line in run.stdout.splitlines()]


def against_litellm(report, case, entry, answer):
    try:
        theirs = with_litellm.cost(case, entry)
    except Exception as error:  # noqa: BLE001  an unmapped model raises a bare Exception
        return report.decide("litellm", "cannot_price", case, answer, type(error).__name__)
    elsewhere = not with_litellm.resolves_to_itself(case.model, with_litellm.provider_of(entry))
    if "error" in answer:
        silent = theirs == 0
        return report.decide("litellm", "unpriced_is_zero" if silent else "unpriced_meter_is_zero", case, answer, theirs)
    if compare.equal(float(answer["cost"]), theirs):
        return report.agree("litellm")
    differing = compare.differences(case, entry, answer["lines"], theirs, lambda probe: with_litellm.cost(probe, entry))
    differing = [replace(difference, resolved_elsewhere=elsewhere) for difference in differing]
    report.decide_all("litellm", reasons.LITELLM, differing, case, answer, theirs)


def against_genai(report, case, entry, answer):
    calculation = with_genai.price(case, entry)
    if calculation is None or "error" in answer:
        return
    theirs = float(calculation.total_price)
    if compare.equal(float(answer["cost"]), theirs):
        return report.agree("genai")
    ask = lambda probe: float(with_genai.price(probe, entry).total_price)  # noqa: E731
    differing = compare.differences(case, entry, answer["lines"], theirs, ask)
    their_input, their_output = with_genai.text_rates(case, ask, theirs)
    differing = [replace(difference, their_input=their_input, their_output=their_output) for difference in differing]
    report.decide_all("genai", report.genai, differing, case, answer, theirs)
    for difference in differing:
        reason = reasons.of(report.genai, difference)
        if reason and "models" in report.rulings["genai", reason]:
            report.prices.add(rulings.price_line(difference, report.rulings["genai", reason]))


class Report:
    def __init__(self):
        self.rulings = rulings.load()
        self.genai = reasons.with_lists(reasons.GENAI, self.rulings)
        self.agreed = Counter()
        self.counts = Counter()
        self.examples = defaultdict(list)
        self.undecided = []
        self.prices = set()

    def agree(self, oracle):
        self.agreed[oracle] += 1

    def decide_all(self, oracle, table, differing, case, answer, theirs):
        """One case counts once under each reason it differs for."""
        for reason in sorted({reasons.of(table, difference) or "" for difference in differing} or {""}):
            self.decide(oracle, reason or None, case, answer, theirs, differing)

    def decide(self, oracle, reason, case, answer, theirs, differing=()):
        key = (oracle, reason)
        if key not in self.rulings:
            rates = ", ".join(f"{d.meter} {d.ours:g} / {d.theirs:g}" for d in differing)
            said = answer.get("cost") or answer.get("error")
            self.undecided.append(f"{oracle} {reason}: {case.model} {case.kind} {case.tier} {case.usage}: "
                                  f"ours {said}, theirs {theirs} ({rates})")
            return
        self.counts[key] += 1
        self.examples[key].append(case.model)

    def close(self, write):
        for oracle in ("litellm", "genai"):
            ruled = {name: count for (of, name), count in self.counts.items() if of == oracle}
            print(f"\n{oracle}: {self.agreed[oracle]} agree")
            for name, count in sorted(ruled.items(), key=lambda item: -item[1]):
                ruling = self.rulings[oracle, name]
                print(f"{count:>6}  {name} (right: {ruling['right']}), e.g. {self.examples[oracle, name][0]}")
        print("\ndecided by right and ground:")
        decided = Counter()
        for key, count in self.counts.items():
            decided[self.rulings[key]["ground"], self.rulings[key]["right"]] += count
        for (ground, right), count in sorted(decided.items()):
            print(f"{count:>6}  {ground}: {right}")
        if write:
            rulings.rewrite(self.counts)
            rulings.rewrite_prices(self.prices)
        stale = [] if write else rulings.stale(self.rulings, self.counts)
        for line in sorted(self.prices - rulings.listed_prices()):
            self.undecided.append(f"a price that differs and is not in price-lists.tsv: {line}")
        for line in stale:
            print(f"the count of a ruling is not true any more, run with --write: {line}")
        for line in self.undecided[:40]:
            print(f"UNDECIDED {line}")
        print(f"\n{len(self.undecided)} undecided disagreements")
        return 1 if stale or self.undecided else 0


if __name__ == "__main__":
    main()
