//! Lists of what the provider keeps: all its account has, page by page.

use bytes::Bytes;
use http::{Request, StatusCode};
use http_body_util::Full;
use serde_json::{Value, json};
use tollgate_testkit::Simulator;

use crate::client::{Answer, post, send};

async fn get(simulator: &Simulator, path: &str) -> Answer {
    let key = simulator.credential();
    let request = Request::get(format!("{}{path}", simulator.base_url()));
    let request = if path.starts_with("/v1beta") {
        request.header("x-goog-api-key", key)
    } else if path.starts_with("/v1/messages") {
        request
            .header("x-api-key", key)
            .header("anthropic-version", "2023-06-01")
    } else {
        request.header("authorization", format!("Bearer {key}"))
    };
    send(request.body(Full::new(Bytes::new())).unwrap())
        .await
        .expect("an answer")
}

fn ids(page: &Value, collection: &str, name: &str) -> Vec<String> {
    let objects = page[collection].as_array().unwrap();
    let id = |object: &Value| object[name].as_str().unwrap().to_owned();
    objects.iter().map(id).collect()
}

async fn make(simulator: &Simulator, path: &str, body: &Value, name: &str) -> String {
    let made = post(simulator, path, body).await.expect("an answer");
    assert_eq!(made.status, StatusCode::OK, "{}", made.text());
    made.json()[name].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn gemini_pages_by_token_and_its_own_batches_only() {
    let simulator = Simulator::start().await.unwrap();
    let body = json!({"batch": {"inputConfig": {"requests": {"requests": [{"request": {"contents": []}}]}}}});
    let path = "/v1beta/models/gemini-2.5-flash:batchGenerateContent";
    let mut made = Vec::new();
    for _ in 0..3 {
        made.push(make(&simulator, path, &body, "name").await);
    }
    made.reverse();
    let first = get(&simulator, "/v1beta/batches?pageSize=2").await.json();
    assert_eq!(ids(&first, "operations", "name"), made[..2]);
    let token = first["nextPageToken"].as_str().unwrap();
    let rest = get(
        &simulator,
        &format!("/v1beta/batches?pageSize=2&pageToken={token}"),
    )
    .await;
    let rest = rest.json();
    assert_eq!(ids(&rest, "operations", "name"), made[2..]);
    assert_eq!(rest["nextPageToken"], Value::Null);
    assert!(ids(&get(&simulator, "/v1beta/files").await.json(), "files", "name").is_empty());
    let wrong = get(&simulator, "/v1beta/batches?pageToken=none").await;
    assert_eq!(wrong.status, StatusCode::BAD_REQUEST);
}

#[tokio::test]
async fn a_page_before_an_object_ends_at_it_and_the_newest_come_first() {
    let simulator = Simulator::start().await.unwrap();
    let lists = "/v1/messages/batches";
    let mut made = Vec::new();
    for number in 0..4 {
        let request = json!({"custom_id": format!("m-{number}"), "params": {
            "model": "claude-sonnet-4-5", "max_tokens": 10, "messages": [{"role": "user", "content": "hi"}],
        }});
        let key = simulator.credential();
        let asked = Request::post(format!("{}{lists}", simulator.base_url()))
            .header("x-api-key", key)
            .header("anthropic-version", "2023-06-01");
        let body = json!({"requests": [request]}).to_string();
        let batch = send(asked.body(Full::new(Bytes::from(body))).unwrap())
            .await
            .expect("an answer");
        made.push(batch.json()["id"].as_str().unwrap().to_owned());
    }
    made.reverse();
    for (query, expected, more) in [
        (String::new(), &made[..], false),
        (format!("?limit=2&after_id={}", made[0]), &made[1..3], true),
        (format!("?limit=2&before_id={}", made[3]), &made[1..3], true),
        (format!("?limit=2&before_id={}", made[2]), &made[..2], false),
    ] {
        let page = get(&simulator, &format!("{lists}{query}")).await.json();
        assert_eq!(
            (ids(&page, "data", "id").as_slice(), &page["has_more"]),
            (expected, &json!(more)),
            "{query}"
        );
    }
    assert_eq!(
        get(&simulator, "/v1/messages/batches?limit=0").await.status,
        StatusCode::BAD_REQUEST
    );
    let files = get(&simulator, "/v1/files?order=asc&purpose=batch").await.json();
    assert_eq!(
        files,
        json!({"object": "list", "data": [], "first_id": null, "last_id": null, "has_more": false})
    );
}
