"""What is used later than it is asked for: background responses and batches of all three dialects. In a world of its own, for looking at an
object is an attempt of its own here and no line on the invoice."""

import io
import json
import time
import warnings

from google.genai.errors import ClientError
from openai import BadRequestError, NotFoundError

from .books import Books
from .money import usd

SECONDS = 30
PROMPT = "Grüße! 世界你好 🚀"
FLASH = "gemini-2.5-flash"
MESSAGES = [{"role": "user", "content": "Grüße! 世界你好 🚀"}]


def openai_background_response(world):
    client = world.through.openai()
    asked = client.responses.create(model="gpt-4o", input="Say hello.", background=True)
    assert asked.status == "queued" and asked.background, asked
    for _ in range(2):
        ended = client.responses.retrieve(asked.id)
        assert ended.status == "completed" and "世界你好" in ended.output_text, ended


def openai_background_response_cancelled(world):
    world.provider.script_next("gpt-4.1", pending_looks=1_000_000, billed=False)
    client = world.through.openai()
    asked = client.responses.create(model="gpt-4.1", input="Say hello.", background=True)
    assert client.responses.retrieve(asked.id).status == "in_progress"
    assert client.responses.cancel(asked.id).status == "cancelled"


def openai_background_stream(world):
    client = world.through.openai()
    stream = client.responses.create(model="gpt-4o", input="Say hello.", background=True, stream=True)
    events = list(stream)
    assert events[-1].type == "response.completed", events[-1]
    resumed = list(client.responses.retrieve(events[-1].response.id, stream=True, starting_after=0))
    assert resumed[-1].type == "response.completed", resumed[-1]


def openai_unknown_response(world):
    try:
        world.through.openai().responses.retrieve("resp_nobody")
    except NotFoundError as error:
        assert "resp_nobody" in error.message, error.message
    else:
        raise AssertionError("an unknown response was found")


def openai_batch(world):
    client = world.through.openai()
    lines = [
        {
            "custom_id": f"item-{number}",
            "method": "POST",
            "url": "/v1/chat/completions",
            "body": {"model": "gpt-4o", "messages": MESSAGES, "user": f"u{number}"},
        }
        for number in range(3)
    ]
    content = "\n".join(json.dumps(line) for line in lines).encode()
    stored = client.files.create(file=("in.jsonl", io.BytesIO(content)), purpose="batch")
    assert client.files.retrieve(stored.id).purpose == "batch"
    batch = client.batches.create(
        input_file_id=stored.id, endpoint="/v1/chat/completions", completion_window="24h"
    )
    batch = client.batches.retrieve(batch.id)
    assert batch.status == "completed" and batch.request_counts.completed == 3, batch
    answers = [json.loads(line) for line in client.files.content(batch.output_file_id).text.splitlines()]
    assert sorted(answer["custom_id"] for answer in answers) == ["item-0", "item-1", "item-2"], answers


def anthropic_message_batch(world):
    client = world.through.anthropic()
    requests = [
        {
            "custom_id": f"m-{number}",
            "params": {"model": "claude-sonnet-4-5", "max_tokens": 100, "messages": MESSAGES},
        }
        for number in range(2)
    ]
    # Writes of an hour have no batch price in the public map.
    world.provider.script("claude-sonnet-4-5", usage={"input": 900, "output": 40})
    batch = client.messages.batches.create(requests=requests)
    batch = client.messages.batches.retrieve(batch.id)
    assert batch.processing_status == "ended", batch
    results = list(client.messages.batches.results(batch.id))
    assert [result.result.type for result in results] == ["succeeded", "succeeded"], results


def gemini_batch_within(world):
    # Cached audio has no batch price in the public map.
    world.provider.script(FLASH, usage={"input": 900, "output": 40})
    client = world.through.gemini()
    requests = [{"contents": f"{PROMPT} {number}", "metadata": {"key": f"r-{number}"}} for number in range(3)]
    batch = client.batches.create(model=FLASH, src=requests, config={"display_name": "within"})
    assert batch.state.name == "JOB_STATE_PENDING", batch
    batch = client.batches.get(name=batch.name)
    assert batch.state.name == "JOB_STATE_SUCCEEDED", batch
    answers = [item.response.text for item in batch.dest.inlined_responses]
    assert len(answers) == 3 and all("世界你好" in answer for answer in answers), answers


