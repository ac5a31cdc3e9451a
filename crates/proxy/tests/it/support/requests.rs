use bytes::Bytes;
use http::Request;
use http_body_util::Full;
use serde_json::{Value, json};

use super::CLIENT_KEY;

/// A request to any path of OpenAI's dialect.
pub(crate) fn openai(path: &str, body: &Value) -> Request<Full<Bytes>> {
    post(path, "authorization", &format!("Bearer {CLIENT_KEY}"), body)
}

/// A form with text fields and a file.
pub(crate) fn form(path: &str, fields: &[(&str, &str)]) -> Request<Full<Bytes>> {
    form_with(path, fields, b"RIFF")
}

/// A form with text fields and this file.
pub(crate) fn form_with(path: &str, fields: &[(&str, &str)], file: &[u8]) -> Request<Full<Bytes>> {
    let part = |(name, value): &(&str, &str)| {
        format!("--b\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    let mut body: String = fields.iter().map(part).collect();
    body += "--b\r\nContent-Disposition: form-data; name=\"file\"; filename=\"a.wav\"\r\n\r\n";
    let body = [body.as_bytes(), file, b"\r\n--b--\r\n"].concat();
    Request::post(path)
        .header("authorization", format!("Bearer {CLIENT_KEY}"))
        .header("content-type", "multipart/form-data; boundary=b")
        .body(Full::from(body))
        .unwrap()
}

/// A request to a path, with a JSON body and the caller's key in one header.
fn post(path: &str, key_header: &str, key: &str, body: &Value) -> Request<Full<Bytes>> {
    Request::post(path)
        .header(key_header, key)
        .header("content-type", "application/json")
        .body(Full::from(body.to_string()))
        .unwrap()
}

pub(crate) fn chat(body: &Value) -> Request<Full<Bytes>> {
    let mut whole = json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "Grüße"}]});
    whole
        .as_object_mut()
        .unwrap()
        .extend(body.as_object().unwrap().clone());
    post(
        "/v1/chat/completions",
        "authorization",
        &format!("Bearer {CLIENT_KEY}"),
        &whole,
    )
}

pub(crate) fn chat_stream() -> Request<Full<Bytes>> {
    chat(&json!({"stream": true}))
}

pub(crate) fn responses(body: &Value) -> Request<Full<Bytes>> {
    let mut whole = json!({"model": "gpt-4o", "input": "hello"});
    whole
        .as_object_mut()
        .unwrap()
        .extend(body.as_object().unwrap().clone());
    post(
        "/v1/responses",
        "authorization",
        &format!("Bearer {CLIENT_KEY}"),
        &whole,
    )
}

pub(crate) fn embeddings() -> Request<Full<Bytes>> {
    let body = json!({"model": "text-embedding-3-small", "input": "hello"});
    post(
        "/v1/embeddings",
        "authorization",
        &format!("Bearer {CLIENT_KEY}"),
        &body,
    )
}

pub(crate) fn anthropic(body: &Value) -> Request<Full<Bytes>> {
    let mut whole =
        json!({"model": "gpt-4o", "max_tokens": 100, "messages": [{"role": "user", "content": "hello"}]});
    whole
        .as_object_mut()
        .unwrap()
        .extend(body.as_object().unwrap().clone());
    let mut request = post("/v1/messages", "x-api-key", CLIENT_KEY, &whole);
    request
        .headers_mut()
        .insert("anthropic-version", "2023-06-01".parse().unwrap());
    request
}

pub(crate) fn gemini(method_and_query: &str) -> Request<Full<Bytes>> {
    let body = json!({"contents": [{"role": "user", "parts": [{"text": "hello"}]}]});
    post(
        &format!("/v1beta/models/gpt-4o:{method_and_query}"),
        "x-goog-api-key",
        CLIENT_KEY,
        &body,
    )
}
