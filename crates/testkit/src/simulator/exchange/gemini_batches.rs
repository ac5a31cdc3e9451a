//! Gemini's files and batches.

use std::sync::Arc;

use http::{HeaderName, HeaderValue, Method, Response, StatusCode};
use serde_json::{Value, json};

use super::super::auth::parameter;
use super::super::body::SimBody;
use super::super::objects::{Asked, Kept};
use super::super::router;
use super::super::state::State;
use super::deferred::{error, is_known, item, lines};
use super::lists;
use crate::protocol::Dialect;

/// Where this provider says it is; nobody can be led there.
const ADDRESS: &str = "https://provider.invalid";
const VERSIONS: [&str; 2] = ["/v1beta/", "/v1/"];
const UPLOADS: [&str; 2] = ["/upload/v1beta/files", "/upload/v1/files"];
const MADE: &str = "2026-11-20T10:00:00.000000000Z";
const ENDED: &str = "2026-11-20T10:05:00.000000000Z";

/// Answers a request that belongs to an object.
pub(super) fn answer(state: &Arc<State>, asked: &Asked) -> Response<SimBody> {
    let known = is_known(state, asked, Dialect::Gemini);
    if UPLOADS.contains(&asked.path.as_str()) {
        let upload = asked
            .query
            .as_deref()
            .and_then(|query| parameter(query, "upload_id"));
        let answer = match upload {
            // Who knows the upload needs no credential.
            Some(upload) => go_on(state, asked, upload),
            None if !known => return error(Dialect::Gemini, 401),
            None => begin(state, asked),
        };
        return answer.unwrap_or_else(|| error(Dialect::Gemini, 400));
    }
    if !known {
        return error(Dialect::Gemini, 401);
    }
    if asked.method == Method::GET && lists::is_gemini(&asked.path) {
        return lists::gemini(state, asked).map_or_else(|| error(Dialect::Gemini, 400), |page| ok(&page));
    }
    let name = VERSIONS
        .into_iter()
        .find_map(|version| asked.path.strip_prefix(version));
    let Some(name) = name else {
        return error(Dialect::Gemini, 404);
    };
    if let Some(rest) = name.strip_prefix("models/") {
        let made = rest
            .rsplit_once(':')
            .and_then(|(model, verb)| make(state, model, verb, &asked.body));
        return made.map_or_else(|| error(Dialect::Gemini, 400), |made| ok(&made));
    }
    found(state, asked, name).unwrap_or_else(|| error(Dialect::Gemini, 404))
}

fn found(state: &State, asked: &Asked, name: &str) -> Option<Response<SimBody>> {
    let (id, verb) = name.rsplit_once(':').map_or((name, ""), |(id, verb)| (id, verb));
    let mut objects = state.objects();
    Some(match (&asked.method, verb) {
        (&Method::GET, "") => ok(&objects.look(id)?),
        (&Method::GET, "download") => {
            let media = asked.query.as_deref()?.contains("alt=media");
            let content = objects.get(id)?.content.clone();
            lines(media.then_some(content)?, "application/octet-stream")
        }
        (&Method::POST, "cancel") => {
            objects.cancel(id)?;
            ok(&json!({}))
        }
        (&Method::DELETE, "") => {
            objects.remove(id)?;
            ok(&json!({}))
        }
        _ => return None,
    })
}

fn ok(value: &Value) -> Response<SimBody> {
    router::json(StatusCode::OK, value)
}

