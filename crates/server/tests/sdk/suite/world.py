"""Everything a case needs: simulated providers, a gateway in front of one of them, SDK clients for both."""

import contextlib
import tempfile
from dataclasses import dataclass
from pathlib import Path

from anthropic import Anthropic, AsyncAnthropic
from google import genai
from google.genai import types
from openai import AsyncOpenAI, AzureOpenAI, OpenAI

from .gateway import Gateway
from .simulator import CREDENTIAL, Simulator

SECONDS = 20

MEDIA = [
    "gpt-3.5-turbo-instruct",
    "gpt-image-1",
    "whisper-1",
    "gpt-4o-transcribe",
    "tts-1",
    "gpt-4o-mini-tts",
    "omni-moderation-latest",
]

UPSTREAMS = [
    {
        "name": "openai",
        "provider": "openai",
        "protocols": [
            "openai_chat",
            "openai_responses",
            "openai_embeddings",
            "openai_completions",
            "openai_images",
            "openai_transcriptions",
            "openai_speech",
            "openai_moderations",
        ],
        "models": ["gpt-4o", "gpt-4o-mini", "gpt-4.1", "gpt-5", "gpt-5.6", "o3", "o3-mini", "text-embedding-3-small", *MEDIA],
    },
    {
        "name": "anthropic",
        "provider": "anthropic",
        "protocols": ["anthropic_messages"],
        "models": ["claude-sonnet-4-5", "claude-haiku-4-5", "claude-opus-4-5"],
    },
    {
        "name": "gemini",
        "provider": "gemini",
        "protocols": ["gemini_generate", "gemini_embed"],
        "models": ["gemini-2.5-pro", "gemini-2.5-flash", "gemini-embedding-001"],
    },
]


# What lets the gateway carry what is used later, and look after it without delay.
DEFERRED = {
    "TOLLGATE_PROXY__DEFERRED": '["background_responses","batches","files"]',
    "TOLLGATE_PROXY__DEFERRED_POLL_SECONDS": "1",
    "TOLLGATE_PROXY__DEFERRED_POLL_MAX_SECONDS": "1",
}


@dataclass(frozen=True)
class Endpoint:
    """Where an SDK is pointed at, and with which key. No client retries unless asked to."""

    base_url: str
    key: str

    def openai(self, retries: int = 0) -> OpenAI:
        return OpenAI(
            base_url=f"{self.base_url}/v1", api_key=self.key, max_retries=retries, timeout=SECONDS
        )

    def openai_async(self) -> AsyncOpenAI:
        return AsyncOpenAI(
            base_url=f"{self.base_url}/v1", api_key=self.key, max_retries=0, timeout=SECONDS
        )

    def azure(self) -> AzureOpenAI:
        return AzureOpenAI(
            azure_endpoint=self.base_url,
            api_key=self.key,
            api_version="2024-10-21",
            max_retries=0,
            timeout=SECONDS,
        )

    def anthropic(self) -> Anthropic:
        return Anthropic(base_url=self.base_url, api_key=self.key, max_retries=0, timeout=SECONDS)

    def anthropic_async(self) -> AsyncAnthropic:
        return AsyncAnthropic(
            base_url=self.base_url, api_key=self.key, max_retries=0, timeout=SECONDS
        )

    def gemini(self, api_version: str | None = None) -> genai.Client:
        return genai.Client(
            api_key=self.key,
            http_options=types.HttpOptions(
                base_url=self.base_url,
                api_version=api_version,
                timeout=SECONDS * 1000,
                retry_options=types.HttpRetryOptions(attempts=1),
            ),
        )


class World:
    """A gateway on one database. `reference` is a second provider that no gateway stands in front of."""

    def __init__(self, database, deferred: bool = False):
        self._database = database
        self._settings = DEFERRED if deferred else {}
        # Request ids and the costs that answers named, for the books to be held against.
        self.quoted: list[tuple[str, str]] = []
        self.waited_in_vain = False
        self._cleanup = contextlib.ExitStack()

    def __enter__(self):
        with contextlib.ExitStack() as cleanup:
            directory = Path(cleanup.enter_context(tempfile.TemporaryDirectory(prefix="tollgate-sdk-")))
            self.provider = Simulator(directory / "provider.log")
            cleanup.callback(self.provider.stop)
            self.reference = Simulator(directory / "reference.log")
            cleanup.callback(self.reference.stop)
            url = cleanup.enter_context(self._database(directory))
            self._log = directory / "gateway.log"
            self.gateway = Gateway(directory, url, self._log, self._settings)
            cleanup.callback(self.gateway.kill)
            for upstream in UPSTREAMS:
                self.gateway.post("/upstreams", self._placed(upstream))
            token = self.gateway.post("/keys", {"name": "sdk", "owner": "alice", "tags": ["test"]})["token"]
            self.through = Endpoint(self.gateway.base_url, token)
            self.direct = Endpoint(self.reference.base_url, CREDENTIAL)
            self._cleanup = cleanup.pop_all()
        return self

    def __exit__(self, *failure):
        return self._cleanup.__exit__(*failure)

    def with_prefix(self) -> Endpoint:
        """The gateway's paths once more, under its own prefix."""
        return Endpoint(f"{self.gateway.base_url}/api/proxy", self.through.key)

    def straight(self) -> Endpoint:
        """The provider behind the gateway, with the credential that all keys share."""
        return Endpoint(self.provider.base_url, CREDENTIAL)

    def with_key(self, key: str) -> Endpoint:
        return Endpoint(self.gateway.base_url, key)

    def script(self, model: str, **script):
        """The same answers from both providers."""
        for provider in (self.provider, self.reference):
            provider.script(model, **script)

    def stops_in_order(self, _world):
        """SIGTERM ends it with success."""
        code = self.gateway.stop()
        assert code == 0, f"the gateway ended with {code}"

    def show_logs(self):
        print(f"the gateway's own log:\n{self._log.read_text()[-4000:]}", flush=True)

    def _placed(self, upstream: dict) -> dict:
        rules = [{"model": model} for model in upstream["models"]]
        where = {"base_url": self.provider.base_url, "credential": CREDENTIAL}
        return upstream | {"models": rules} | where
