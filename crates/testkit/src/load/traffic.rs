//! One kind of request.

use bytes::Bytes;
use http::{HeaderName, Request, Uri};
use http_body_util::Full;
use serde_json::{Value, json};

/// Where a request goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Endpoint {
    /// `/v1/chat/completions`.
    OpenAiChat,
    /// `/v1/responses`.
    OpenAiResponses,
    /// `/v1/embeddings`.
    OpenAiEmbeddings,
    /// `/v1/messages`.
    AnthropicMessages,
    /// `/v1beta/models/{m}:generateContent` or `:streamGenerateContent?alt=sse`.
    Gemini,
}

/// One kind of request and how often it is sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Traffic {
    /// Where it goes.
    pub endpoint: Endpoint,
    /// The model it names.
    pub model: String,
    /// Whether it asks for a stream.
    pub stream: bool,
    /// The service tier it asks for.
    pub tier: Option<String>,
    /// Its share among all traffic.
    pub weight: u32,
}

impl Traffic {
    /// Not a stream, standard tier.
    pub fn new(endpoint: Endpoint, model: &str, weight: u32) -> Self {
        Self {
            endpoint,
            model: model.to_owned(),
            stream: false,
            tier: None,
            weight,
        }
    }

    /// The same as a stream.
    #[must_use]
    pub fn streamed(mut self) -> Self {
        self.stream = true;
        self
    }

    /// The whole request; `None` when the base URL or the key cannot be part of one.
    pub(super) fn request(
        &self,
        base_url: &str,
        key: &str,
        prompt: &str,
        include_usage: bool,
    ) -> Option<Request<Full<Bytes>>> {
        let uri: Uri = format!("{}{}", base_url.trim_end_matches('/'), self.path())
            .parse()
            .ok()?;
        let (name, value) = self.credential(key);
        let body = self.body(prompt, include_usage).to_string();
        let mut builder = Request::post(uri)
            .header("content-type", "application/json")
            .header(name, value);
        if self.endpoint == Endpoint::AnthropicMessages {
            builder = builder.header("anthropic-version", "2023-06-01");
        }
        builder.body(Full::new(Bytes::from(body))).ok()
    }

    fn path(&self) -> String {
        match (self.endpoint, self.stream) {
            (Endpoint::OpenAiChat, _) => "/v1/chat/completions".to_owned(),
            (Endpoint::OpenAiResponses, _) => "/v1/responses".to_owned(),
            (Endpoint::OpenAiEmbeddings, _) => "/v1/embeddings".to_owned(),
            (Endpoint::AnthropicMessages, _) => "/v1/messages".to_owned(),
            (Endpoint::Gemini, false) => format!("/v1beta/models/{}:generateContent", self.model),
            (Endpoint::Gemini, true) => {
                format!("/v1beta/models/{}:streamGenerateContent?alt=sse", self.model)
            }
        }
    }

    fn credential(&self, key: &str) -> (HeaderName, String) {
        match self.endpoint {
            Endpoint::AnthropicMessages => (HeaderName::from_static("x-api-key"), key.to_owned()),
            Endpoint::Gemini => (HeaderName::from_static("x-goog-api-key"), key.to_owned()),
            _ => (http::header::AUTHORIZATION, format!("Bearer {key}")),
        }
    }

    fn body(&self, prompt: &str, include_usage: bool) -> Value {
        let messages = json!([{"role": "user", "content": prompt}]);
        let mut body = match self.endpoint {
            Endpoint::OpenAiChat => json!({"model": self.model, "messages": messages, "stream": self.stream}),
            Endpoint::OpenAiResponses => json!({"model": self.model, "input": prompt, "stream": self.stream}),
            Endpoint::OpenAiEmbeddings => json!({"model": self.model, "input": prompt}),
            Endpoint::AnthropicMessages => {
                json!({"model": self.model, "max_tokens": 1024, "messages": messages, "stream": self.stream})
            }
            Endpoint::Gemini => json!({"contents": [{"role": "user", "parts": [{"text": prompt}]}]}),
        };
        let Some(fields) = body.as_object_mut() else {
            return body;
        };
        if include_usage && self.stream && self.endpoint == Endpoint::OpenAiChat {
            fields.insert("stream_options".to_owned(), json!({"include_usage": true}));
        }
        if let Some(tier) = &self.tier {
            let name = if self.endpoint == Endpoint::Gemini {
                "serviceTier"
            } else {
                "service_tier"
            };
            fields.insert(name.to_owned(), tier.clone().into());
        }
        body
    }
}