def gemini_batch_of_a_file(world):
    for version in (None, "v1beta"):
        client = world.through.gemini(api_version=version)
        lines = [
            {"key": f"l-{number}", "request": {"contents": [{"parts": [{"text": f"{PROMPT} {number}"}]}]}}
            for number in range(3)
        ]
        content = io.BytesIO("\n".join(json.dumps(line) for line in lines).encode())
        stored = client.files.upload(file=content, config={"display_name": "lines", "mime_type": "jsonl"})
        assert client.files.get(name=stored.name).state.name == "ACTIVE", stored
        batch = client.batches.create(model=FLASH, src=stored.name, config={"display_name": "of a file"})
        batch = client.batches.get(name=batch.name)
        assert batch.state.name == "JOB_STATE_SUCCEEDED", batch
        results = client.files.download(file=batch.dest.file_name).decode().splitlines()
        assert [json.loads(result)["key"] for result in results] == ["l-0", "l-1", "l-2"], results
        client.files.delete(name=stored.name)


def gemini_file_in_pieces(world):
    client = world.through.gemini()
    line = {"key": "long", "request": {"contents": [{"parts": [{"text": "x" * (9 << 20)}]}]}}
    content = io.BytesIO(json.dumps(line).encode())
    stored = client.files.upload(file=content, config={"mime_type": "jsonl"})
    assert stored.size_bytes > 9 << 20, stored


def gemini_batch_of_embeddings(world):
    # It has no batch price in the public map, so nothing is billed yet.
    world.provider.script("gemini-embedding-001", billed=False)
    client = world.through.gemini()
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        batch = client.batches.create_embeddings(
            model="gemini-embedding-001", src={"inlined_requests": {"contents": ["one", "two"]}}
        )
    batch = client.batches.get(name=batch.name)
    tokens = [item.response.token_count for item in batch.dest.inlined_embed_content_responses]
    assert len(tokens) == 2 and all(tokens), batch


def gemini_batch_cancelled(world):
    world.provider.script_next("gemini-2.5-pro", pending_looks=1_000_000, billed=False)
    client = world.through.gemini()
    batch = client.batches.create(model="gemini-2.5-pro", src=[{"contents": PROMPT}])
    assert client.batches.get(name=batch.name).state.name == "JOB_STATE_RUNNING"
    client.batches.cancel(name=batch.name)
    assert client.batches.get(name=batch.name).state.name == "JOB_STATE_CANCELLED"


def gemini_unknown_batch(world):
    client = world.through.gemini()
    try:
        client.batches.get(name="batches/nobody")
    except ClientError as error:
        assert error.code == 404 and error.status == "NOT_FOUND", error
    else:
        raise AssertionError("an unknown batch was found")


def openai_lists(world):
    """Every page of a key's own objects, by the SDK's own paging; another key of the same gateway has its own."""
    client = world.through.openai()
    stranger = world.with_key(world.gateway.post("/keys", {"name": "stranger"})["token"]).openai()
    line = {"custom_id": "one", "method": "POST", "url": "/v1/chat/completions"}
    line["body"] = {"model": "gpt-4o", "messages": MESSAGES}
    made = []
    for _ in range(3):
        stored = client.files.create(file=("in.jsonl", io.BytesIO(json.dumps(line).encode())), purpose="batch")
        batch = client.batches.create(
            input_file_id=stored.id, endpoint="/v1/chat/completions", completion_window="24h"
        )
        made.append((batch.id, stored.id))
    batches = [batch.id for batch in client.batches.list(limit=2)]
    assert batches[:3] == [batch for batch, _ in reversed(made)], batches
    assert len(batches) == len(set(batches))
    files = [file.id for file in client.files.list(purpose="batch", order="asc", limit=1)]
    assert files[-3:] == [file for _, file in made], files
    results = list(client.files.list(purpose="batch_output"))
    assert len(results) >= 3 and all(file.purpose == "batch_output" for file in results), results
    assert not list(stranger.batches.list()) and not list(stranger.files.list())
    # The provider's own list has more: what others of its account made, too.
    assert set(batches) <= {batch.id for batch in world.straight().openai().batches.list()}
    try:
        client.batches.list(limit=101)
    except BadRequestError as error:
        assert error.param == "limit", error
    else:
        raise AssertionError("a limit that is too high was taken")


