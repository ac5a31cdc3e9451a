"""What litellm says a case costs."""

import litellm
from litellm.litellm_core_utils.llm_cost_calc import utils as calculation
from litellm.litellm_core_utils.llm_cost_calc.tool_call_cost_tracking import StandardBuiltInToolCostTracking
from litellm.types.llms.openai import ResponsesAPIResponse
from litellm.types.utils import Usage

# How the map spells providers that litellm calls by another name.
PROVIDERS = {
    "bedrock_converse": "bedrock",
    "vertex_ai_beta": "vertex_ai",
    "text-completion-openai": "openai",
    "azure_text": "azure",
}


def provider_of(entry):
    name = entry["litellm_provider"]
    if name.startswith("vertex_ai-"):
        return "vertex_ai"
    return PROVIDERS.get(name, name)


def usage_object(usage):
    """The counters as an OpenAI-shaped answer would carry them: parts are inside their sums."""
    of = usage.get
    cached_audio, cached_image = of("audio_cache_read", 0), of("image_cache_read", 0)
    cached = of("cache_read", 0) + cached_audio + cached_image
    written = of("cache_write_5m", 0) + of("cache_write_1h", 0)
    audio = of("audio_input", 0) + cached_audio
    prompt = of("input", 0) + cached + written + audio - cached_audio + of("image_input", 0) + of("video_input", 0)
    prompt_details = {"cached_tokens": cached or None, "audio_tokens": audio or None,
                      "image_tokens": of("image_input"), "video_tokens": of("video_input")}
    if written:
        prompt_details["cache_creation_tokens"] = written
        prompt_details["cache_creation_token_details"] = {
            "ephemeral_5m_input_tokens": of("cache_write_5m", 0), "ephemeral_1h_input_tokens": of("cache_write_1h", 0)}
    if cached_audio or cached_image:
        prompt_details["cached_tokens_details"] = {
            "audio_tokens": cached_audio, "image_tokens": cached_image, "text_tokens": of("cache_read", 0)}
    searches = of("web_search", 0) + of("grounding_queries", 0)
    if searches:
        prompt_details["web_search_requests"] = searches
    completion_details = {"reasoning_tokens": of("reasoning"), "audio_tokens": of("audio_output"),
                          "image_tokens": of("image_output")}
    completion = sum(of(meter, 0) for meter in ("output", "reasoning", "audio_output", "image_output"))
    drop_empty = lambda parts: {name: value for name, value in parts.items() if value is not None}
    parameters = {}
    if searches:
        parameters["server_tool_use"] = {"web_search_requests": searches}
    return Usage(prompt_tokens=prompt, completion_tokens=completion, total_tokens=prompt + completion,
                 prompt_tokens_details=drop_empty(prompt_details) or None,
                 completion_tokens_details=drop_empty(completion_details) or None, **parameters)


def resolves_to_itself(model, provider):
    """Whether litellm reads the entry we mean, and not another one its name rules lead to."""
    if model.startswith(f"{provider}/{provider}/"):
        return False  # It takes the second prefix for a slip.
    try:
        return litellm.get_model_info(model=model, custom_llm_provider=provider)["key"] == model
    except Exception:  # noqa: BLE001  an unmapped model raises a bare Exception
        return False


def cost(case, entry):
    """The cost in USD, or None where litellm cannot price the entry at all."""
    provider = provider_of(entry)
    usage = usage_object(case.usage)
    # A few prices depend on the time of day.
    calculation.current_billing_time = lambda: case.at
    call_type = {"batches": "retrieve_batch"}.get(case.tier, "embedding" if entry["mode"] == "embedding" else
                                                  "completion")
    tier = None if case.tier in ("", "batches") else case.tier
    prompt, completion = litellm.cost_per_token(
        model=case.model, custom_llm_provider=provider, usage_object=usage, service_tier=tier, call_type=call_type,
        prompt_tokens=usage.prompt_tokens, completion_tokens=usage.completion_tokens)
    searched = {"web_search", "grounding_queries"} & case.usage.keys()
    searches = built_in_tools(case, provider, usage) if searched else 0.0
    return prompt + completion + searches


def built_in_tools(case, provider, usage):
    """Searches as the Responses API shows them: one output item each."""
    calls = [{"type": "web_search_call", "id": f"ws_{n}", "status": "completed"}
             for n in range(case.usage.get("web_search", 0) + case.usage.get("grounding_queries", 0))]
    answer = ResponsesAPIResponse(id="resp_1", created_at=0, output=calls, model=case.model)
    return StandardBuiltInToolCostTracking.get_cost_for_built_in_tools(
        model=case.model, response_object=answer, usage=usage, custom_llm_provider=provider)
