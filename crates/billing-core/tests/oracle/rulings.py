"""The committed decisions: for each reason two libraries can differ for, who is right and by whose word."""

import re
import sys
import tomllib
from pathlib import Path

FILE = Path(__file__).with_name("rulings.toml")
LISTS = Path(__file__).with_name("price-lists.tsv")


RIGHT = ("tollgate", "litellm", "genai", "both", "neither")
GROUNDS = ("published", "unknown_is_not_zero", "exact_names", "more_specific", "later", "consistent", "one_source")


def load():
    """By oracle and id, in the order of the file; every ruling decides, says on which ground, and names its source."""
    rulings = {(ruling["oracle"], ruling["id"]): ruling for ruling in tomllib.loads(FILE.read_text())["ruling"]}
    for (oracle, name), ruling in rulings.items():
        if ruling["right"] not in RIGHT or ruling["ground"] not in GROUNDS or not ruling["source"].strip():
            sys.exit(f"{oracle}.{name} decides nothing: {ruling['right']} on the ground {ruling['ground']}")
    return rulings


def stale(rulings, counts):
    """Rulings whose count is not what was found now: `oracle.id: committed -> found`."""
    return [f"{oracle}.{name}: {ruling['cases']} -> {counts.get((oracle, name), 0)}"
            for (oracle, name), ruling in rulings.items() if ruling["cases"] != counts.get((oracle, name), 0)]


def rewrite(counts):
    """Puts the counts found now into the file; everything else stays as written."""
    text, blocks = FILE.read_text(), []
    for block in re.split(r"(?=^\[\[ruling\]\]$)", text, flags=re.MULTILINE):
        if block.startswith("[[ruling]]"):
            ruling = tomllib.loads(block)["ruling"][0]
            found = counts.get((ruling["oracle"], ruling["id"]), 0)
            block = re.sub(r"^cases = \d+$", f"cases = {found}", block, flags=re.MULTILINE)
        blocks.append(block)
    FILE.write_text("".join(blocks))


def listed_prices():
    """The differences between the map's prices and genai-prices' own that are known, as lines."""
    return {line for line in LISTS.read_text().splitlines() if not line.startswith("#")}


def price_line(difference, ruling):
    """`model, meter, our rate, their rate, who is right, ruling`, rates in USD per million."""
    rates = (f"{rate * 1e6:.9g}" for rate in (difference.ours, difference.theirs))
    return "\t".join((difference.case.model, difference.meter, *rates, ruling["right"], ruling["id"]))


def rewrite_prices(lines):
    head = "# model, meter, the map's rate, genai-prices' rate (USD per million), who is right, by which ruling\n"
    LISTS.write_text(head + "".join(f"{line}\n" for line in sorted(lines)))
