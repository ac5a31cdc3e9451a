//! What is used later than it is asked for: background responses and batches, through the real binary.

mod background;
mod batches;
mod endings;
mod gemini;
mod granted;
mod lists;
mod upload_address;

use std::time::Duration;

use reqwest::header::HeaderMap;
use reqwest::{Client, Method, StatusCode};
use serde_json::{Value, json};
use tollgate_domain::LedgerEntry;
use tollgate_domain::ports::RecordedEntry;
use tollgate_testkit::{InvoiceLine, Script};

use crate::support::{Backend, GatewayBuilder, Setup};

/// Settings that let the gateway itself look at nothing within a test.
fn patient(builder: GatewayBuilder) -> GatewayBuilder {
    allowed(builder)
        .env("TOLLGATE_PROXY__DEFERRED_POLL_SECONDS", "3600")
        .env("TOLLGATE_PROXY__DEFERRED_POLL_MAX_SECONDS", "3600")
}

/// Settings that let it look at once.
fn eager(builder: GatewayBuilder) -> GatewayBuilder {
    allowed(builder)
        .env("TOLLGATE_PROXY__DEFERRED_POLL_SECONDS", "1")
        .env("TOLLGATE_PROXY__DEFERRED_POLL_MAX_SECONDS", "1")
}

fn allowed(builder: GatewayBuilder) -> GatewayBuilder {
    builder.env(
        "TOLLGATE_PROXY__DEFERRED",
        r#"["background_responses","batches","files"]"#,
    )
}

/// A caller.
struct Caller {
    http: Client,
    base_url: String,
    key: String,
}

struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    text: String,
}

impl Caller {
    fn of(setup: &Setup) -> Self {
        Self::with_key(setup, &setup.key)
    }

    fn with_key(setup: &Setup, key: &str) -> Self {
        Self {
            http: Client::new(),
            base_url: setup.gateway.base_url().to_owned(),
            key: key.to_owned(),
        }
    }

    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let mut request = self.http.request(method, format!("{}{path}", self.base_url));
        request = if path.starts_with("/v1/messages") {
            request
                .header("x-api-key", &self.key)
                .header("anthropic-version", "2023-06-01")
        } else if path.starts_with("/v1beta") || path.starts_with("/download") {
            request.header("x-goog-api-key", &self.key)
        } else {
            request.bearer_auth(&self.key)
        };
        if let Some(body) = body {
            request = request.json(&body);
        }
        answered(request).await
    }

    async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None).await
    }

    async fn post(&self, path: &str, body: Value) -> Answer {
        self.send(Method::POST, path, Some(body)).await
    }

    /// Stores a file for a batch; its id.
    async fn store_file(&self, lines: &[Value]) -> Answer {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let content = lines.join("\n") + "\n";
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\
             Content-Type: application/octet-stream\r\n\r\n{content}\r\n--b--\r\n"
        );
        let request = self.http.post(format!("{}/v1/files", self.base_url));
        let request = request
            .bearer_auth(&self.key)
            .header("content-type", "multipart/form-data; boundary=b");
        answered(request.body(body)).await
    }
}

/// The address that an upload's first answer names.
fn upload_url(answer: &Answer) -> String {
    assert_eq!(answer.status, 200, "{}", answer.text);
    assert!(!answer.headers.contains_key("x-goog-upload-control-url"));
    answer.headers["x-goog-upload-url"].to_str().unwrap().to_owned()
}

impl Caller {
    /// Begins to send a file to Gemini.
    async fn begin_upload(&self) -> Answer {
        let request = self.http.post(format!("{}/upload/v1beta/files", self.base_url));
        let request = request
            .header("x-goog-api-key", &self.key)
            .header("x-goog-upload-protocol", "resumable")
            .header("x-goog-upload-command", "start");
        answered(request.json(&json!({"file": {"mimeType": "application/jsonl"}}))).await
    }

    /// Sends a piece of it, without any key, as the SDKs do.
    async fn send_piece(&self, url: &str, offset: usize, last: bool, piece: &str) -> Answer {
        let command = if last { "upload, finalize" } else { "upload" };
        let request = self.http.post(url);
        let request = request
            .header("x-goog-upload-command", command)
            .header("x-goog-upload-offset", offset.to_string());
        answered(request.body(piece.to_owned())).await
    }

    /// Stores a file for Gemini's batches; its name.
    async fn store_for_gemini(&self, lines: &[Value]) -> String {
        let lines: Vec<String> = lines.iter().map(ToString::to_string).collect();
        let url = upload_url(&self.begin_upload().await);
        let stored = self.send_piece(&url, 0, true, &lines.join("\n")).await.ok();
        stored["file"]["name"].as_str().unwrap().to_owned()
    }
}

async fn answered(request: reqwest::RequestBuilder) -> Answer {
    let response = request.send().await.unwrap();
    let (status, headers) = (response.status(), response.headers().clone());
    let text = response.text().await.unwrap();
    Answer {
        status,
        headers,
        text,
    }
}

impl Answer {
    #[track_caller]
    fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text);
        serde_json::from_str(&self.text).unwrap()
    }

    #[track_caller]
    fn refused(&self, status: u16, label: &str) {
        assert_eq!(self.status.as_u16(), status, "{}", self.text);
        assert_eq!(self.headers["x-tollgate-error"], label, "{}", self.text);
    }
}

/// A script that goes on until it is told to end.
fn endless(script: Script) -> Script {
    Script {
        pending_looks: u32::MAX,
        ..script
    }
}

/// The entries that tell usage, and those that do not.
fn told(entries: &[RecordedEntry]) -> Vec<&LedgerEntry> {
    let entries = entries.iter().map(|recorded| &recorded.journaled.entry);
    entries.filter(|entry| entry.usage.is_some()).collect()
}

/// Entries of deferred operations and their items, in order of the ledger.
fn deferred(entries: &[RecordedEntry]) -> Vec<&LedgerEntry> {
    let entries = entries.iter().map(|recorded| &recorded.journaled.entry);
    entries
        .filter(|entry| entry.attempt.facts.deferred.is_some())
        .collect()
}

/// Waits until nothing is open any more.
async fn settled(setup: &Setup) -> Vec<RecordedEntry> {
    for _ in 0..300 {
        let open = setup.admin.get("/deferred-operations?state=open").await;
        let none = open["items"].as_array().unwrap().is_empty();
        if none {
            return setup.books().await.entries().await;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!(
        "still open: {}",
        setup.admin.get("/deferred-operations?state=open").await
    );
}

/// The log of the request to a path, once it is there.
async fn log_of(setup: &Setup, path: &str) -> Value {
    for _ in 0..300 {
        let logs = setup.admin.get("/request-logs").await;
        let found = logs["items"]
            .as_array()
            .unwrap()
            .iter()
            .find(|log| log["path"] == path);
        if let Some(found) = found {
            return found.clone();
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("no request to {path} is logged");
}

fn billed(invoice: &[InvoiceLine]) -> usize {
    invoice.iter().filter(|line| line.billed).count()
}

/// A request in the background.
async fn ask(caller: &Caller) -> String {
    let asked = caller
        .post(
            "/v1/responses",
            json!({"model": "gpt-4o", "input": "hello", "background": true}),
        )
        .await;
    let object = asked.ok();
    assert_eq!(object["status"], "queued");
    object["id"].as_str().unwrap().to_owned()
}

async fn setup(backend: Backend, settings: fn(GatewayBuilder) -> GatewayBuilder) -> Setup {
    Setup::with(backend, settings).await
}
