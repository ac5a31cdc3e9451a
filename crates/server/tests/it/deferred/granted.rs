//! What a key may not use, it may not use in a batch either.

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tollgate_testkit::Script;

use super::{Caller, Setup, batches, patient, setup, upload_url};
use crate::support::Backend;

const BOTH: [&str; 2] = ["gpt-4o-mini", "gemini-2.5-flash"];

/// A key for certain models; its caller and its id.
async fn limited(setup: &Setup, models: &[&str]) -> (Caller, String) {
    let body = json!({"name": "limited", "allowed_models": models});
    let (status, key) = setup.admin.call(Method::POST, "/keys", Some(body)).await;
    assert_eq!(status, StatusCode::CREATED, "{key}");
    let caller = Caller::with_key(setup, key["token"].as_str().unwrap());
    let known = setup.admin.get("/keys?q=limited").await;
    (caller, known["items"][0]["id"].as_str().unwrap().to_owned())
}

async fn allow(setup: &Setup, key: &str, models: Value) {
    let body = json!({ "allowed_models": models });
    let (status, key) = setup
        .admin
        .call(Method::PATCH, &format!("/keys/{key}"), Some(body))
        .await;
    assert_eq!(status, StatusCode::OK, "{key}");
}

/// Tries until the gateway has seen the change.
async fn refused_soon(caller: &Caller, path: &str, body: &Value) {
    for _ in 0..100 {
        let answer = caller.post(path, body.clone()).await;
        if answer.status == StatusCode::FORBIDDEN {
            return answer.refused(403, "model_not_granted");
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    panic!("never refused");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_with_a_model_that_the_key_may_not_use_is_not_stored() {
    let setup = setup(Backend::Sqlite, patient).await;
    let (caller, _) = limited(&setup, &BOTH).await;
    setup.simulator.script_all(Script::tokens(10, 2));
    let fine = batches::line(0, "gpt-4o-mini");
    let escaped =
        r#"{"custom_id":"x","url":"/v1/chat/completions","body":{"mod\u0065l":"gpt-4o","messages":[]}}"#;
    let unnamed = json!({"custom_id": "x", "url": "/v1/chat/completions", "body": {"messages": []}});
    let (other, fine_line) = (batches::line(1, "gpt-4o"), fine.clone());
    caller
        .store_file(&[fine.clone(), other])
        .await
        .refused(403, "model_not_granted");
    caller
        .store_file(&[fine.clone(), unnamed])
        .await
        .refused(403, "model_not_granted");
    for (line, status, label) in [
        (escaped.to_owned(), 403, "model_not_granted"),
        // Nobody knows what a provider makes of these.
        (format!("{fine_line}{fine_line}"), 400, "body_invalid"),
        ("{\"body\":".to_owned(), 400, "body_invalid"),
    ] {
        let body = format!(
            "--b\r\nContent-Disposition: form-data; name=\"purpose\"\r\n\r\nbatch\r\n--b\r\n\
             Content-Disposition: form-data; name=\"file\"; filename=\"in.jsonl\"\r\n\r\n{line}\r\n--b--\r\n"
        );
        let request = caller.http.post(format!("{}/v1/files", caller.base_url));
        let request = request
            .bearer_auth(&caller.key)
            .header("content-type", "multipart/form-data; boundary=b");
        super::answered(request.body(body)).await.refused(status, label);
    }
    batches::make(&caller, &[fine]).await;
    let stored = setup.simulator.invoice();
    assert!(
        stored.iter().all(|line| line.model == "gpt-4o-mini"),
        "{stored:?}"
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_stored_before_the_key_lost_its_model_makes_no_batch() {
    let setup = setup(Backend::Sqlite, patient).await;
    let (caller, key) = limited(&setup, &["gpt-4o", "gpt-4o-mini"]).await;
    let lines = [batches::line(0, "gpt-4o"), batches::line(1, "gpt-4o-mini")];
    let file = caller.store_file(&lines).await.ok();
    allow(&setup, &key, json!(["gpt-4o-mini"])).await;
    let body = json!({
        "input_file_id": file["id"], "endpoint": "/v1/chat/completions", "completion_window": "24h",
    });
    // Making it is refused as soon as the gateway knows.
    refused_soon(&caller, "/v1/batches", &body).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_batch_of_messages_with_another_model_is_not_made() {
    let setup = setup(Backend::Sqlite, patient).await;
    let (caller, _) = limited(&setup, &["claude-haiku-4-5"]).await;
    let request = |model: Option<&str>| {
        let mut params = json!({"max_tokens": 10, "messages": []});
        if let Some(model) = model {
            params["model"] = json!(model);
        }
        json!({"custom_id": "a", "params": params})
    };
    for other in [Some("claude-sonnet-4-5"), None] {
        let body = json!({"requests": [request(Some("claude-haiku-4-5")), request(other)]});
        caller
            .post("/v1/messages/batches", body)
            .await
            .refused(403, "model_not_granted");
    }
    assert!(setup.simulator.invoice().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gemini_batch_reaches_no_other_model_by_its_path_its_requests_or_its_file() {
    let setup = setup(Backend::Sqlite, patient).await;
    let (caller, key) = limited(&setup, &BOTH).await;
    let request = |model: Option<&str>| {
        let mut request = json!({"contents": [{"parts": [{"text": "hello"}]}]});
        if let Some(model) = model {
            request["model"] = json!(format!("models/{model}"));
        }
        json!({ "request": request })
    };
    let within = |request: Value| json!({"batch": {"inputConfig": {"requests": {"requests": [request]}}}});
    let flash = "/v1beta/models/gemini-2.5-flash:batchGenerateContent";
    let pro = "/v1beta/models/gemini-2.5-pro:batchGenerateContent";
    caller
        .post(pro, within(request(None)))
        .await
        .refused(403, "model_not_granted");
    caller
        .post(flash, within(request(Some("gemini-2.5-pro"))))
        .await
        .refused(400, "body_invalid");
    // Its files are read before they are stored, so they come in one piece.
    let content = request(Some("gemini-2.5-pro")).to_string();
    let url = upload_url(&caller.begin_upload().await);
    caller
        .send_piece(&url, 0, true, &content)
        .await
        .refused(403, "model_not_granted");
    caller
        .send_piece(&url, 0, false, &content)
        .await
        .refused(400, "body_invalid");
    // What nobody read while the key was for everything makes no batch once it is not.
    allow(&setup, &key, Value::Null).await;
    let mut url = String::new();
    for _ in 0..100 {
        url = upload_url(&caller.begin_upload().await);
        if caller.send_piece(&url, 0, false, &content).await.status == 200 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    }
    let stored = caller.send_piece(&url, content.len(), true, "\n").await.ok();
    let of_file = json!({"batch": {"inputConfig": {"fileName": stored["file"]["name"]}}});
    allow(&setup, &key, json!(["gemini-2.5-flash"])).await;
    let mut answer = caller.post(pro, within(request(None))).await;
    while answer.status != StatusCode::FORBIDDEN {
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        answer = caller.post(pro, within(request(None))).await;
    }
    let refused = caller.post(flash, of_file).await;
    refused.refused(400, "body_invalid");
    assert!(refused.text.contains("without being read"), "{}", refused.text);
    let fine = caller.store_for_gemini(&[request(None)]).await;
    let of_allowed = json!({"batch": {"inputConfig": {"fileName": fine}}});
    caller.post(flash, of_allowed).await.ok();
}
