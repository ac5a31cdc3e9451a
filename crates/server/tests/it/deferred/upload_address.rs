//! The address that a file for Gemini is sent to.

use serde_json::json;

use super::{Answer, Caller, Setup, allowed, answered, upload_url};
use crate::support::{Backend, GatewayBuilder};

/// Begins an upload as a reverse proxy hands it on.
async fn begin(caller: &Caller) -> Answer {
    let request = caller
        .http
        .post(format!("{}/upload/v1beta/files", caller.base_url));
    let request = request
        .header("x-goog-api-key", &caller.key)
        .header("x-goog-upload-protocol", "resumable")
        .header("x-goog-upload-command", "start")
        .header("x-forwarded-host", "llm.example")
        .header("x-forwarded-proto", "https");
    answered(request.json(&json!({"file": {"mimeType": "application/jsonl"}}))).await
}

fn behind_a_proxy(builder: GatewayBuilder) -> GatewayBuilder {
    allowed(builder).env("TOLLGATE_ACCESS__TRUSTED_PROXIES", r#"["127.0.0.0/8"]"#)
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_trusted_proxy_says_where_a_file_is_sent_and_nobody_else_does() {
    let setup = Setup::with(Backend::Sqlite, behind_a_proxy).await;
    let url = upload_url(&begin(&Caller::of(&setup)).await);
    assert!(
        url.starts_with("https://llm.example/upload/v1beta/files?"),
        "{url}"
    );

    let setup = Setup::with(Backend::Sqlite, allowed).await;
    let caller = Caller::of(&setup);
    let url = upload_url(&begin(&caller).await);
    assert!(url.starts_with(&caller.base_url), "{url}");
    caller.send_piece(&url, 0, true, "{}").await.ok();
}
