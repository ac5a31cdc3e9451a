"""What the gateway has no opinion about passes through: tools, schemas, whatever comes next.

The simulated provider derives usage from the request's bytes. So the same usage with and without the gateway in between
shows that the request arrived byte for byte, and that its usage came back unchanged.
"""

from google.genai import types
from pydantic import BaseModel

ASKED = "Where to, and for how long?"
WHERE = '{"city":"Zürich","days":3}'
PARAMETERS = {
    "type": "object",
    "properties": {"city": {"type": "string", "description": "a city, für ein paar Tage"}},
    "required": ["city"],
    "additionalProperties": False,
}


class Trip(BaseModel):
    """What the structured answers hold."""

    city: str
    days: int


def openai_chat_tools_pass_through(world):
    tool = {"name": "visit", "description": "Go there.", "parameters": PARAMETERS, "strict": True}
    _same(world, lambda endpoint: endpoint.openai().chat.completions.create(
        model="gpt-4o",
        messages=[{"role": "user", "content": ASKED}],
        tools=[{"type": "function", "function": tool}],
        tool_choice="auto",
        extra_body={"a_field_nobody_knows": {"nested": [1, 2.50, None]}},
    ))


def openai_chat_structured_output_passes_through(world):
    world.script("gpt-4.1", text=WHERE)
    answer = _same(world, lambda endpoint: endpoint.openai().chat.completions.parse(
        model="gpt-4.1", messages=[{"role": "user", "content": ASKED}], response_format=Trip
    ))
    assert answer.choices[0].message.parsed == Trip(city="Zürich", days=3), answer


def openai_responses_tools_pass_through(world):
    tool = {"type": "function", "name": "visit", "parameters": PARAMETERS, "strict": True}
    _same(world, lambda endpoint: endpoint.openai().responses.create(model="o3", input=ASKED, tools=[tool]))


def openai_responses_structured_output_passes_through(world):
    world.script("gpt-4.1", text=WHERE)
    answer = _same(world, lambda endpoint: endpoint.openai().responses.parse(
        model="gpt-4.1", input=ASKED, text_format=Trip
    ))
    assert answer.output_parsed == Trip(city="Zürich", days=3), answer


def anthropic_tools_pass_through(world):
    tool = {"name": "visit", "description": "Go there.", "input_schema": PARAMETERS}
    _same(world, lambda endpoint: endpoint.anthropic().messages.create(
        model="claude-haiku-4-5",
        max_tokens=200,
        system=[{"type": "text", "text": "Be brief.", "cache_control": {"type": "ephemeral"}}],
        messages=[{"role": "user", "content": ASKED}],
        tools=[tool],
        extra_headers={"anthropic-beta": "some-beta-2026-01-01"},
    ))


def anthropic_structured_output_passes_through(world):
    world.script("claude-haiku-4-5", text=WHERE)
    answer = _same(world, lambda endpoint: endpoint.anthropic().messages.parse(
        model="claude-haiku-4-5",
        max_tokens=200,
        messages=[{"role": "user", "content": ASKED}],
        output_format=Trip,
    ))
    assert answer.parsed_output == Trip(city="Zürich", days=3), answer


def gemini_tools_pass_through(world):
    function = types.FunctionDeclaration(name="visit", parameters_json_schema=PARAMETERS)
    config = types.GenerateContentConfig(tools=[types.Tool(function_declarations=[function])], temperature=0.25)
    _same_gemini(world, "gemini-2.5-flash", config)


def gemini_structured_output_passes_through(world):
    world.script("gemini-2.5-pro", text=WHERE)
    config = types.GenerateContentConfig(response_mime_type="application/json", response_schema=Trip)
    answer = _same_gemini(world, "gemini-2.5-pro", config)
    assert answer.parsed == Trip(city="Zürich", days=3), answer


def _same(world, ask):
    direct, through = ask(world.direct), ask(world.through)
    assert through.usage == direct.usage, f"{through.usage} through the gateway, {direct.usage} without"
    return through


def _same_gemini(world, model, config):
    def ask(endpoint):
        client = endpoint.gemini()
        return client.models.generate_content(model=model, contents=ASKED, config=config)

    direct, through = ask(world.direct), ask(world.through)
    assert through.usage_metadata == direct.usage_metadata, (through, direct)
    assert through.candidates == direct.candidates, (through, direct)
    return through


CASES = [
    openai_chat_tools_pass_through,
    openai_chat_structured_output_passes_through,
    openai_responses_tools_pass_through,
    openai_responses_structured_output_passes_through,
    anthropic_tools_pass_through,
    anthropic_structured_output_passes_through,
    gemini_tools_pass_through,
    gemini_structured_output_passes_through,
]
