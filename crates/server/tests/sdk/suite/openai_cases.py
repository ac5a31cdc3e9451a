"""The `openai` SDK."""

import asyncio

PROMPT = [{"role": "user", "content": "Grüße! 世界你好 🚀"}]


def openai_chat(world):
    answer = world.through.openai().chat.completions.create(model="gpt-4o", messages=PROMPT)
    assert answer.id.startswith("chatcmpl-"), answer
    assert "世界你好" in answer.choices[0].message.content, answer
    assert answer.usage.total_tokens == answer.usage.prompt_tokens + answer.usage.completion_tokens, answer


def openai_chat_in_another_tier(world):
    answer = world.through.openai().chat.completions.create(
        model="gpt-5", messages=PROMPT, service_tier="flex"
    )
    assert answer.service_tier == "flex", answer


def openai_chat_in_a_large_context(world):
    world.provider.script_next("gpt-5.6", usage={"input": 300_000, "cache_read": 1_000, "output": 10})
    answer = world.through.openai().chat.completions.create(model="gpt-5.6", messages=PROMPT)
    assert answer.usage.prompt_tokens == 301_000, answer


def openai_chat_compressed(world):
    answer = world.through.openai().chat.completions.create(model="gpt-4o", messages=PROMPT, user="sim:gzip")
    assert "世界你好" in answer.choices[0].message.content, answer


def openai_chat_stream_without_usage_asked_for(world):
    text, chunks = _chat_stream(world.through.openai())
    assert "世界你好" in text, text
    assert all(chunk.choices for chunk in chunks), "the chunk nobody asked for was passed on"
    assert not any(chunk.usage for chunk in chunks), "usage nobody asked for was passed on"


def openai_chat_stream_with_usage_asked_for(world):
    text, chunks = _chat_stream(world.through.openai(), stream_options={"include_usage": True})
    assert "世界你好" in text, text
    assert [chunk for chunk in chunks if not chunk.choices] == chunks[-1:], chunks
    assert chunks[-1].usage.completion_tokens > 0, chunks[-1]


def openai_chat_stream_split_anywhere(world):
    text, _ = _chat_stream(world.through.openai(), user="sim:split")
    assert "世界你好" in text, text


def openai_chat_stream_with_crlf(world):
    text, _ = _chat_stream(world.through.openai(), user="sim:crlf")
    assert "世界你好" in text, text


def openai_chat_stream_compressed(world):
    text, _ = _chat_stream(world.through.openai(), user="sim:gzip")
    assert "世界你好" in text, text


def openai_responses(world):
    answer = world.through.openai().responses.create(model="gpt-5", input="Say hello.")
    assert answer.status == "completed" and "世界你好" in answer.output_text, answer
    assert answer.usage.total_tokens > 0, answer


def openai_responses_stream(world):
    with world.through.openai().responses.stream(model="gpt-5", input="Say hello, slowly.") as stream:
        types = [event.type for event in stream]
        answer = stream.get_final_response()
    assert types[0] == "response.created" and types[-1] == "response.completed", types
    assert "世界你好" in answer.output_text, answer
    assert answer.usage.total_tokens > 0, answer


def openai_responses_that_hit_their_limit(world):
    answer = world.through.openai().responses.create(model="gpt-5", input="Go on.", user="sim:incomplete")
    assert answer.status == "incomplete" and answer.usage.output_tokens > 0, answer


def openai_answer_names_its_cost(world):
    raw = world.through.openai().chat.completions.with_raw_response.create(model="gpt-4o", messages=PROMPT)
    assert raw.headers["x-tollgate-billing-status"] == "billed", raw.headers
    world.quoted.append((raw.headers["x-tollgate-request-id"], raw.headers["x-tollgate-cost"]))


def openai_embeddings(world):
    answer = world.through.openai().embeddings.create(model="text-embedding-3-small", input=["one", "two"])
    assert [len(item.embedding) for item in answer.data] == [8, 8], answer
    assert answer.usage.prompt_tokens > 0, answer


def openai_models(world):
    ids = {model.id for model in world.through.openai().models.list()}
    assert {"gpt-4o", "text-embedding-3-small"} <= ids, ids


def openai_under_the_gateways_own_prefix(world):
    client = world.with_prefix().openai()
    answer = client.chat.completions.create(model="gpt-4o-mini", messages=PROMPT)
    assert "世界你好" in answer.choices[0].message.content, answer


def openai_streams_side_by_side(world):
    async def one(client, number):
        stream = await client.chat.completions.create(
            model="gpt-4o", messages=[{"role": "user", "content": f"number {number}"}], stream=True
        )
        return "".join([chunk.choices[0].delta.content or "" async for chunk in stream])

    async def all_of_them():
        async with world.through.openai_async() as client:
            return await asyncio.gather(*[one(client, number) for number in range(5)])

    texts = asyncio.run(all_of_them())
    assert all("世界你好" in text for text in texts), texts


def _chat_stream(client, **options):
    chunks = list(
        client.chat.completions.create(model="gpt-4o", messages=PROMPT, stream=True, **options)
    )
    text = "".join(chunk.choices[0].delta.content or "" for chunk in chunks if chunk.choices)
    return text, chunks


CASES = [
    openai_chat,
    openai_chat_in_another_tier,
    openai_chat_in_a_large_context,
    openai_chat_compressed,
    openai_chat_stream_without_usage_asked_for,
    openai_chat_stream_with_usage_asked_for,
    openai_chat_stream_split_anywhere,
    openai_chat_stream_with_crlf,
    openai_chat_stream_compressed,
    openai_responses,
    openai_responses_stream,
    openai_responses_that_hit_their_limit,
    openai_answer_names_its_cost,
    openai_embeddings,
    openai_models,
    openai_under_the_gateways_own_prefix,
    openai_streams_side_by_side,
]
