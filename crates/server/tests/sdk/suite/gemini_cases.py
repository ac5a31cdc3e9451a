"""The `google-genai` SDK."""

PROMPT = "Grüße! 世界你好 🚀"
FLASH = "gemini-2.5-flash"
MEDIA = {"input": 100, "cache_read": 50, "audio_input": 30, "audio_cache_read": 20, "output": 40, "reasoning": 25}


def gemini_generate(world):
    client = world.through.gemini()
    answer = client.models.generate_content(model=FLASH, contents=PROMPT)
    assert answer.response_id and "世界你好" in answer.text, answer
    assert answer.usage_metadata.total_token_count > 0, answer


def gemini_generate_over_the_beta_path(world):
    client = world.through.gemini(api_version="v1beta")
    answer = client.models.generate_content(model=FLASH, contents=PROMPT + " beta")
    assert "世界你好" in answer.text, answer


def gemini_generate_over_the_stable_path(world):
    client = world.through.gemini(api_version="v1")
    answer = client.models.generate_content(model=FLASH, contents=PROMPT + " stable")
    assert "世界你好" in answer.text, answer


def gemini_generate_with_audio_and_thoughts(world):
    world.provider.script_next(FLASH, usage=MEDIA)
    client = world.through.gemini()
    answer = client.models.generate_content(model=FLASH, contents=PROMPT)
    assert answer.usage_metadata.thoughts_token_count == 25, answer


def gemini_generate_in_a_large_context(world):
    world.provider.script_next("gemini-2.5-pro", usage={"input": 200_001, "output": 10})
    client = world.through.gemini()
    answer = client.models.generate_content(model="gemini-2.5-pro", contents=PROMPT)
    assert answer.usage_metadata.prompt_token_count == 200_001, answer


def gemini_stream(world):
    client = world.through.gemini()
    chunks = list(client.models.generate_content_stream(model=FLASH, contents=PROMPT + " stream"))
    assert "世界你好" in "".join(chunk.text or "" for chunk in chunks), chunks
    assert chunks[-1].usage_metadata.total_token_count > 0, chunks[-1]


def gemini_stream_split_anywhere_with_crlf(world):
    world.provider.script_next("gemini-2.5-pro", crlf=True, chunking={"bytes": 5})
    client = world.through.gemini()
    chunks = list(client.models.generate_content_stream(model="gemini-2.5-pro", contents=PROMPT))
    assert "世界你好" in "".join(chunk.text or "" for chunk in chunks), chunks


def gemini_chat(world):
    client = world.through.gemini()
    chat = client.chats.create(model=FLASH)
    for turn in ("first", "second"):
        assert "世界你好" in chat.send_message(turn).text


def gemini_counts_tokens_for_free(world):
    client = world.through.gemini()
    answer = client.models.count_tokens(model=FLASH, contents=PROMPT)
    assert answer.total_tokens > 0, answer


def gemini_embeds(world):
    client = world.through.gemini()
    answer = client.models.embed_content(model="gemini-embedding-001", contents=["one", "two"])
    assert [len(embedding.values) for embedding in answer.embeddings] == [8, 8], answer


def gemini_models(world):
    client = world.through.gemini()
    names = {model.name for model in client.models.list()}
    assert f"models/{FLASH}" in names, names


def gemini_under_the_gateways_own_prefix(world):
    client = world.with_prefix().gemini()
    answer = client.models.generate_content(model=FLASH, contents=PROMPT + " prefix")
    assert "世界你好" in answer.text, answer


CASES = [
    gemini_generate,
    gemini_generate_over_the_beta_path,
    gemini_generate_over_the_stable_path,
    gemini_generate_with_audio_and_thoughts,
    gemini_generate_in_a_large_context,
    gemini_stream,
    gemini_stream_split_anywhere_with_crlf,
    gemini_chat,
    gemini_counts_tokens_for_free,
    gemini_embeds,
    gemini_models,
    gemini_under_the_gateways_own_prefix,
]
