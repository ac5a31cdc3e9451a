use std::sync::Arc;

use axum::http::Method;
use futures_util::future::join_all;
use serde_json::{Value, json};
use tollgate_domain::ProviderName;
use tollgate_domain::ports::{Claimed, JobStart, RulesChanged};
use uuid::Uuid;

use crate::documented::problems;
use crate::filled::{Filled, Operation};
use crate::rules::{RulesApi, attempt};
use crate::test_api::{Answer, TestApi};

/// The one admin token that is there from the start.
const ADA: &str = "00000000-0000-0000-0000-000000000001";

/// An answer to a request that somebody else is faster than.
async fn overtaken(operation: &Operation, body: &Value) -> Answer {
    let api = TestApi::new();
    api.store.shelves().rules_changed = Some(RulesChanged::Taken {
        index: 0,
        by: Uuid::from_u128(7),
    });
    let path = format!("{}?dry_run=false&confirm=true", operation.path);
    api.post(&path, body).await
}

/// Of what priced recent requests.
async fn used_and_stale() -> Answer {
    let api = RulesApi::new().await;
    let upstream = api.upstream("azure", "azure").await;
    let mut entry = attempt(1, 24, &upstream, "gpt-4o");
    let context = Arc::make_mut(&mut entry.attempt);
    Arc::make_mut(&mut context.upstream).provider = ProviderName::new("azure");
    api.traffic(vec![entry]).await;
    api.post("/api/admin/billing/prices/stale/remove", &json!({"all": true}))
        .await
}

/// Drives an operation to a conflict. All but what has to be free at first is the caller's own doing.
async fn driven(filled: &Filled, operation: &Operation, problem: &str) -> Answer {
    let (api, path) = (&filled.api, operation.path.as_str());
    let send = async |body: Value| api.call(operation.method.clone(), path, &[], Some(&body)).await;
    let ada = format!("/api/admin/tokens/{ADA}");
    match (operation.id.as_str(), problem) {
        ("create_upstream", "name_taken") => send(crate::build::new_upstream("openai-main")).await,
        ("update_upstream", "name_taken") => {
            api.upstream("second", "openai").await;
            send(json!({"name": "second"})).await
        }
        ("update_upstream", "confirmation_required") => send(json!({"input_multiplier": "4"})).await,
        ("put_upstream_multipliers", "confirmation_required") => {
            send(json!({"input_multiplier": "4", "output_multiplier": "1"})).await
        }
        ("create_key", "name_taken") => send(json!({"name": "key"})).await,
        ("update_key", "name_taken") => {
            api.created("/api/admin/keys", &json!({"name": "second"})).await;
            send(json!({"name": "second"})).await
        }
        ("create_admin_token", "name_taken") => send(json!({"name": "grace", "role": "viewer"})).await,
        ("update_admin_token", "name_taken") => send(json!({"name": "ada"})).await,
        ("update_admin_token", "last_admin") => api.patch(&ada, &json!({"role": "viewer"})).await,
        ("revoke_admin_token", "last_admin") => api.delete(&ada).await,
        ("rotate_admin_token", "last_admin") => {
            let ending = json!({"expires_at": "2027-01-01T00:00:00Z"});
            api.post(&format!("{ada}/rotate"), &ending).await
        }
        ("create_override", "rule_exists") => send(json!({"model": "own", "input_usd_per_mtok": "1"})).await,
        ("create_override", "confirmation_required") => {
            send(json!({"model": "gpt-4o", "input_usd_per_mtok": "25"})).await
        }
        ("update_override", "confirmation_required") => send(json!({"input_usd_per_mtok": "9"})).await,
        ("delete_override" | "delete_alias", "confirmation_required") => api.delete(path).await,
        ("reset_overrides", "confirmation_required") => {
            let own = &filled.ids["/api/admin/billing/overrides/"];
            send(json!({"override_ids": [own]})).await
        }
        ("import_overrides", "confirmation_required") => {
            let table = json!({"items": [{"model": "own", "input_usd_per_mtok": "9"}]});
            api.post(&format!("{path}?dry_run=false"), &table).await
        }
        ("import_overrides", "rule_exists") => {
            let table = json!({"items": [{"model": "raced", "input_usd_per_mtok": "9"}]});
            overtaken(operation, &table).await
        }
        ("create_alias", "rule_exists") => send(json!({"alias": "house", "target": "gpt-4o"})).await,
        ("create_alias", "confirmation_required") => {
            let upstream = &filled.ids["/api/admin/upstreams/"];
            let target = "text-embedding-3-small";
            send(json!({"alias": "house", "target": target, "upstream_id": upstream})).await
        }
        ("update_alias", "confirmation_required") => send(json!({"target": "text-embedding-3-small"})).await,
        ("import_aliases", "confirmation_required") => {
            let table = json!({"items": [{"alias": "house", "target": "text-embedding-3-small"}]});
            api.post(&format!("{path}?dry_run=false"), &table).await
        }
        ("import_aliases", "rule_exists") => {
            let table = json!({"items": [{"alias": "raced", "target": "gpt-4o"}]});
            overtaken(operation, &table).await
        }
        // The only release came with the binary: it holds nothing, and is in force. The gateway is busy with another.
        ("accept_price_release" | "reject_price_release", "nothing_held") => send(json!({"all": true})).await,
        ("activate_price_release", "not_activatable") | ("start_price_sync", "sync_running") => {
            send(json!({})).await
        }
        ("remove_stale_prices", "confirmation_required") => used_and_stale().await,
        ("remove_stale_prices", "nothing_stale") => {
            assert_eq!(send(json!({"all": true})).await.status, 200);
            send(json!({"all": true})).await
        }
        ("run_job", "job_running") => {
            let api = TestApi::new();
            *api.jobs.start.lock().unwrap() = JobStart::Busy;
            api.call(Method::POST, path, &[], None).await
        }
        // Carried out, and its answer cannot be opened.
        (_, "idempotency_conflict") => claimed(operation, Claimed::Unreadable).await,
        other => panic!("{other:?} is documented and nothing drives it there: add a case"),
    }
}

