"""Why litellm or genai-prices differ from us in a rate, as far as that can be told from the map's entry and the rates.

The first reason that fits is the one; `rulings.toml` says for each who is right and by whose word.
"""

from fnmatch import fnmatchcase
from functools import partial

BATCH = "batches"
QWEN = ("dashscope", "qwencloud", "qwen_ai_platform")
FIELDS = {
    "input": "input_cost_per_token", "output": "output_cost_per_token", "reasoning": "output_cost_per_token",
    "cache_read": "cache_read_input_token_cost", "cache_write_5m": "cache_creation_input_token_cost",
    "cache_write_1h": "cache_creation_input_token_cost_above_1hr", "audio_input": "input_cost_per_audio_token",
    "audio_output": "output_cost_per_audio_token", "audio_cache_read": "cache_read_input_audio_token_cost",
}


def same_rate(a, b):
    return abs(a - b) <= 1e-6 * max(abs(a), abs(b)) + 1e-15


def batch_input(d):
    """The batch input rates of the entry, flat and by band."""
    return [float(value) for key, value in d.entry.items()
            if key.startswith("input_cost_per_token") and key.endswith(BATCH) and value is not None]


def half_input(d):
    return (d.listed("input_cost_per_token") or 0.0) / 2


def in_band(d):
    return "above band" in d.case.kind


LITELLM = [
    ("fireworks_tier_dropped", lambda d: d.provider == "fireworks_ai" and d.case.tier
        and (d.theirs_is(FIELDS.get(d.meter, "")) or same_rate(d.theirs, half_input(d)))),
    ("perplexity_cache_and_bands_ignored", lambda d: d.provider == "perplexity"
        and d.theirs_is("input_cost_per_token" if d.meter.startswith(("input", "cache")) else "output_cost_per_token")),
    ("thinking_prices_all_output", lambda d: d.provider in QWEN and d.meter == "output" and "reasoning" in d.case.usage),
    ("cached_audio_without_a_rate", lambda d: d.meter == "audio_cache_read" and d.ours_is("input_cost_per_audio_token")
        and d.theirs_is("cache_read_input_token_cost", "input_cost_per_token")),
    ("audio_tier_dropped", lambda d: d.meter == "audio_input" and d.case.tier and d.theirs_is(FIELDS["audio_input"])),
    ("batch_cache_hit_as_input", lambda d: d.case.tier == BATCH and d.meter == "cache_read"
        and any(same_rate(d.theirs, rate) for rate in batch_input(d))),
    ("batch_cache_write_as_input", lambda d: d.case.tier == BATCH and d.meter.startswith("cache_write")
        and any(same_rate(d.theirs, rate) for rate in batch_input(d))),
    ("batch_1h_write_as_5m", lambda d: d.case.tier == BATCH and d.meter == "cache_write_1h"),
    ("batch_without_a_band", lambda d: d.case.tier == BATCH and in_band(d)
        and d.theirs_is(f"{FIELDS.get(d.meter)}_{BATCH}")),
    ("web_search_size", lambda d: d.meter == "web_search" and "search_context_cost_per_query" in d.entry and any(
        same_rate(d.theirs, float(rate)) for rate in d.entry["search_context_cost_per_query"].values())),
    ("another_entry", lambda d: d.resolved_elsewhere),
]

GENAI = [
    ("no_cache_rate_in_their_list", lambda d: d.meter.startswith("cache_") and same_rate(d.theirs, d.their_input)),
    ("no_modality_rate_in_their_list", lambda d: d.meter.startswith(("audio_", "image_", "video_"))
        and (same_rate(d.theirs, d.their_input) or same_rate(d.theirs, d.their_output))),
    ("no_search_price_in_their_list", lambda d: d.meter in ("web_search", "grounding_queries") and d.theirs == 0),
    ("no_band_in_their_list", lambda d: in_band(d) and d.theirs_is(FIELDS.get(d.meter, ""))),
    ("grounding_by_the_query", lambda d: "grounding_queries" in d.case.usage
        and d.meter in ("grounding_queries", "(per request)")),
    ("their_fee_per_request", lambda d: d.meter == "(per request)" and d.provider == "perplexity"),
    ("their_regional_price", lambda d: d.provider in ("bedrock", "bedrock_converse")
        and same_rate(d.theirs, d.ours * 1.1)),
]


def with_lists(table, rulings):
    """The table, and after it the rulings on models whose price is another in another list, in the order of the file."""
    lists = [ruling for (oracle, _), ruling in rulings.items() if oracle == "genai" and "models" in ruling]
    return table + [(ruling["id"], partial(concerns, ruling)) for ruling in lists]


def concerns(ruling, difference):
    if difference.meter == "(per request)" or difference.meter not in ruling.get("meters", [difference.meter]):
        return False
    return any(fnmatchcase(difference.case.model, pattern) for pattern in ruling["models"])


def of(table, difference):
    return next((name for name, fits in table if fits(difference)), None)
