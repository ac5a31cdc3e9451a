"""Usage vectors for every chat, responses and embedding model of the map: plain, cached, written, reasoning, audio,
images, at and above each context band, in each service tier the entry names, with web searches where they are priced.

A vector is disjoint: each token is in one meter. Counts are odd on purpose, so that two meters cannot stand in for
each other unseen.
"""

import re
from dataclasses import dataclass, field
from datetime import UTC, datetime

MODES = ("chat", "responses", "embedding")
TIERS = ("priority", "flex", "batches", "balanced", "ultrafast")
# A working day outside every provider's night rates, and an evening inside of them.
DAY = datetime(2026, 11, 25, 8, 30, tzinfo=UTC)
EVENING = datetime(2026, 11, 25, 18, 15, tzinfo=UTC)
BAND = re.compile(r"_above_(\d+)k_tokens")


@dataclass(frozen=True)
class Case:
    id: int
    model: str
    kind: str
    usage: dict = field(hash=False)
    tier: str = ""
    at: datetime = DAY


def models(book):
    """The entries that are priced by the token, by name."""
    for name, entry in sorted(book.items()):
        if isinstance(entry, dict) and name != "sample_spec" and entry.get("mode") in MODES:
            yield name, entry


def of_map(book):
    cases = []
    for name, entry in models(book):
        for kind, tier, usage in vectors(name, entry):
            cases.append(Case(len(cases), name, kind, usage, tier))
            if "off_peak_pricing" in entry:
                cases.append(Case(len(cases), name, f"{kind}, evening", usage, tier, EVENING))
    return cases


def vectors(name, entry):
    """(kind, tier, usage) for one entry."""
    if entry["mode"] == "embedding":
        yield "plain", "", {"input": 1013}
        for threshold in thresholds(entry):
            yield "at band", "", {"input": threshold}
            yield "above band", "", {"input": threshold + 1}
        return
    yield "plain", "", {"input": 1013, "output": 509}
    yield "cache read", "", {"input": 1013, "cache_read": 3019, "output": 509}
    yield "reasoning", "", {"input": 1013, "output": 307, "reasoning": 211}
    if any("cache_creation" in key for key in entry):
        yield "write 5m", "", {"input": 1013, "cache_read": 3019, "cache_write_5m": 2003, "output": 509}
        yield "write 1h", "", {"input": 1013, "cache_write_5m": 2003, "cache_write_1h": 1201, "output": 509}
    if "input_cost_per_audio_token" in entry:
        yield "audio in", "", {"input": 1013, "audio_input": 701, "output": 509}
        yield "cached audio", "", {"input": 1013, "cache_read": 401, "audio_input": 701, "audio_cache_read": 199,
                                   "output": 509}
    if "output_cost_per_audio_token" in entry:
        yield "audio out", "", {"input": 1013, "output": 509, "audio_output": 811}
    if "input_cost_per_image_token" in entry:
        yield "image in", "", {"input": 1013, "image_input": 601, "output": 509}
    if "output_cost_per_image_token" in entry:
        yield "image out", "", {"input": 1013, "output": 509, "image_output": 1291}
    if "input_cost_per_video_token" in entry:
        yield "video in", "", {"input": 1013, "video_input": 907, "output": 509}
    if "search_context_cost_per_query" in entry:
        yield "web search", "", {"input": 1013, "output": 509, searches(name, entry): 3}
    yield from banded(entry, "")
    for tier in TIERS:
        if any(key.endswith(f"_{tier}") or f"_{tier}_above_" in key for key in entry):
            yield "tier", tier, {"input": 1013, "output": 509}
            yield "tier, cache read", tier, {"input": 1013, "cache_read": 3019, "output": 509}
            if any("cache_creation" in key for key in entry):
                yield "tier, write 5m", tier, {"input": 1013, "cache_write_5m": 2003, "output": 509}
            if f"input_cost_per_audio_token_{tier}" in entry:
                yield "tier, audio in", tier, {"input": 1013, "audio_input": 701, "output": 509}
            yield from banded(entry, tier)


def searches(name, entry):
    """The meter of a search: Gemini's grounding, which most of its models bill once per prompt, or anyone else's."""
    google = entry["litellm_provider"].startswith(("gemini", "vertex_ai"))
    return "grounding_queries" if google and "claude" not in name else "web_search"


def banded(entry, tier):
    prefix = "tier, " if tier else ""
    for threshold in thresholds(entry):
        rest = threshold - 1009
        yield prefix + "at band", tier, {"input": 1009, "cache_read": rest, "output": 509}
        yield prefix + "above band", tier, {"input": 1010, "cache_read": rest, "output": 509}
        yield prefix + "above band, no cache", tier, {"input": threshold + 1, "output": 307, "reasoning": 211}
        if any("cache_creation" in key for key in entry):
            usage = {"input": 1013, "cache_read": rest, "cache_write_5m": 2003, "cache_write_1h": 1201, "output": 509}
            yield prefix + "above band, written", tier, usage


def thresholds(entry):
    found = {int(n) * 1000 for key in entry for n in BAND.findall(key)}
    for row in entry.get("tiered_pricing") or []:
        low = (row.get("range") or [0])[0]
        if low:
            found.add(int(low))
    return sorted(found)