/// What a request under an idempotency key is answered with, of which this is known.
async fn claimed(operation: &Operation, known: Claimed) -> Answer {
    let api = TestApi::new();
    api.store.shelves().claimed = Some(known);
    let key = [("idempotency-key", "the-same")];
    api.call(Method::POST, &operation.path, &key, Some(&json!({})))
        .await
}

#[tokio::test]
async fn every_documented_conflict_is_answered_when_it_is_there() {
    let filled = Filled::new().await;
    let mut tried = 0;
    for operation in filled.operations() {
        for problem in problems(&operation.value["responses"]["409"]) {
            let answer = driven(&filled, &operation, &problem).await;
            assert_eq!(answer.status, 409, "{} {problem}: {}", operation.id, answer.text);
            let told = answer.problem(409, &problem);
            assert!(told["detail"].as_str().unwrap().len() > 10, "{told}");
            if problem == "idempotency_conflict" {
                assert_eq!(answer.header("retry-after"), "1", "{}", operation.id);
            }
            tried += 1;
        }
    }
    assert!(tried >= 50, "{tried}");
}

#[tokio::test]
async fn every_post_refuses_the_idempotency_key_of_another_request() {
    let filled = Filled::new().await;
    let mut tried = 0;
    for operation in filled.operations() {
        // Nobody is known yet who signs in.
        if operation.method != Method::POST || operation.id == "create_session" {
            continue;
        }
        let answer = claimed(&operation, Claimed::Different).await;
        answer.problem(422, "idempotency_key_reused");
        tried += 1;
    }
    assert!(tried >= 20, "{tried}");
}

/// All at once, because each waits for the ten seconds that a running request is given.
#[tokio::test]
async fn every_post_waits_for_a_running_request_of_its_idempotency_key_and_then_says_so() {
    let filled = Filled::new().await;
    let operations: Vec<Operation> = filled
        .operations()
        .into_iter()
        .filter(|operation| operation.method == Method::POST && operation.id != "create_session")
        .collect();
    assert!(operations.len() >= 20, "{}", operations.len());
    let answers = operations
        .iter()
        .map(|operation| claimed(operation, Claimed::Running));
    for (operation, answer) in operations.iter().zip(join_all(answers).await) {
        let told = answer.problem(409, "idempotency_conflict");
        assert!(
            told["detail"]
                .as_str()
                .unwrap()
                .contains("still being carried out"),
            "{}: {told}",
            operation.id
        );
        assert_eq!(answer.header("retry-after"), "1", "{}", operation.id);
    }
}

/// Nothing that was removed is changed, conflicted with or brought back.
#[tokio::test]
async fn what_was_removed_is_not_found_and_its_name_is_free() {
    let filled = Filled::new().await;
    let api = &filled.api;
    for (list, body) in [
        ("/api/admin/upstreams", crate::build::new_upstream("passing")),
        ("/api/admin/keys", json!({"name": "passing"})),
        ("/api/admin/tokens", json!({"name": "passing", "role": "viewer"})),
        (
            "/api/admin/billing/overrides",
            json!({"model": "passing", "input_usd_per_mtok": "1"}),
        ),
        (
            "/api/admin/billing/aliases",
            json!({"alias": "passing", "target": "gpt-4o"}),
        ),
    ] {
        let (path, _) = api.created(list, &body).await;
        let confirm = if list.contains("billing") {
            "?confirm=true"
        } else {
            ""
        };
        let removed = api.delete(&format!("{path}{confirm}")).await;
        assert_eq!(removed.status, 204, "{}", removed.text);
        api.patch(&path, &json!({})).await.problem(404, "not_found");
        api.patch_if(&path, "\"1\"", &json!({}))
            .await
            .problem(404, "not_found");
        api.delete(&path).await.problem(404, "not_found");
        api.created(list, &body).await;
    }
}
