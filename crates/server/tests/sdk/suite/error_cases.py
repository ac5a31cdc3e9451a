"""Errors arrive as each SDK's own exceptions, with a message that helps."""

import anthropic
import openai
from google.genai import errors

HELLO = [{"role": "user", "content": "hello"}]
STRANGER = "tg-this-key-is-not-known-here"
NOWHERE = "no-such-model"
SLOW_DOWN = {"status": {"code": 429}}


def openai_wrong_key(world):
    error = _raises(openai.AuthenticationError, lambda: _openai(world.with_key(STRANGER)))
    assert "API key" in error.body["message"], error.body
    assert STRANGER not in str(error), "the message repeats the key"


def openai_unknown_model(world):
    error = _raises(openai.NotFoundError, lambda: _openai(world.through, NOWHERE))
    assert NOWHERE in error.body["message"], error.body


def openai_unknown_path(world):
    client = world.through.openai()
    error = _raises(openai.NotFoundError, lambda: client.post("/everything", cast_to=object, body={}))
    assert "/v1/everything" in error.body["message"], error.body


def openai_rate_limit_of_the_provider(world):
    world.provider.script_next("o3-mini", fault=SLOW_DOWN)
    error = _raises(openai.RateLimitError, lambda: _openai(world.through, "o3-mini"))
    assert error.body["code"] == "rate_limit_exceeded", error.body
    assert error.request_id, "the provider's request id is lost"


def openai_retry_is_a_request_of_its_own(world):
    world.provider.script_next("o3-mini", fault=SLOW_DOWN)
    client = world.through.openai(retries=1)
    answer = client.chat.completions.create(model="o3-mini", messages=HELLO)
    assert answer.usage.completion_tokens > 0, answer


def openai_error_inside_a_stream(world):
    world.provider.script_next("gpt-4o-mini", fault={"error_event": {"after": 0}})
    stream = world.through.openai().chat.completions.create(model="gpt-4o-mini", messages=HELLO, stream=True)
    error = _raises(openai.APIError, lambda: list(stream))
    assert "overloaded" in error.message, error


def anthropic_wrong_key(world):
    error = _raises(anthropic.AuthenticationError, lambda: _anthropic(world.with_key(STRANGER)))
    assert error.body["error"]["type"] == "authentication_error", error.body
    assert "API key" in error.body["error"]["message"], error.body
    assert STRANGER not in str(error), "the message repeats the key"


def anthropic_unknown_model(world):
    error = _raises(anthropic.NotFoundError, lambda: _anthropic(world.through, NOWHERE))
    assert error.body["error"]["type"] == "not_found_error", error.body
    assert NOWHERE in error.body["error"]["message"], error.body


def anthropic_rate_limit_of_the_provider(world):
    world.provider.script_next("claude-haiku-4-5", fault=SLOW_DOWN)
    error = _raises(anthropic.RateLimitError, lambda: _anthropic(world.through))
    assert error.body["error"]["type"] == "rate_limit_error", error.body
    assert error.request_id, "the provider's request id is lost"


def anthropic_overloaded_provider(world):
    world.provider.script_next("claude-haiku-4-5", fault={"status": {"code": 529}})
    error = _raises(anthropic.InternalServerError, lambda: _anthropic(world.through))
    assert error.status_code == 529, error
    assert error.body["error"]["type"] == "overloaded_error", error.body


def gemini_wrong_key(world):
    error = _raises(errors.ClientError, lambda: _gemini(world.with_key(STRANGER)))
    assert (error.code, error.status) == (401, "UNAUTHENTICATED"), error
    assert "API key" in error.message, error
    assert STRANGER not in str(error), "the message repeats the key"


def gemini_unknown_model(world):
    error = _raises(errors.ClientError, lambda: _gemini(world.through, NOWHERE))
    assert (error.code, error.status) == (404, "NOT_FOUND"), error
    assert NOWHERE in error.message, error


def gemini_rate_limit_of_the_provider(world):
    world.provider.script_next("gemini-2.5-flash", fault=SLOW_DOWN)
    error = _raises(errors.ClientError, lambda: _gemini(world.through))
    assert (error.code, error.status) == (429, "RESOURCE_EXHAUSTED"), error


def gemini_overloaded_provider(world):
    world.provider.script_next("gemini-2.5-flash", fault={"status": {"code": 503}})
    error = _raises(errors.ServerError, lambda: _gemini(world.through))
    assert (error.code, error.status) == (503, "UNAVAILABLE"), error


def _openai(endpoint, model="gpt-4o"):
    endpoint.openai().chat.completions.create(model=model, messages=HELLO)


def _anthropic(endpoint, model="claude-haiku-4-5"):
    endpoint.anthropic().messages.create(model=model, max_tokens=10, messages=HELLO)


def _gemini(endpoint, model="gemini-2.5-flash"):
    client = endpoint.gemini()
    client.models.generate_content(model=model, contents="hello")


def _raises(kind, act):
    try:
        act()
    except kind as error:
        return error
    raise AssertionError(f"{kind.__name__} was not raised")


CASES = [
    openai_wrong_key,
    openai_unknown_model,
    openai_unknown_path,
    openai_rate_limit_of_the_provider,
    openai_retry_is_a_request_of_its_own,
    openai_error_inside_a_stream,
    anthropic_wrong_key,
    anthropic_unknown_model,
    anthropic_rate_limit_of_the_provider,
    anthropic_overloaded_provider,
    gemini_wrong_key,
    gemini_unknown_model,
    gemini_rate_limit_of_the_provider,
    gemini_overloaded_provider,
]
