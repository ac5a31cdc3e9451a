use axum::body::Body;
use axum::http::Request;

use crate::filled::{Filled, Operation};
use crate::test_api::{ADMIN, Answer};

async fn send(filled: &Filled, operation: &Operation, content_type: &str, body: Body) -> Answer {
    let request = Request::builder()
        .method(operation.method.clone())
        .uri(&operation.path)
        .header("authorization", format!("Bearer {ADMIN}"))
        .header("content-type", content_type);
    filled.api.send(request.body(body).unwrap()).await
}

#[tokio::test]
async fn every_operation_with_a_body_says_what_is_wrong_with_it() {
    let filled = Filled::new().await;
    let mut tried = 0;
    for operation in filled.operations() {
        if operation.value["requestBody"].is_null() {
            continue;
        }
        let id = &operation.id;
        for text in ["{", "name=x", "{} {}", "\u{feff}{}", "{\"a\": NaN}"] {
            let answer = send(&filled, &operation, "application/json", Body::from(text)).await;
            assert_eq!(answer.status, 400, "{id} takes {text:?}: {}", answer.text);
            answer.problem(400, "invalid_json");
        }
        for text in ["[]", "null", "3", "\"x\"", "true"] {
            let answer = send(&filled, &operation, "application/json", Body::from(text)).await;
            assert_eq!(answer.status, 422, "{id} takes {text}: {}", answer.text);
            answer.faults(&["body"]);
        }
        for content_type in [
            "text/plain",
            "application/x-www-form-urlencoded",
            "application/jsonp",
            "",
        ] {
            let answer = send(&filled, &operation, content_type, Body::from("{}")).await;
            assert_eq!(answer.status, 415, "{id} as {content_type:?}: {}", answer.text);
            answer.problem(415, "unsupported_media_type");
        }
        let large = format!("{{\"note\": \"{}\"}}", "x".repeat(1 << 20));
        let answer = send(&filled, &operation, "application/json", Body::from(large)).await;
        assert_eq!(answer.status, 413, "{id}: {}", answer.text);
        answer.problem(413, "body_too_large");
        tried += 1;
    }
    assert!(tried >= 24, "{tried}");
}
