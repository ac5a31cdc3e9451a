use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use serde_json::{Value, json};
use tollgate_domain::PriceVersion;
use tollgate_domain::ports::{Activated, Decided, SyncStart};

use crate::access::{AccessApi, Call};
use crate::build::log_row;
use crate::filled::{Filled, Operation, body_of};
use crate::price_releases::{release, release_id};
use crate::test_api::{ADMIN, Answer, TestApi};

/// The success that an operation promises.
fn promised(operation: &Operation) -> StatusCode {
    let responses = operation.value["responses"].as_object().unwrap();
    let mut successes = responses.keys().filter(|status| status.starts_with('2'));
    let success = successes.next().unwrap().parse().unwrap();
    assert_eq!(successes.next(), None, "{}", operation.id);
    success
}

/// What an operation takes, where the least of each field is not enough.
async fn body(filled: &Filled, operation: &Operation) -> Option<Value> {
    Some(match operation.id.as_str() {
        "create_override" => json!({"model": "another", "input_usd_per_mtok": "1"}),
        "import_overrides" => json!({"items": [{"model": "imported", "input_usd_per_mtok": "1"}]}),
        "import_aliases" => json!({"items": [{"alias": "imported", "target": "gpt-4o"}]}),
        "reset_overrides" => {
            let price = json!({"model": "passing", "input_usd_per_mtok": "1"});
            let made = filled.api.created("/api/admin/billing/overrides", &price).await.1;
            json!({"override_ids": [made["override"]["id"]], "confirm": true})
        }
        "remove_stale_prices" => json!({"all": true}),
        _ => return body_of(filled, operation),
    })
}

/// The API with a release that holds a price and one that may be made current again.
fn deciding() -> TestApi {
    let api = TestApi::new();
    let mut shelves = api.store.shelves();
    shelves.releases.push(release(1));
    shelves.decided = Some(Decided::Done {
        version: None,
        models: Vec::new(),
    });
    shelves.activated = Some(Activated::Done {
        version: PriceVersion::new(13),
        changed: 1,
        added: 0,
        removed: 0,
    });
    drop(shelves);
    *api.runtime.sync.lock().unwrap() = SyncStart::Started(release_id(1));
    api
}

async fn signing(ends: bool) -> Answer {
    let api = AccessApi::new().await;
    if !ends {
        return api
            .run(Call::post("/api/admin/session", &json!({"token": ADMIN})))
            .await;
    }
    let browser = api.sign_in(ADMIN).await;
    api.run(Call::new(Method::DELETE, "/api/admin/session").page(&browser))
        .await
}

/// How an operation succeeds.
async fn success(filled: &Filled, operation: &Operation) -> (StatusCode, String) {
    let method = operation.method.clone();
    let body = body(filled, operation).await;
    let answer = match operation.id.as_str() {
        "create_session" => signing(false).await,
        "delete_session" => signing(true).await,
        "accept_price_release" | "reject_price_release" | "activate_price_release" | "start_price_sync" => {
            let path = operation.template.replace("{id}", &release_id(1).to_string());
            deciding().call(method, &path, &[], body.as_ref()).await
        }
        "get_request_log" => {
            let api = TestApi::new();
            api.store.shelves().logs.push(log_row(1));
            let id = log_row(1).request_id;
            api.get(&format!("/api/admin/request-logs/{id}")).await
        }
        // It never ends.
        "stream_request_logs" => {
            let request = Request::get(&operation.path).header("authorization", format!("Bearer {ADMIN}"));
            let status = filled.api.status(request.body(Body::empty()).unwrap()).await;
            return (status, String::new());
        }
        "delete_override" | "delete_alias" => {
            let path = format!("{}?confirm=true", operation.path);
            filled.api.call(method, &path, &[], None).await
        }
        _ => filled.api.call(method, &operation.path, &[], body.as_ref()).await,
    };
    (answer.status, answer.text)
}

#[tokio::test]
async fn every_operation_does_what_it_promises() {
    let filled = Filled::new().await;
    let mut operations = filled.operations();
    // What is removed is needed until then.
    operations.sort_by_key(|operation| operation.method == Method::DELETE);
    assert!(operations.len() >= 68, "{}", operations.len());
    let mut failed = Vec::new();
    for operation in operations {
        let (status, text) = success(&filled, &operation).await;
        if status != promised(&operation) {
            failed.push(format!("{} answers {status}: {text}", operation.id));
        }
    }
    assert!(failed.is_empty(), "{failed:#?}");
}
