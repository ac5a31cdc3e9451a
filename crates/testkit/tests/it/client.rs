//! The smallest client that shows what went over the wire.

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use serde_json::{Value, json};
use tollgate_testkit::Simulator;

/// An answer read to its end, or to where it broke.
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) frames: Vec<Bytes>,
    pub(crate) broken: bool,
}

pub(crate) const CHAT: &str = "/v1/chat/completions";
pub(crate) const RESPONSES: &str = "/v1/responses";
pub(crate) const MESSAGES: &str = "/v1/messages";
pub(crate) const GENERATE: &str = "/v1beta/models/gemini-2.5-flash:generateContent";
pub(crate) const STREAM_SSE: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent?alt=sse";
pub(crate) const STREAM_ARRAY: &str = "/v1beta/models/gemini-2.5-flash:streamGenerateContent";

/// A valid body for a path, asking for a stream where the body says so.
pub(crate) fn body(path: &str, stream: bool) -> Value {
    let messages = json!([{"role": "user", "content": "hi"}]);
    match path {
        CHAT => {
            let mut body = json!({"model": "gpt-4o", "messages": messages, "stream": stream});
            if stream {
                body["stream_options"] = json!({"include_usage": true});
            }
            body
        }
        RESPONSES => json!({"model": "gpt-5", "input": "hi", "stream": stream}),
        MESSAGES => {
            json!({"model": "claude-sonnet-4-5", "max_tokens": 10, "messages": messages, "stream": stream})
        }
        "/v1/embeddings" => json!({"model": "text-embedding-3-small", "input": ["a", "b"]}),
        _ => json!({"contents": [{"role": "user", "parts": [{"text": "hi"}]}]}),
    }
}

/// Sends the path's usual request with the right credential.
pub(crate) async fn ask(simulator: &Simulator, path: &str, stream: bool) -> Answer {
    post(simulator, path, &body(path, stream))
        .await
        .expect("an answer")
}

/// Posts with the right credential in every dialect's header.
pub(crate) async fn post(simulator: &Simulator, path: &str, body: &Value) -> Option<Answer> {
    let key = simulator.credential();
    let request = Request::post(format!("{}{path}", simulator.base_url()))
        .header("authorization", format!("Bearer {key}"))
        .header("x-api-key", key)
        .header("x-goog-api-key", key)
        .header("anthropic-version", "2023-06-01");
    send(request.body(Full::new(Bytes::from(body.to_string()))).unwrap()).await
}

/// `None` when there was no answer at all.
pub(crate) async fn send(request: Request<Full<Bytes>>) -> Option<Answer> {
    let client: Client<HttpConnector, Full<Bytes>> = Client::builder(TokioExecutor::new()).build_http();
    let response = client.request(request).await.ok()?;
    let (parts, mut incoming) = response.into_parts();
    let (mut frames, mut broken) = (Vec::new(), false);
    while let Some(frame) = incoming.frame().await {
        let Ok(frame) = frame else {
            broken = true;
            break;
        };
        frames.extend(frame.into_data().ok());
    }
    Some(Answer {
        status: parts.status,
        headers: parts.headers,
        frames,
        broken,
    })
}

/// Reads one of the simulator's own endpoints.
pub(crate) async fn get(url: String, headers: &[(&str, &str)]) -> Answer {
    let request = headers.iter().fold(Request::get(url), |request, (name, value)| {
        request.header(*name, *value)
    });
    send(request.body(Full::default()).unwrap())
        .await
        .expect("an answer")
}

impl Answer {
    pub(crate) fn bytes(&self) -> Vec<u8> {
        self.frames.concat()
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8(self.bytes()).expect("utf-8")
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.text()).expect("json")
    }

    /// The payloads of all server-sent events but `[DONE]`.
    pub(crate) fn events(&self) -> Vec<Value> {
        let text = self.text();
        let data = text.lines().filter_map(|line| line.strip_prefix("data: "));
        data.filter(|data| *data != "[DONE]")
            .map(|data| serde_json::from_str(data).expect("json"))
            .collect()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
