"""The `openai` SDK beyond text: images, sound, moderations, and the older completions; and its Azure client."""

import base64

import openai

SOUND = ("speech.wav", b"RIFF\x24\x00\x00\x00WAVEfmt ", "audio/wav")
PICTURE = ("picture.png", b"\x89PNG\r\n\x1a\nnothing else", "image/png")
PROMPT = [{"role": "user", "content": "Grüße! 世界你好 🚀"}]


def openai_image(world):
    answer = world.through.openai().images.generate(model="gpt-image-1", prompt="a cat", size="1024x1024", quality="low")
    assert base64.b64decode(answer.data[0].b64_json).startswith(b"\x89PNG"), answer
    assert answer.usage.output_tokens > 0, answer


def openai_several_images(world):
    answer = world.through.openai().images.generate(model="gpt-image-1", prompt="two cats", n=2)
    assert len(answer.data) == 2 and answer.usage.total_tokens > 0, answer


def openai_image_stream(world):
    events = list(
        world.through.openai().images.generate(model="gpt-image-1", prompt="slowly", stream=True, partial_images=1)
    )
    assert [event.type for event in events] == ["image_generation.partial_image", "image_generation.completed"], events
    assert events[-1].usage.output_tokens > 0, events


def openai_image_edit(world):
    usage = {"input": 30, "image_input": 400, "image_output": 1_000}
    world.provider.script_next("gpt-image-1", usage=usage)
    answer = world.through.openai().images.edit(model="gpt-image-1", image=PICTURE, prompt="wider", size="1536x1024")
    assert answer.usage.input_tokens_details.image_tokens == 400, answer


def openai_transcription_by_the_second(world):
    answer = world.through.openai().audio.transcriptions.create(model="whisper-1", file=SOUND)
    assert "世界你好" in answer.text and answer.usage.seconds > 0, answer


def openai_transcription_with_details(world):
    answer = world.through.openai().audio.transcriptions.create(
        model="whisper-1", file=SOUND, response_format="verbose_json"
    )
    assert answer.duration > 0 and "世界你好" in answer.text, answer


def openai_transcription_by_the_token(world):
    answer = world.through.openai().audio.transcriptions.create(model="gpt-4o-transcribe", file=SOUND)
    assert answer.usage.input_token_details.audio_tokens > 0, answer


def openai_transcription_stream(world):
    events = list(
        world.through.openai().audio.transcriptions.create(model="gpt-4o-transcribe", file=SOUND, stream=True)
    )
    assert events[-1].type == "transcript.text.done" and "世界你好" in events[-1].text, events
    assert events[-1].usage.output_tokens > 0, events


def openai_translation(world):
    answer = world.through.openai().audio.translations.create(model="whisper-1", file=SOUND)
    assert "世界你好" in answer.text, answer


def openai_speech(world):
    ask = dict(model="tts-1", voice="alloy", input="Grüße aus Zürich 🚀")
    sound = world.through.openai().audio.speech.create(**ask).read()
    direct = world.direct.openai().audio.speech.create(**ask).read()
    assert len(sound) > 500 and sound == direct, f"{len(sound)} bytes through the gateway, {len(direct)} without"


def openai_speech_in_pieces(world):
    client = world.through.openai()
    with client.audio.speech.with_streaming_response.create(model="tts-1", voice="alloy", input="hello " * 200) as answer:
        length = sum(len(piece) for piece in answer.iter_bytes())
    assert length == 1_200 * 40, length


def openai_speech_events(world):
    client = world.through.openai()
    raw = client.audio.speech.with_raw_response.create(
        model="gpt-4o-mini-tts", voice="alloy", input="hello", stream_format="sse"
    )
    assert "speech.audio.done" in raw.text, raw.text[-400:]


def openai_moderation(world):
    answer = world.through.openai().moderations.create(model="omni-moderation-latest", input=["fine", "also fine"])
    assert [result.flagged for result in answer.results] == [False, False], answer


def openai_completion(world):
    answer = world.through.openai().completions.create(model="gpt-3.5-turbo-instruct", prompt="Once upon")
    assert "世界你好" in answer.choices[0].text and answer.usage.total_tokens > 0, answer


def openai_completion_stream_without_usage_asked_for(world):
    chunks = list(
        world.through.openai().completions.create(model="gpt-3.5-turbo-instruct", prompt="a time", stream=True)
    )
    assert "世界你好" in "".join(chunk.choices[0].text for chunk in chunks), chunks
    assert not any(chunk.usage for chunk in chunks), "usage nobody asked for was passed on"


def azure_client(world):
    answer = world.through.azure().chat.completions.create(model="gpt-4o", messages=PROMPT)
    assert "世界你好" in answer.choices[0].message.content, answer


def azure_client_streams_and_speaks(world):
    client = world.through.azure()
    chunks = list(client.chat.completions.create(model="gpt-4o", messages=PROMPT, stream=True))
    assert "世界你好" in "".join(chunk.choices[0].delta.content or "" for chunk in chunks), chunks
    assert len(client.audio.speech.create(model="tts-1", voice="alloy", input="hello azure").read()) > 400
    assert client.responses.create(model="gpt-5", input="Say hello.").usage.total_tokens > 0


def what_is_billed_later_is_refused(world):
    client = world.through.openai()
    refused = {
        "batches": lambda: client.batches.create(
            input_file_id="f", endpoint="/v1/chat/completions", completion_window="24h"
        ),
        "files": lambda: client.files.create(file=SOUND, purpose="batch"),
        "fine-tuning": lambda: client.fine_tuning.jobs.create(model="gpt-4o", training_file="f"),
        "stored responses": lambda: client.responses.retrieve("resp_1"),
        "background": lambda: client.responses.create(model="gpt-5", input="later", background=True),
    }
    for what, ask in refused.items():
        try:
            ask()
        except openai.BadRequestError as error:
            assert what in error.body["message"], error.body
        else:
            raise AssertionError(f"{what} were not refused")


CASES = [
    openai_image,
    openai_several_images,
    openai_image_stream,
    openai_image_edit,
    openai_transcription_by_the_second,
    openai_transcription_with_details,
    openai_transcription_by_the_token,
    openai_transcription_stream,
    openai_translation,
    openai_speech,
    openai_speech_in_pieces,
    openai_speech_events,
    openai_moderation,
    openai_completion,
    openai_completion_stream_without_usage_asked_for,
    azure_client,
    azure_client_streams_and_speaks,
    what_is_billed_later_is_refused,
]