fn with(mut response: Response<SimBody>, headers: &[(&'static str, &str)]) -> Option<Response<SimBody>> {
    for (name, value) in headers {
        let value = HeaderValue::from_str(value).ok()?;
        response
            .headers_mut()
            .insert(HeaderName::from_static(name), value);
    }
    Some(response)
}

fn begin(state: &Arc<State>, asked: &Asked) -> Option<Response<SimBody>> {
    let header = |name: &str| asked.headers.get(name).and_then(|value| value.to_str().ok());
    if header("x-goog-upload-protocol") != Some("resumable")
        || header("x-goog-upload-command") != Some("start")
    {
        return None;
    }
    let upload = state.admit().unique.clone();
    keep(
        state,
        format!("upload/{upload}"),
        json!({}),
        Value::Null,
        Value::Null,
        0,
        Vec::new(),
    );
    let url = format!(
        "{ADDRESS}{}?upload_id={upload}&upload_protocol=resumable",
        asked.path
    );
    let headers = [
        ("x-goog-upload-status", "active"),
        ("x-goog-upload-url", url.as_str()),
        ("x-goog-upload-control-url", url.as_str()),
    ];
    with(lines(Vec::new(), "text/plain"), &headers)
}

fn go_on(state: &Arc<State>, asked: &Asked, upload: &str) -> Option<Response<SimBody>> {
    let header = |name: &str| asked.headers.get(name).and_then(|value| value.to_str().ok());
    let command = header("x-goog-upload-command")?;
    let id = format!("upload/{upload}");
    if command.contains("upload") {
        let offset = header("x-goog-upload-offset")?.parse().ok()?;
        state.objects().append(&id, offset, &asked.body)?;
    }
    if !command.contains("finalize") {
        return with(
            lines(Vec::new(), "text/plain"),
            &[("x-goog-upload-status", "active")],
        );
    }
    let content = state.objects().remove(&id)?.content;
    let file = store(state, content, "UPLOADED");
    with(ok(&json!({ "file": file })), &[("x-goog-upload-status", "final")])
}

fn store(state: &Arc<State>, content: Vec<u8>, source: &str) -> Value {
    let name = format!("files/{}", state.admit().unique);
    let file = json!({
        "name": name, "mimeType": "application/jsonl", "sizeBytes": content.len().to_string(), "createTime": MADE,
        "updateTime": MADE, "expirationTime": "2026-11-22T10:00:00Z", "uri": format!("{ADDRESS}/v1beta/{name}"),
        "state": "ACTIVE", "source": source,
    });
    keep(state, name, file.clone(), file.clone(), file.clone(), 0, content);
    file
}

fn keep(
    state: &State,
    id: String,
    going_on: Value,
    ended: Value,
    cancelled: Value,
    looks: u32,
    content: Vec<u8>,
) {
    let kept = Kept {
        looks,
        going_on,
        ended,
        cancelled,
        content,
        events: Vec::new(),
    };
    state.objects().put(id, kept);
}

/// The requests of a batch: what each answer says of its request, and the request.
fn requests(state: &State, config: &Value) -> Option<(bool, Vec<(Value, Value)>)> {
    let name = config.get("fileName").or_else(|| config.get("file_name"));
    if let Some(name) = name {
        let content = state.objects().get(name.as_str()?)?.content.clone();
        let lines = content
            .split(|byte| *byte == b'\n')
            .filter(|line| !line.is_empty());
        let read = |line: &[u8]| {
            let line: Value = serde_json::from_slice(line).ok()?;
            let request = line.get("request").unwrap_or(&line).clone();
            let own = line
                .get("key")
                .map_or_else(|| json!({}), |key| json!({ "key": key }));
            Some((own, request))
        };
        return Some((true, lines.map(read).collect::<Option<_>>()?));
    }
    let requests = config.pointer("/requests/requests")?.as_array()?;
    let read = |request: &Value| {
        let own = request
            .get("metadata")
            .map_or_else(|| json!({}), |metadata| json!({ "metadata": metadata }));
        Some((own, request.get("request")?.clone()))
    };
    Some((false, requests.iter().map(read).collect::<Option<_>>()?))
}

fn make(state: &Arc<State>, model: &str, verb: &str, body: &[u8]) -> Option<Value> {
    let embeds = verb == "asyncBatchEmbedContent";
    let asked: Value = serde_json::from_slice(body).ok()?;
    let batch = asked.get("batch")?;
    let config = batch.get("inputConfig").or_else(|| batch.get("input_config"))?;
    let (from_file, requests) = requests(state, config)?;
    let path = if embeds {
        format!("/v1beta/models/{model}:embedContent")
    } else {
        format!("/v1beta/models/{model}:generateContent")
    };
    let (mut results, mut looks, mut failed) = (Vec::new(), 0, 0_usize);
    for (mut result, request) in requests {
        let (status, answer, script) = item(state, &path, &request)?;
        looks = looks.max(script.pending_looks);
        let (member, value) = if status == 200 {
            ("response", if embeds { embedded(&answer) } else { answer })
        } else {
            failed += 1;
            ("error", json!({"code": 8, "message": "it was refused"}))
        };
        result.as_object_mut()?.insert(member.to_owned(), value);
        results.push(result);
    }
    let total = results.len();
    let output = if from_file {
        let mut content = Vec::new();
        for result in &results {
            content.extend_from_slice(result.to_string().as_bytes());
            content.push(b'\n');
        }
        let file = store(state, content, "GENERATED");
        json!({"responsesFile": file.get("name")})
    } else {
        let list = if embeds {
            "inlinedEmbedContentResponses"
        } else {
            "inlinedResponses"
        };
        json!({list: {"inlinedResponses": results}})
    };
    let name = format!("batches/{}", state.admit().unique);
    let described = |status: &str, more: Value| {
        let mut metadata = json!({
            "@type": "type.googleapis.com/google.ai.generativelanguage.v1main.GenerateContentBatch",
            "model": format!("models/{model}"), "displayName": batch.get("displayName"), "createTime": MADE,
            "updateTime": MADE, "batchStats": {"requestCount": total.to_string()}, "state": status, "name": name,
        });
        if let (Some(metadata), Some(more)) = (metadata.as_object_mut(), more.as_object()) {
            metadata.extend(more.clone());
        }
        metadata
    };
    let counted = json!({
        "requestCount": total.to_string(), "successfulRequestCount": (total - failed).to_string(),
        "failedRequestCount": failed.to_string(),
    });
    let done = json!({"endTime": ENDED, "batchStats": counted, "output": output});
    let ended = json!({
        "name": name, "metadata": described("BATCH_STATE_SUCCEEDED", done), "done": true, "response": output,
    });
    let cancelled = json!({
        "name": name, "metadata": described("BATCH_STATE_CANCELLED", json!({"endTime": ENDED})), "done": true,
        "error": {"code": 1, "message": "it was cancelled"},
    });
    let going_on = json!({"name": name, "metadata": described("BATCH_STATE_RUNNING", json!({}))});
    keep(state, name.clone(), going_on, ended, cancelled, looks, Vec::new());
    Some(json!({"name": name, "metadata": described("BATCH_STATE_PENDING", json!({}))}))
}

/// An embedding as batches have it: its tokens stand beside it.
fn embedded(answer: &Value) -> Value {
    let tokens = answer
        .pointer("/usageMetadata/promptTokenCount")
        .and_then(Value::as_u64);
    json!({"embedding": answer.get("embedding"), "tokenCount": tokens.map(|tokens| tokens.to_string())})
}
