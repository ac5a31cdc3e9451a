//! Filters of the lists of keys and upstreams, and what each one did.

use serde_json::{Value, json};
use tollgate_domain::ports::Activity;
use tollgate_domain::{RollupValues, Timestamp};

use crate::test_api::TestApi;

fn names(list: &Value) -> Vec<&str> {
    let items = list["items"].as_array().unwrap();
    items.iter().map(|item| item["name"].as_str().unwrap()).collect()
}

fn activity() -> Activity {
    let sums = |attempts, cost: &str| RollupValues {
        attempts,
        cost: cost.parse().unwrap(),
        ..RollupValues::default()
    };
    Activity {
        last_used_at: Some("2026-11-05T07:00:00Z".parse::<Timestamp>().unwrap()),
        today: sums(2, "0.5"),
        month: sums(9, "2.25"),
    }
}

#[tokio::test]
async fn keys_are_found_by_text_team_owner_and_state() {
    let api = TestApi::new();
    for body in [
        json!({"name": "Search prod", "team": "search", "owner": "ada"}),
        json!({"name": "batch", "team": "Research", "owner": "bob", "enabled": false}),
        json!({"name": "old", "expires_at": "2026-11-05T09:00:00Z"}),
    ] {
        assert_eq!(api.post("/api/admin/keys", &body).await.status, 201);
    }
    for key in &mut api.store.shelves().keys {
        if key.name == "old" {
            key.expires_at = Some("2026-11-05T08:00:00Z".parse().unwrap());
        }
    }
    for (query, expected) in [
        ("q=SEARCH", vec!["Search prod", "batch"]),
        ("team=search", vec!["Search prod"]),
        ("owner=bob", vec!["batch"]),
        ("enabled=false", vec!["batch"]),
        ("expired=true", vec!["old"]),
        ("expired=false&enabled=true", vec!["Search prod"]),
        ("q=nobody", vec![]),
    ] {
        let list = api.get(&format!("/api/admin/keys?{query}")).await.json();
        assert_eq!(names(&list), expected, "{query}");
    }
    api.get("/api/admin/keys?enabled=maybe&expired=1&q=&colour=red")
        .await
        .faults(&["q", "enabled", "expired", "colour"]);
}

#[tokio::test]
async fn upstreams_are_found_by_text_provider_and_state() {
    let api = TestApi::new();
    for (name, provider, enabled) in [
        ("main", "openai", true),
        ("spare", "openai", false),
        ("claude", "anthropic", true),
    ] {
        let body = json!({
            "name": name, "provider": provider, "protocols": ["openai_chat"], "enabled": enabled,
            "base_url": format!("https://{name}.example.com"), "account_label": format!("Org-{name}"),
        });
        assert_eq!(api.post("/api/admin/upstreams", &body).await.status, 201);
    }
    for (query, expected) in [
        ("provider=openai", vec!["main", "spare"]),
        ("enabled=false", vec!["spare"]),
        ("q=org-CLAUDE", vec!["claude"]),
        ("q=main.example", vec!["main"]),
        ("provider=gemini", vec![]),
    ] {
        let list = api.get(&format!("/api/admin/upstreams?{query}")).await.json();
        assert_eq!(names(&list), expected, "{query}");
    }
    api.get("/api/admin/upstreams?enabled=x&provider=&kind=a")
        .await
        .faults(&["provider", "enabled", "kind"]);
}

#[tokio::test]
async fn a_list_tells_what_each_did_only_when_asked() {
    let api = TestApi::new();
    let body = json!({"name": "a"});
    let path = api
        .post("/api/admin/keys", &body)
        .await
        .header("location")
        .to_owned();
    let id = api.store.shelves().keys[0].id;
    api.store.shelves().key_activity.insert(id, activity());

    let plain = api.get("/api/admin/keys").await.json();
    assert_eq!(plain["items"][0]["activity"], Value::Null);
    assert!(api.store.shelves().asked_activity.is_empty());
    let listed = api.get("/api/admin/keys?activity=true").await.json();
    let shown = &listed["items"][0]["activity"];
    assert_eq!(shown["last_used_at"], "2026-11-05T07:00:00Z");
    assert_eq!(
        (&shown["today"]["cost"], &shown["month"]["cost"]),
        (&json!("0.5"), &json!("2.25"))
    );
    assert_eq!(&api.get(&path).await.json()["activity"], shown);
    // The accounting zone rules the day: Berlin's begins an hour before that of UTC.
    assert_eq!(shown["today"]["from"], "2026-11-04T23:00:00Z");
    assert_eq!(shown["month"]["until"], "2026-11-30T23:00:00Z");

    let body = json!({
        "name": "u", "provider": "openai", "protocols": ["openai_chat"], "base_url": "https://u.example.com",
    });
    let path = api
        .post("/api/admin/upstreams", &body)
        .await
        .header("location")
        .to_owned();
    let idle = api.get(&path).await.json();
    assert_eq!(idle["activity"]["last_used_at"], Value::Null);
    assert_eq!(idle["activity"]["month"]["attempts"], 0);
    let id = api.store.shelves().upstreams[0].id;
    api.store.shelves().upstream_activity.insert(id, activity());
    let listed = api.get("/api/admin/upstreams?activity=true").await.json();
    assert_eq!(listed["items"][0]["activity"]["month"]["attempts"], 9);
}
