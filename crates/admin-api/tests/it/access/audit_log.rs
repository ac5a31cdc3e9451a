use serde_json::{Value, json};

use super::api::{AccessApi, Call};
use crate::build::new_upstream;
use crate::test_api::ADMIN;

const LOG: &str = "/api/admin/audit-log";

fn actions(page: &Value) -> Vec<&str> {
    let items = page["items"].as_array().unwrap();
    items
        .iter()
        .map(|item| item["action"].as_str().unwrap())
        .collect()
}

/// Some edits by two people: the id of the upstream.
async fn edits(api: &AccessApi) -> String {
    let (_, bob) = api.token("bob", "admin").await;
    let upstream = Call::post("/api/admin/upstreams", &new_upstream("main")).bearer(&bob);
    let upstream = api.run(upstream).await.json();
    let id = upstream["id"].as_str().unwrap().to_owned();
    let path = format!("/api/admin/upstreams/{id}");
    api.clock.forward(chrono::TimeDelta::hours(1));
    let browser = api.sign_in(ADMIN).await;
    let edit = Call::new(axum::http::Method::PATCH, &path)
        .page(&browser)
        .body(&json!({"weight": 7, "credential": "sk-very-secret"}));
    assert_eq!(api.run(edit).await.status, 200);
    id
}

#[tokio::test]
async fn the_log_tells_who_did_what_from_where() {
    let api = AccessApi::new().await;
    let id = edits(&api).await;
    let page = api.get(LOG).await.json();
    assert_eq!(
        actions(&page),
        [
            "upstream.update",
            "session.create",
            "upstream.create",
            "token.create",
            "token.create"
        ]
    );
    let edit = &page["items"][0];
    assert_eq!(
        (
            &edit["actor_name"],
            &edit["origin"],
            &edit["address"],
            &edit["at"]
        ),
        (
            &json!("ada"),
            &json!("session"),
            &json!("192.0.2.7"),
            &json!("2026-11-05T09:00:00Z")
        )
    );
    assert_eq!(
        (
            &edit["resource_kind"],
            &edit["resource_id"],
            &edit["resource_name"]
        ),
        (&json!("upstream"), &json!(id), &json!("main"))
    );
    let changed = edit["changed_fields"].as_array().unwrap();
    assert!(
        changed.contains(&json!("weight")) && !changed.contains(&json!("name")),
        "{changed:?}"
    );
    assert_eq!(page["items"][4]["actor_name"], "start");

    let detail = api.get(&format!("{LOG}/{}", edit["id"])).await;
    assert!(!detail.text.contains("sk-very-secret"));
    let detail = detail.json();
    assert_eq!(
        (&detail["before"]["weight"], &detail["after"]["weight"]),
        (&json!(1), &json!(7))
    );
    assert_eq!(detail["after"]["credential_fingerprint"], "***");
    assert_eq!(&detail["entry"], edit);
}

#[tokio::test]
async fn the_log_is_filtered_and_paged() {
    let api = AccessApi::new().await;
    let id = edits(&api).await;
    for (filter, expected) in [
        ("actor=bob", vec!["upstream.create"]),
        ("action=session.create", vec!["session.create"]),
        (
            "resource_kind=upstream",
            vec!["upstream.update", "upstream.create"],
        ),
        ("resource_kind=key", vec![]),
        (
            "from=2026-11-05T09:00:00Z&resource_kind=upstream",
            vec!["upstream.update"],
        ),
        (
            "until=2026-11-05T09:00:00Z&resource_kind=upstream",
            vec!["upstream.create"],
        ),
    ] {
        let page = api.get(&format!("{LOG}?{filter}")).await.json();
        assert_eq!(actions(&page), expected, "{filter}");
    }
    let of_it = api.get(&format!("{LOG}?resource_id={id}&limit=1")).await.json();
    assert_eq!(actions(&of_it), ["upstream.update"]);
    let cursor = of_it["next_cursor"].as_str().unwrap();
    let rest = api
        .get(&format!("{LOG}?resource_id={id}&limit=1&cursor={cursor}"))
        .await
        .json();
    assert_eq!(
        (actions(&rest), &rest["next_cursor"]),
        (vec!["upstream.create"], &Value::Null)
    );
}

#[tokio::test]
async fn what_is_wrong_with_a_question_is_named() {
    let api = AccessApi::new().await;
    for (query, field) in [
        ("from=yesterday", "from"),
        ("from=2026-11-05T09:00:00Z&until=2026-11-05T09:00:00Z", "until"),
        ("actor=", "actor"),
        ("action=", "action"),
        ("resource_kind=", "resource_kind"),
        ("resource_id=", "resource_id"),
        ("limit=201", "limit"),
        ("cursor=x", "cursor"),
        ("who=ada", "who"),
    ] {
        api.get(&format!("{LOG}?{query}")).await.faults(&[field]);
    }
    for path in ["4711", "x", "-1"] {
        api.get(&format!("{LOG}/{path}")).await.problem(404, "not_found");
    }
}
