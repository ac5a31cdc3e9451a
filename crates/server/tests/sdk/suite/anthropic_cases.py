"""The `anthropic` SDK."""

import asyncio

REQUEST = {
    "model": "claude-sonnet-4-5",
    "max_tokens": 512,
    "messages": [{"role": "user", "content": "Grüße! 世界你好 🚀"}],
}
CACHED = {"input": 40, "cache_read": 900, "cache_write_5m": 300, "cache_write_1h": 50, "output": 70}


def anthropic_message(world):
    answer = world.through.anthropic().messages.create(**REQUEST)
    assert answer.id.startswith("msg_") and answer.stop_reason == "end_turn", answer
    assert "世界你好" in _text(answer), answer


def anthropic_message_with_caches(world):
    world.provider.script_next("claude-opus-4-5", usage=CACHED)
    answer = world.through.anthropic().messages.create(**REQUEST | {"model": "claude-opus-4-5"})
    assert answer.usage.cache_creation.ephemeral_1h_input_tokens == 50, answer
    assert answer.usage.cache_read_input_tokens == 900, answer


def anthropic_events(world):
    events = list(world.through.anthropic().messages.create(**REQUEST, stream=True))
    assert events[0].type == "message_start" and events[-1].type == "message_stop", events


def anthropic_stream(world):
    with world.through.anthropic().messages.stream(**REQUEST) as stream:
        text = "".join(stream.text_stream)
        answer = stream.get_final_message()
    assert "世界你好" in text, text
    assert answer.usage.output_tokens > 0, answer


def anthropic_stream_whose_last_usage_is_output_only(world):
    world.provider.script_next("claude-sonnet-4-5", usage=CACHED, report="delta_output_only")
    with world.through.anthropic().messages.stream(**REQUEST) as stream:
        answer = stream.get_final_message()
    assert answer.usage.output_tokens == 70, answer


def anthropic_stream_split_anywhere(world):
    with world.through.anthropic().messages.stream(**REQUEST, metadata={"user_id": "sim:split"}) as stream:
        text = "".join(stream.text_stream)
    assert "世界你好" in text, text


def anthropic_counts_tokens_for_free(world):
    request = {name: REQUEST[name] for name in ("model", "messages")}
    answer = world.through.anthropic().messages.count_tokens(**request)
    assert answer.input_tokens > 0, answer


def anthropic_models(world):
    ids = {model.id for model in world.through.anthropic().models.list()}
    assert "claude-sonnet-4-5" in ids, ids


def anthropic_under_the_gateways_own_prefix(world):
    answer = world.with_prefix().anthropic().messages.create(**REQUEST | {"model": "claude-haiku-4-5"})
    assert "世界你好" in _text(answer), answer


def anthropic_streams_side_by_side(world):
    async def one(client, number):
        messages = [{"role": "user", "content": f"number {number}"}]
        async with client.messages.stream(**REQUEST | {"messages": messages}) as stream:
            return "".join([text async for text in stream.text_stream])

    async def all_of_them():
        async with world.through.anthropic_async() as client:
            return await asyncio.gather(*[one(client, number) for number in range(5)])

    texts = asyncio.run(all_of_them())
    assert all("世界你好" in text for text in texts), texts


def _text(answer):
    return "".join(block.text for block in answer.content if block.type == "text")


CASES = [
    anthropic_message,
    anthropic_message_with_caches,
    anthropic_events,
    anthropic_stream,
    anthropic_stream_whose_last_usage_is_output_only,
    anthropic_stream_split_anywhere,
    anthropic_counts_tokens_for_free,
    anthropic_models,
    anthropic_under_the_gateways_own_prefix,
    anthropic_streams_side_by_side,
]
