//! Lists of a key's own batches and files.

use std::time::Duration;

use reqwest::{Method, StatusCode};
use serde_json::{Value, json};
use tollgate_testkit::{Script, Simulator};

use super::{Caller, Setup, batches, deferred, eager, endless, patient, settled, setup, told};
use crate::support::{Backend, both};

fn ids(list: &[Value], name: &str) -> Vec<String> {
    let id = |object: &Value| object[name].as_str().unwrap().to_owned();
    list.iter().map(id).collect()
}

/// The ids on a page of `OpenAI`'s or Anthropic's, which its own first and last ones agree with.
#[track_caller]
fn page(answer: &Value) -> Vec<String> {
    let ids = ids(answer["data"].as_array().unwrap(), "id");
    assert_eq!(answer["first_id"].as_str(), ids.first().map(String::as_str));
    assert_eq!(answer["last_id"].as_str(), ids.last().map(String::as_str));
    ids
}

fn messages(number: usize) -> Value {
    json!({"requests": [{"custom_id": format!("m-{number}"), "params": {
        "model": "claude-sonnet-4-5", "max_tokens": 100, "messages": [{"role": "user", "content": format!("{number}")}],
    }}]})
}

async fn made(caller: &Caller, path: &str, body: Value) -> Value {
    caller.post(path, body).await.ok()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_key_pages_through_its_own_batches_and_files_and_no_others() {
    both(openai).await;
}

async fn openai(backend: Backend) {
    let setup = setup(backend, patient).await;
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let caller = Caller::of(&setup);
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    let empty = caller.get("/v1/batches").await.ok();
    assert_eq!(
        empty,
        json!({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false})
    );
    let mut mine = Vec::new();
    for number in 0..5 {
        mine.push(batches::make(&caller, &[batches::line(number, "gpt-4o")]).await);
        let theirs = batches::make(&stranger, &[batches::line(number, "gpt-4o")]).await;
        assert!(!mine.contains(&theirs));
    }
    mine.reverse();
    let invoiced = setup.simulator.invoice().len();
    let whole = caller.get("/v1/batches").await;
    assert_eq!(whole.headers.get("x-tollgate-unseen"), None);
    let whole = whole.ok();
    assert_eq!((page(&whole), &whole["has_more"]), (mine.clone(), &json!(false)));
    // Each object is what it is by itself.
    let one = caller.get(&format!("/v1/batches/{}", mine[0])).await;
    let alone: Value = one.ok();
    assert_eq!(whole["data"][0], alone);
    assert_eq!(whole["data"][0]["status"], "in_progress");
    // Page by page, on every path that leads to them.
    for tree in ["/v1", "/openai/v1", "/api/proxy/v1"] {
        let (mut seen, mut after) = (Vec::new(), String::new());
        loop {
            let path = format!("{tree}/batches?limit=2{after}");
            let answer = caller.get(&path).await.ok();
            seen.extend(page(&answer));
            if answer["has_more"] == json!(false) {
                break;
            }
            assert_eq!(answer["data"].as_array().unwrap().len(), 2);
            after = format!("&after={}", answer["last_id"].as_str().unwrap());
        }
        assert_eq!(seen, mine, "{tree}");
    }
    let last = caller.get(&format!("/v1/batches?after={}", mine[4])).await.ok();
    assert_eq!((page(&last), &last["has_more"]), (vec![], &json!(false)));

    // The log of a later list is in the database, and so is every entry before it.
    let log = super::log_of(&setup, "/openai/v1/batches").await;
    assert_eq!(
        (&log["attempts"], &log["http_status"], &log["cost"]),
        (&json!(0), &json!(200), &Value::Null),
        "{log}"
    );
    // Ten files that were stored and the look at one batch; the batches themselves are open.
    let after = setup.books().await.entries().await;
    assert_eq!(after.len(), 11);
    assert_eq!(setup.simulator.invoice().len(), invoiced);
    assert!(told(&after).is_empty());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_are_listed_by_what_they_are_for_in_either_order() {
    both(files).await;
}

async fn files(backend: Backend) {
    let setup = setup(backend, patient).await;
    setup.simulator.script_all(Script::tokens(1_000, 200));
    let caller = Caller::of(&setup);
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    for number in 0..5 {
        batches::make(&caller, &[batches::line(number, "gpt-4o")]).await;
        batches::make(&stranger, &[batches::line(number, "gpt-4o")]).await;
    }
    let ended = caller.get("/v1/batches?limit=3").await.ok();
    let outputs: Vec<_> = ended["data"].as_array().unwrap().iter().collect();
    assert!(
        outputs.iter().all(|batch| batch["status"] == "completed"),
        "{ended}"
    );
    for batch in outputs {
        let output = batch["output_file_id"].as_str().unwrap();
        // A file that a list named is found like one that its batch named.
        let content = caller.get(&format!("/v1/files/{output}/content")).await;
        assert_eq!(content.status, 200, "{}", content.text);
        stranger
            .get(&format!("/v1/files/{output}/content"))
            .await
            .refused(404, "object_unknown");
    }
    let files = |query: &'static str| {
        let caller = &caller;
        async move { caller.get(&format!("/v1/files{query}")).await.ok() }
    };
    let all = page(&files("").await);
    assert_eq!(all.len(), 8, "{all:?}");
    let sent = files("?purpose=batch").await;
    assert_eq!(page(&sent).len(), 5);
    assert!(
        sent["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|file| file["purpose"] == "batch")
    );
    let results = files("?purpose=batch_output").await;
    assert_eq!(page(&results).len(), 3);
    assert!(
        results["data"]
            .as_array()
            .unwrap()
            .iter()
            .all(|file| file["purpose"] == "batch_output")
    );
    assert!(page(&files("?purpose=fine-tune").await).is_empty());
    let mut upwards = page(&files("?order=asc").await);
    upwards.reverse();
    assert_eq!(upwards, all);
    let second = caller
        .get(&format!("/v1/files?order=asc&limit=1&after={}", all[7]))
        .await
        .ok();
    assert_eq!(
        (page(&second), &second["has_more"]),
        (vec![all[6].clone()], &json!(true))
    );
    assert_eq!(page(&stranger.get("/v1/files").await.ok()).len(), 5);

    // A place in another's list is none in this one, and nothing is said of it.
    for (path, parameter) in [
        (
            format!(
                "/v1/files?after={}",
                page(&stranger.get("/v1/files").await.ok())[0]
            ),
            "after",
        ),
        (format!("/v1/batches?after={}", all[0]), "after"),
        ("/v1/batches?limit=101".to_owned(), "limit"),
        ("/v1/files?order=sideways".to_owned(), "order"),
    ] {
        let refused = caller.get(&path).await;
        refused.refused(400, "parameter_invalid");
        let error: Value = serde_json::from_str(&refused.text).unwrap();
        assert_eq!(
            (&error["error"]["type"], &error["error"]["param"]),
            (&json!("invalid_request_error"), &json!(parameter)),
            "{path}"
        );
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn message_batches_are_paged_both_ways() {
    both(anthropic).await;
}

async fn anthropic(backend: Backend) {
    let setup = setup(backend, patient).await;
    setup.simulator.script_all(Script::tokens(1_000, 200));
    let caller = Caller::of(&setup);
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    let mut mine = Vec::new();
    for number in 0..5 {
        let batch = made(&caller, "/v1/messages/batches", messages(number)).await;
        mine.push(batch["id"].as_str().unwrap().to_owned());
        made(&stranger, "/v1/messages/batches", messages(number)).await;
    }
    mine.reverse();
    let list = |query: String| {
        let caller = &caller;
        async move { caller.get(&format!("/v1/messages/batches{query}")).await.ok() }
    };
    let whole = list(String::new()).await;
    assert_eq!((page(&whole), &whole["has_more"]), (mine.clone(), &json!(false)));
    for batch in whole["data"].as_array().unwrap() {
        assert_eq!(batch["processing_status"], "ended");
        let results = batch["results_url"].as_str().unwrap();
        assert!(results.starts_with("/v1/messages/batches/"), "{results}");
        assert_eq!(caller.get(results).await.text.lines().count(), 1);
    }
    for (query, expected, more) in [
        ("?limit=2".to_owned(), &mine[..2], true),
        (format!("?limit=2&after_id={}", mine[1]), &mine[2..4], true),
        (format!("?limit=2&after_id={}", mine[3]), &mine[4..], false),
        // What is just newer, the newest first.
        (format!("?limit=2&before_id={}", mine[4]), &mine[2..4], true),
        (format!("?limit=2&before_id={}", mine[2]), &mine[..2], false),
        (format!("?before_id={}", mine[0]), &mine[..0], false),
    ] {
        let answer = list(query.clone()).await;
        assert_eq!(
            (page(&answer).as_slice(), &answer["has_more"]),
            (expected, &json!(more)),
            "{query}"
        );
    }
    for query in ["?limit=0", "?limit=1001", "?after_id=msgbatch_none"] {
        let refused = caller.get(&format!("/v1/messages/batches{query}")).await;
        refused.refused(400, "parameter_invalid");
        let error: Value = serde_json::from_str(&refused.text).unwrap();
        assert_eq!(
            (&error["type"], &error["error"]["type"]),
            (&json!("error"), &json!("invalid_request_error"))
        );
    }
}

const FLASH: &str = "gemini-2.5-flash";

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn geminis_batches_and_files_are_paged_by_token() {
    both(gemini).await;
}

async fn gemini(backend: Backend) {
    let setup = setup(backend, patient).await;
    setup.simulator.script_all(Script::tokens(1_000, 200));
    let caller = Caller::of(&setup);
    let stranger = Caller::with_key(&setup, &setup.admin.create_key("stranger").await);
    assert_eq!(caller.get("/v1beta/batches").await.ok(), json!({}));
    let line = json!({"key": "k", "request": {"contents": [{"role": "user", "parts": [{"text": "hello"}]}]}});
    // One of them has more within it than a list carries.
    let long = json!({"contents": [{"role": "user", "parts": [{"text": "x".repeat(600_000)}]}]});
    let within = json!({"batch": {"displayName": "long", "inputConfig": {"requests": {"requests": [
        {"request": long},
    ]}}}});
    let path = format!("/v1beta/models/{FLASH}:batchGenerateContent");
    let mut mine = Vec::new();
    let mut files = Vec::new();
    for number in 0..3 {
        let file = caller.store_for_gemini(std::slice::from_ref(&line)).await;
        stranger.store_for_gemini(std::slice::from_ref(&line)).await;
        let body = if number == 1 {
            within.clone()
        } else {
            json!({"batch": {"displayName": "b", "inputConfig": {"fileName": file}}})
        };
        files.push(file);
        let batch = made(&caller, &path, body).await;
        mine.push(batch["name"].as_str().unwrap().to_owned());
    }
    mine.reverse();
    files.reverse();
    let whole = caller.get("/v1beta/batches").await.ok();
    let operations = whole["operations"].as_array().unwrap();
    assert_eq!(
        (ids(operations, "name"), &whole["nextPageToken"]),
        (mine.clone(), &Value::Null)
    );
    assert!(
        operations
            .iter()
            .all(|batch| batch["metadata"]["state"] == "BATCH_STATE_SUCCEEDED"),
        "{whole}"
    );
    let first = caller.get("/v1beta/batches?pageSize=2").await.ok();
    assert_eq!(ids(first["operations"].as_array().unwrap(), "name"), mine[..2]);
    let token = first["nextPageToken"].as_str().unwrap();
    let rest = caller
        .get(&format!("/v1beta/batches?pageSize=2&pageToken={token}"))
        .await
        .ok();
    assert_eq!(ids(rest["operations"].as_array().unwrap(), "name"), mine[2..]);
    assert_eq!(rest["nextPageToken"], Value::Null);
    // Results in files are files, too; those of batches that a list has shown are known.
    let listed = caller.get("/v1beta/files?pageSize=100").await.ok();
    let names = ids(listed["files"].as_array().unwrap(), "name");
    assert_eq!(names.len(), 5, "{listed}");
    assert!(files.iter().all(|file| names.contains(file)), "{names:?}");
    assert_eq!(
        caller.get("/v1beta/files?pageSize=1").await.ok()["files"]
            .as_array()
            .unwrap()
            .len(),
        1
    );
    let theirs = stranger.get("/v1beta/files").await.ok();
    assert_eq!(theirs["files"].as_array().unwrap().len(), 3);
    assert!(
        stranger
            .get("/v1beta/batches")
            .await
            .ok()
            .get("operations")
            .is_none()
    );
    for query in ["?pageSize=-1", "?pageToken=none", "?filter=state"] {
        let refused = caller.get(&format!("/v1beta/batches{query}")).await;
        refused.refused(400, "parameter_invalid");
        let error: Value = serde_json::from_str(&refused.text).unwrap();
        assert_eq!(error["error"]["status"], "INVALID_ARGUMENT", "{query}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_gone_is_left_out_and_what_cannot_be_seen_is_there_in_short() {
    both(partial).await;
}

async fn partial(backend: Backend) {
    let setup = setup(backend, patient).await;
    let other = Simulator::start().await.unwrap();
    for simulator in [&setup.simulator, &other] {
        simulator.script_all(endless(Script::tokens(1_000, 200)));
    }
    let caller = Caller::of(&setup);
    let mut mine = Vec::new();
    for number in 0..2 {
        mine.push(batches::make(&caller, &[batches::line(number, "gpt-4o")]).await);
    }
    // From now on some goes to another provider; what is at the first one stays in the list.
    let upstream = setup
        .admin
        .create_upstream(json!({
            "name": "second", "provider": "openai", "protocols": ["openai_chat"],
            "base_url": other.base_url(), "credential": other.credential(),
        }))
        .await;
    let mut there = String::new();
    for _ in 0..100 {
        let id = batches::make(&caller, &[batches::line(7, "gpt-4o")]).await;
        let is_there = other.requests().iter().any(|seen| seen.path == "/v1/batches");
        mine.push(id.clone());
        if is_there {
            there = id;
            break;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    mine.reverse();
    assert_eq!(mine[0], there);
    let listed = page(&caller.get("/v1/batches?limit=100").await.ok());
    assert_eq!(listed, mine);

    // Deleted behind the gateway's back.
    let gone = mine[1].clone();
    let deleted = caller
        .http
        .delete(format!("{}/v1/batches/{gone}", setup.simulator.base_url()))
        .bearer_auth(setup.simulator.credential())
        .send()
        .await
        .unwrap();
    assert_eq!(deleted.status(), 200);
    let left: Vec<_> = mine.iter().filter(|id| **id != gone).cloned().collect();
    for _ in 0..2 {
        let answer = caller.get("/v1/batches?limit=100").await.ok();
        assert_eq!(
            (page(&answer), &answer["has_more"]),
            (left.clone(), &json!(false))
        );
    }
    let two = caller.get("/v1/batches?limit=2").await.ok();
    assert_eq!(page(&two), left[..2]);

    // An upstream that nobody reaches, or that takes no traffic, shows nothing; the rest is as it was.
    let path = format!("/upstreams/{}", upstream["id"].as_str().unwrap());
    let reached = json!({ "base_url": other.base_url() });
    for (change, back) in [
        (json!({"base_url": "http://127.0.0.1:9"}), reached),
        (json!({"enabled": false}), json!({"enabled": true})),
    ] {
        changed(&setup, &path, change).await;
        let list = seen_with(&caller, Some("1")).await;
        assert_eq!(page(&list), left);
        let short = &list["data"][0];
        assert_eq!(
            (&short["object"], &short["status"], &short["endpoint"]),
            (&json!("batch"), &Value::Null, &json!("/v1/chat/completions")),
            "{short}"
        );
        assert!(short["created_at"].is_i64());
        assert_eq!(list["data"][1]["status"], "in_progress");
        changed(&setup, &path, back).await;
        let list = seen_with(&caller, None).await;
        assert_eq!(list["data"][0]["status"], "in_progress");
    }
}

async fn changed(setup: &Setup, path: &str, change: Value) {
    let (status, body) = setup.admin.call(Method::PATCH, path, Some(change)).await;
    assert_eq!(status, StatusCode::OK, "{body}");
}

/// The list of batches, once so many of them are in short.
async fn seen_with(caller: &Caller, unseen: Option<&str>) -> Value {
    for _ in 0..100 {
        let answer = caller.get("/v1/batches?limit=100").await;
        let count = answer.headers.get("x-tollgate-unseen");
        if count.map(|count| count.to_str().unwrap()) == unseen {
            return answer.ok();
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("never {unseen:?} in short");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_end_that_a_list_shows_is_billed_once() {
    let setup = setup(Backend::Sqlite, patient).await;
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let caller = Caller::of(&setup);
    batches::make(&caller, &[batches::line(0, "gpt-4o"), batches::line(1, "gpt-4o")]).await;
    setup.simulator.end_deferred();
    for _ in 0..3 {
        let list = caller.get("/v1/batches").await.ok();
        assert_eq!(list["data"][0]["status"], "completed");
    }
    let entries = settled(&setup).await;
    batches::check(&setup, &entries, 2);
    assert_eq!(deferred(&entries).len(), 3);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_limited_key_lists_nothing_of_a_model_it_has_lost() {
    let setup = setup(Backend::Sqlite, eager).await;
    setup.simulator.script_all(endless(Script::tokens(1_000, 200)));
    let caller = Caller::of(&setup);
    let mut made = Vec::new();
    for model in ["gpt-4o", "gpt-4o-mini"] {
        made.push(batches::make(&caller, &[batches::line(0, model)]).await);
    }
    let keys = setup.admin.get("/keys?q=laptop").await;
    let path = format!("/keys/{}", keys["items"][0]["id"].as_str().unwrap());
    let body = json!({"allowed_models": ["gpt-4o-mini"]});
    let (status, key) = setup.admin.call(Method::PATCH, &path, Some(body)).await;
    assert_eq!(status, StatusCode::OK, "{key}");
    for _ in 0..100 {
        let list = page(&caller.get("/v1/batches").await.ok());
        if list.len() == 1 {
            assert_eq!(list, made[1..]);
            assert_eq!(page(&caller.get("/v1/files").await.ok()).len(), 1);
            // By its id it is still the key's own: what it came to is paid for.
            caller.get(&format!("/v1/batches/{}", made[0])).await.ok();
            return;
        }
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
    panic!("the list never changed");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn without_leave_lists_are_refused_by_name() {
    let setup = Setup::new(Backend::Sqlite).await;
    let caller = Caller::of(&setup);
    for path in [
        "/v1/batches",
        "/v1/files",
        "/v1/messages/batches",
        "/v1beta/batches",
        "/v1beta/files",
    ] {
        caller.get(path).await.refused(400, "not_metered_yet");
    }
}
