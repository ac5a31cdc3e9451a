//! The simulator's own endpoints under `/_sim/`, for tests in another process.

use http::{Method, Response, StatusCode};
use serde::Deserialize;
use serde_json::{Value, json};

use super::body::SimBody;
use super::router;
use super::script::Script;
use super::scripts::ANY_MODEL;
use super::state::State;

/// `POST /_sim/script`.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct ScriptRequest {
    /// Every model when it is missing.
    model: Option<String>,
    /// How many requests get it; every one from now on when it is missing.
    times: Option<usize>,
    /// Either this …
    script: Option<Script>,
    /// … or the name of a preset.
    preset: Option<String>,
}

/// Answers `GET invoice`, `GET stats`, `POST script`, `POST release`, `POST reset`.
pub(super) fn answer(state: &State, method: &Method, operation: &str, body: &[u8]) -> Response<SimBody> {
    match (method, operation) {
        (&Method::GET, "invoice") => ok(json!(state.invoice().lines())),
        (&Method::GET, "stats") => ok(json!(state.stats())),
        (&Method::POST, "script") => match set_script(state, body) {
            Ok(()) => done(),
            Err(detail) => router::json(StatusCode::BAD_REQUEST, &json!({ "error": detail })),
        },
        (&Method::POST, "release") => {
            state.hold.release();
            done()
        }
        (&Method::POST, "reset") => {
            state.reset();
            done()
        }
        _ => router::json(StatusCode::NOT_FOUND, &json!({"error": "no such operation"})),
    }
}

fn set_script(state: &State, body: &[u8]) -> Result<(), String> {
    let request: ScriptRequest = serde_json::from_slice(body).map_err(|error| error.to_string())?;
    let script = match (request.script, request.preset) {
        (Some(script), None) => script,
        (None, Some(name)) => Script::preset(&name).map_err(|error| error.to_string())?,
        _ => return Err("give either `script` or `preset`".to_owned()),
    };
    let model = request.model.as_deref().unwrap_or(ANY_MODEL);
    match request.times {
        Some(times) => state.scripts().push(model, script, times),
        None => state.scripts().set(model, script),
    }
    Ok(())
}

fn done() -> Response<SimBody> {
    ok(json!({"done": true}))
}

#[expect(
    clippy::needless_pass_by_value,
    reason = "every caller makes the value for this"
)]
fn ok(value: Value) -> Response<SimBody> {
    router::json(StatusCode::OK, &value)
}
