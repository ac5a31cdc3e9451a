"""What genai-prices says a case costs, and at which rates: it keeps a price list of its own."""

from dataclasses import replace

import genai_prices

# litellm's provider word to theirs.
PROVIDERS = {
    "anthropic": "anthropic", "azure": "azure", "bedrock": "aws", "bedrock_converse": "aws", "cerebras": "cerebras",
    "cohere": "cohere", "cohere_chat": "cohere", "deepseek": "deepseek", "fireworks_ai": "fireworks", "gemini": "google",
    "groq": "groq", "minimax": "minimax", "mistral": "mistral", "moonshot": "moonshotai", "novita": "novita",
    "openai": "openai", "perplexity": "perplexity", "together_ai": "together", "voyage": "voyageai", "xai": "x-ai",
    "zai": "zai",
}

# Our meter to their unit; their sums (`input_tokens`, `cache_read_tokens` …) are added in `usage_of`.
UNITS = {
    "input_audio_tokens": ("audio_input", "audio_cache_read"),
    "cache_audio_read_tokens": ("audio_cache_read",),
    "cache_read_tokens": ("cache_read", "audio_cache_read", "image_cache_read"),
    "cache_write_tokens": ("cache_write_5m", "cache_write_1h"),
    "cache_write_5m_tokens": ("cache_write_5m",),
    "cache_write_1h_tokens": ("cache_write_1h",),
    "input_image_tokens": ("image_input", "image_cache_read"),
    "input_video_tokens": ("video_input",),
    "input_tokens": ("input", "cache_read", "cache_write_5m", "cache_write_1h", "audio_input", "audio_cache_read",
                     "image_input", "image_cache_read", "video_input"),
    "output_audio_tokens": ("audio_output",),
    "output_image_tokens": ("image_output",),
    "output_reasoning_tokens": ("reasoning",),
    "output_tokens": ("output", "reasoning", "audio_output", "image_output"),
    "web_searches": ("web_search", "grounding_queries"),
}


def usage_of(usage):
    counts = {unit: sum(usage.get(meter, 0) for meter in meters) for unit, meters in UNITS.items()}
    return genai_prices.Usage(**{unit: count for unit, count in counts.items() if count})


def price(case, entry):
    """Their calculation, or None where they have no such model at this provider."""
    provider = PROVIDERS.get(entry["litellm_provider"])
    if provider is None or case.tier:
        return None
    name = case.model.removeprefix(entry["litellm_provider"] + "/")
    try:
        return genai_prices.calc_price(usage_of(case.usage), name, provider_id=provider, genai_request_timestamp=case.at)
    except LookupError:
        return None


def text_rates(case, ask, theirs):
    """Their rates for one more token of plain input and of plain output."""
    step = -1 if "at band" in case.kind else 1
    rates = []
    for meter in ("input", "output"):
        usage = {**case.usage, meter: case.usage.get(meter, 1000) + step}
        base = theirs if meter in case.usage else ask(replace(case, usage={**case.usage, meter: 1000}))
        rates.append((ask(replace(case, usage=usage)) - base) / step)
    return rates
