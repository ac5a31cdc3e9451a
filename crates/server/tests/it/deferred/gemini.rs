//! Gemini's batches, with requests within them and in files.

use reqwest::Method;
use serde_json::{Value, json};
use tollgate_domain::Verdict;
use tollgate_testkit::{Counts, Meter, Script};

use super::batches::check;
use super::{Caller, Setup, deferred, eager, endless, patient, settled, setup, told, upload_url};
use crate::support::{Admin, Backend, GatewayBuilder, both};

const MODEL: &str = "gemini-2.5-flash";

fn request(number: usize) -> Value {
    json!({"contents": [{"role": "user", "parts": [{"text": format!("hello {number}")}]}]})
}

fn line(number: usize) -> Value {
    json!({"key": format!("item-{number}"), "request": request(number)})
}

fn of_file(name: &str) -> Value {
    json!({"batch": {"displayName": "from a file", "inputConfig": {"fileName": name}}})
}

fn within(requests: &[Value]) -> Value {
    json!({"batch": {"displayName": "within", "inputConfig": {"requests": {"requests": requests}}}})
}

/// Makes a batch; its name.
async fn make(caller: &Caller, body: Value) -> String {
    let path = format!("/v1beta/models/{MODEL}:batchGenerateContent");
    let batch = caller.post(&path, body).await.ok();
    assert_eq!(batch["metadata"]["state"], "BATCH_STATE_PENDING");
    batch["name"].as_str().unwrap().to_owned()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn every_request_within_a_gemini_batch_is_billed_once_however_often_it_is_fetched() {
    both(inlined).await;
}

async fn inlined(backend: Backend) {
    let setup = setup(backend, eager).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_next(MODEL, Script::status(500));
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let requests: Vec<_> = (0..5)
        .map(|number| json!({"request": request(number), "metadata": {"key": "all the same"}}))
        .collect();
    let name = make(&caller, within(&requests)).await;
    let path = format!("/v1beta/{name}");
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    let refused = stranger.get(&path).await;
    refused.refused(404, "object_unknown");
    let error: Value = serde_json::from_str(&refused.text).unwrap();
    assert_eq!(error["error"]["status"], "NOT_FOUND");
    stranger
        .post(&format!("{path}:cancel"), json!({}))
        .await
        .refused(404, "object_unknown");
    let shown = caller.get(&path).await.ok();
    assert_eq!(shown["metadata"]["state"], "BATCH_STATE_RUNNING");
    caller
        .send(Method::DELETE, &path, None)
        .await
        .refused(409, "object_unbilled");
    setup.simulator.end_deferred();
    for answer in futures_util::future::join_all((0..8).map(|_| caller.get(&path))).await {
        let batch = answer.ok();
        let results = &batch["response"]["inlinedResponses"]["inlinedResponses"];
        assert_eq!(results.as_array().unwrap().len(), 5, "{batch}");
    }
    let entries = settled(&setup).await;
    check(&setup, &entries, 5);
    // 1000 x 0.15 + 200 x 1.25 USD per million, four times.
    let whole = deferred(&entries).into_iter().find(|entry| !entry.is_item());
    let log = setup.admin.log(whole.unwrap().attempt.request_id).await;
    assert_eq!(
        (&log["billing_status"], &log["cost"], &log["attempts"]),
        (&json!("billed"), &json!("0.0016"), &json!(1))
    );
    caller.send(Method::DELETE, &path, None).await.ok();
    assert_eq!(told(&setup.books().await.entries().await).len(), 4);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gemini_batch_of_a_file_is_billed_by_the_gateways_own_look() {
    both(of_a_file).await;
}

async fn of_a_file(backend: Backend) {
    let setup = setup(backend, eager).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(Script::tokens(1_000, 200));
    let lines: Vec<String> = (0..3).map(|number| line(number).to_string()).collect();
    let content = lines.join("\n");
    let url = upload_url(&caller.begin_upload().await);
    // What follows comes back to the gateway, which leads nobody to the provider.
    assert!(url.starts_with(&caller.base_url), "{url}");
    let (first, rest) = content.split_at(40);
    assert_eq!(
        caller.send_piece(&url, 0, false, first).await.headers["x-goog-upload-status"],
        "active"
    );
    // Who does not know the upload cannot go on with it.
    let (start, _) = url.split_once("upload_id=").unwrap();
    let (_, owner) = url.rsplit_once('&').unwrap();
    let guessed = format!("{start}upload_id=guessed&{owner}");
    caller
        .send_piece(&guessed, 40, true, rest)
        .await
        .refused(404, "object_unknown");
    let nobody = format!("{start}upload_id=guessed");
    caller
        .send_piece(&nobody, 40, true, rest)
        .await
        .refused(401, "key_missing");
    let stored = caller.send_piece(&url, 40, true, rest).await;
    assert_eq!(stored.headers["x-goog-upload-status"], "final");
    let file = stored.ok()["file"]["name"].as_str().unwrap().to_owned();
    let shown = caller.get(&format!("/v1beta/{file}")).await.ok();
    assert_eq!(shown["state"], "ACTIVE");
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    stranger
        .get(&format!("/v1beta/{file}"))
        .await
        .refused(404, "object_unknown");
    stranger
        .post(
            &format!("/v1beta/models/{MODEL}:batchGenerateContent"),
            of_file(&file),
        )
        .await
        .refused(404, "object_unknown");
    let name = make(&caller, of_file(&file)).await;
    let entries = settled(&setup).await;
    check(&setup, &entries, 3);
    let keys: Vec<_> = deferred(&entries)
        .iter()
        .filter_map(|entry| entry.attempt.facts.deferred.as_ref()?.item_id.clone())
        .collect();
    for key in ["1:item-0", "2:item-1", "3:item-2"] {
        assert!(keys.iter().any(|known| known == key), "{keys:?}");
    }
    let batch = caller.get(&format!("/v1beta/{name}")).await.ok();
    let results = batch["metadata"]["output"]["responsesFile"].as_str().unwrap();
    for path in [
        format!("/v1beta/{results}:download?alt=media"),
        format!("/download/v1beta/{results}:download?alt=media"),
    ] {
        let content = caller.get(&path).await;
        assert_eq!(content.status, 200, "{}", content.text);
        assert_eq!(content.text.lines().count(), 3);
        stranger.get(&path).await.refused(404, "object_unknown");
    }
    check(&setup, &setup.books().await.entries().await, 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_kill_while_a_gemini_batch_is_settled_doubles_and_loses_none() {
    both(killed).await;
}

async fn killed(backend: Backend) {
    let mut setup = setup(backend, patient).await;
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let caller = Caller::of(&setup);
    let lines: Vec<_> = (0..1_300).map(line).collect();
    let file = caller.store_for_gemini(&lines).await;
    let name = make(&caller, of_file(&file)).await;
    let few: Vec<_> = (0..700)
        .map(|number| json!({"request": request(number)}))
        .collect();
    let other = make(&caller, within(&few)).await;
    setup.simulator.end_deferred();
    let url = setup.backend.url(setup.data_dir.path());
    for round in 0..3 {
        let caller = Caller::of(&setup);
        caller.get(&format!("/v1beta/{name}")).await.ok();
        caller.get(&format!("/v1beta/{other}")).await.ok();
        let wanted = if round == 0 { 300 } else { 900 };
        setup.books().await.wait_for(wanted).await;
        setup.gateway.kill().await;
        setup.gateway = eager(GatewayBuilder::new(setup.data_dir.path(), &url))
            .start()
            .await;
        setup.admin = Admin::new(setup.gateway.admin_url());
    }
    let entries = settled(&setup).await;
    check(&setup, &entries, 2_000);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_cancelled_gemini_batch_is_unbilled_for_nobody_says_what_was_done_of_it() {
    let setup = setup(Backend::Sqlite, eager).await;
    let caller = Caller::of(&setup);
    setup.simulator.script_all(Script {
        billed: Some(false),
        ..endless(Script::tokens(10, 2))
    });
    let name = make(&caller, within(&[json!({"request": request(0)})])).await;
    let cancelled = caller
        .post(&format!("/v1beta/{name}:cancel"), json!({}))
        .await
        .ok();
    assert_eq!(cancelled, json!({}));
    let entries = settled(&setup).await;
    let entry = deferred(&entries)[0];
    assert_eq!(entry.verdict.reason(), Some("usage_missing"));
    assert_eq!(
        entry.detail.as_deref(),
        Some("it ended as BATCH_STATE_CANCELLED, and has no results")
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn embeddings_made_in_a_batch_are_counted_and_await_their_price() {
    let setup = setup(Backend::Sqlite, eager).await;
    setup
        .admin
        .create_upstream(json!({
            "name": "embeds", "provider": "gemini", "protocols": ["gemini_embed"],
            "base_url": setup.simulator.base_url(), "credential": setup.simulator.credential(),
        }))
        .await;
    let caller = Caller::of(&setup);
    let counts = Counts::default().with(Meter::Input, 77);
    setup.simulator.script_all(Script {
        usage: Some(counts),
        ..Script::default()
    });
    let requests: Vec<_> = ["one", "two"]
        .iter()
        .map(|text| json!({"request": {"content": {"parts": [{"text": text}]}}}))
        .collect();
    let path = "/v1beta/models/gemini-embedding-001:asyncBatchEmbedContent";
    caller.post(path, within(&requests)).await.ok();
    let entries = settled(&setup).await;
    let items: Vec<_> = deferred(&entries)
        .into_iter()
        .filter(|entry| entry.is_item())
        .collect();
    assert_eq!(items.len(), 2);
    for item in items {
        // The public map has no batch price for it.
        assert_eq!(item.verdict.reason(), Some("price_not_found"));
        let counted = item.usage.as_ref().unwrap().get(tollgate_domain::Meter::Input);
        assert_eq!(counted.get(), 77);
        assert_ne!(item.verdict, Verdict::Billed);
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_a_gemini_batch_is_made_of_must_fit_it() {
    let setup = setup(Backend::Sqlite, patient).await;
    let caller = Caller::of(&setup);
    let path = format!("/v1beta/models/{MODEL}:batchGenerateContent");
    let mut other = request(0);
    other["model"] = json!("models/gemini-2.5-pro");
    for wrong in [
        json!({}),
        json!({"batch": {"inputConfig": {}}}),
        within(&[json!({ "request": other })]),
    ] {
        caller.post(&path, wrong).await.refused(400, "body_invalid");
    }
    let file = caller
        .store_for_gemini(&[json!({"key": "a", "request": other})])
        .await;
    let refused = caller.post(&path, of_file(&file)).await;
    refused.refused(400, "body_invalid");
    assert!(refused.text.contains("gemini-2.5-pro"), "{}", refused.text);
    caller
        .post(&path, of_file("files/nobody"))
        .await
        .refused(404, "object_unknown");
    let begun = caller
        .http
        .post(format!("{}/upload/v1beta/files", caller.base_url))
        .header("x-goog-api-key", &caller.key)
        .header("x-goog-upload-protocol", "multipart")
        .send()
        .await
        .unwrap();
    assert_eq!(begun.status(), 400);
    assert!(setup.simulator.invoice().is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn gemini_batches_are_refused_by_name_where_they_are_not_allowed() {
    let setup = Setup::new(Backend::Sqlite).await;
    let caller = Caller::of(&setup);
    for path in [
        format!("/v1beta/models/{MODEL}:batchGenerateContent"),
        "/v1beta/batches/b".to_owned(),
        "/v1beta/files/f".to_owned(),
        "/upload/v1beta/files".to_owned(),
        "/download/v1beta/files/f:download".to_owned(),
    ] {
        caller
            .post(&path, json!({}))
            .await
            .refused(400, "not_metered_yet");
    }
}