def anthropic_lists(world):
    client = world.through.anthropic()
    stranger = world.with_key(world.gateway.post("/keys", {"name": "stranger-a"})["token"]).anthropic()
    params = {"model": "claude-sonnet-4-5", "max_tokens": 100, "messages": MESSAGES}
    world.provider.script("claude-sonnet-4-5", usage={"input": 900, "output": 40})
    made = [
        client.messages.batches.create(requests=[{"custom_id": f"l-{number}", "params": params}]).id
        for number in range(3)
    ]
    newest_first = [batch.id for batch in client.messages.batches.list(limit=2)]
    assert newest_first[:3] == made[::-1], newest_first
    # Backwards, page by page, from the oldest of them.
    newer = [batch.id for batch in client.messages.batches.list(limit=1, before_id=made[0])]
    assert newer == made[1:], newer
    assert not list(stranger.messages.batches.list())


def gemini_lists(world):
    client = world.through.gemini()
    stranger = world.with_key(world.gateway.post("/keys", {"name": "stranger-g"})["token"]).gemini()
    world.provider.script(FLASH, usage={"input": 900, "output": 40})
    made, stored = [], []
    for number in range(3):
        batch = client.batches.create(model=FLASH, src=[{"contents": f"{PROMPT} {number}"}])
        made.append(batch.name)
        content = io.BytesIO(json.dumps({"request": {"contents": [{"parts": [{"text": PROMPT}]}]}}).encode())
        stored.append(client.files.upload(file=content, config={"mime_type": "jsonl"}).name)
    batches = list(client.batches.list(config={"page_size": 2}))
    assert [batch.name for batch in batches[:3]] == made[::-1], batches
    assert all(batch.state.name == "JOB_STATE_SUCCEEDED" for batch in batches[:3]), batches
    files = [file.name for file in client.files.list(config={"page_size": 2})]
    assert files[:3] == stored[::-1], files
    assert not list(stranger.batches.list()) and not list(stranger.files.list())


def all_that_was_used_later_is_billed_once(world):
    invoice = [line for line in world.provider.invoice() if line["billed"]]
    deadline = time.monotonic() + SECONDS
    while True:
        waiting = world.gateway.get("/deferred-operations?state=open")["items"]
        if not waiting:
            break
        assert time.monotonic() < deadline, waiting
        time.sleep(0.2)
    entries = Books(world.gateway).entries
    billed = {entry["outcome"]["response_id"]: entry for entry in entries if entry["billing_status"] == "billed"}
    for line in invoice:
        entry = billed.pop(line["id"], None)
        assert entry, f"no entry for {line['id']} ({line['path']})"
        assert entry["cost"] == usd(int(line["amount_pico_usd"])), (entry, line)
    assert not billed, f"billed and not invoiced: {billed}"
    return f"{len(invoice)} entries"


CASES = [
    openai_background_response,
    openai_background_response_cancelled,
    openai_background_stream,
    openai_unknown_response,
    openai_batch,
    anthropic_message_batch,
    gemini_batch_within,
    gemini_batch_of_a_file,
    gemini_file_in_pieces,
    gemini_batch_of_embeddings,
    gemini_batch_cancelled,
    gemini_unknown_batch,
    openai_lists,
    anthropic_lists,
    gemini_lists,
    all_that_was_used_later_is_billed_once,
]
