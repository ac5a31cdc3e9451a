//! Requests the gateway answers with an error of its own.

use http::{Request, Uri};
use http_body_util::Full;
use tollgate_domain::{ErrorOrigin, ModelName, ModelRule};
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::Simulator;

use crate::support::{CLIENT_KEY, Client, Gateway, anthropic, chat, gemini, of, responses};

#[tokio::test]
async fn unknown_paths_and_methods_say_what_there_is() {
    let gateway = Gateway::start(vec![]).await;
    let client = Client::of(&gateway);
    let mut unknown = chat(&serde_json::json!({}));
    *unknown.uri_mut() = Uri::from_static("/v1/audio/everything");
    let answered = client.send(unknown).await;
    assert_eq!(answered.status, 404);
    let message = answered.json()["error"]["message"].as_str().unwrap().to_owned();
    assert!(
        message.contains("/v1/chat/completions") && message.contains("does not translate"),
        "{message}"
    );

    let get = Request::get("/api/proxy/v1/messages")
        .body(Full::default())
        .unwrap();
    let answered = client.send(get).await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("allow")),
        (405, Some("POST"))
    );
    assert_eq!(answered.json()["error"]["type"], "invalid_request_error");
}

#[tokio::test]
async fn what_is_billed_later_is_refused_in_the_callers_dialect() {
    let gateway = Gateway::start(vec![]).await;
    let client = Client::of(&gateway);
    for (method, path, pointer, kind) in [
        ("POST", "/v1/batches", "/error/code", "not_metered_yet"),
        ("GET", "/v1/files/file-1", "/error/code", "not_metered_yet"),
        ("GET", "/v1/responses/resp_1", "/error/code", "not_metered_yet"),
        (
            "POST",
            "/v1/messages/batches",
            "/error/type",
            "invalid_request_error",
        ),
        (
            "POST",
            "/v1beta/models/m:batchGenerateContent",
            "/error/status",
            "INVALID_ARGUMENT",
        ),
        (
            "POST",
            "/upload/v1beta/files",
            "/error/status",
            "INVALID_ARGUMENT",
        ),
    ] {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .body(Full::default())
            .unwrap();
        let answered = client.send(request).await;
        assert_eq!(
            (answered.status.as_u16(), answered.header("x-tollgate-error")),
            (400, Some("not_metered_yet")),
            "{path}"
        );
        assert_eq!(answered.json().pointer(pointer).unwrap(), kind, "{path}");
    }
}

#[tokio::test]
async fn a_websocket_is_refused_with_what_to_use_instead() {
    let gateway = Gateway::start(vec![]).await;
    for path in [
        "/v1/realtime?model=gpt-realtime",
        "/v1/responses",
        "/ws/google.ai.generativelanguage.v1beta.GenerativeService.BidiGenerateContent",
    ] {
        let request = Request::get(path)
            .header("connection", "Upgrade")
            .header("upgrade", "websocket")
            .header("sec-websocket-version", "13")
            .header("sec-websocket-key", "dGhlIHNhbXBsZSBub25jZQ==")
            .body(Full::default())
            .unwrap();
        let answered = Client::of(&gateway).send(request).await;
        assert_eq!(
            (answered.status.as_u16(), answered.header("x-tollgate-error")),
            (400, Some("websocket_unsupported")),
            "{path}"
        );
        let message = answered.json()["error"]["message"].as_str().unwrap().to_owned();
        assert!(message.contains("HTTP"), "{message}");
    }
}

#[tokio::test]
async fn requests_that_cannot_be_carried_are_refused_before_anything_is_sent() {
    let simulator = Simulator::start().await.unwrap();
    let config = ProxyConfig {
        max_request_bytes: 400,
        ..ProxyConfig::default()
    };
    let mut upstream = of(&simulator, 0);
    upstream.upstream.models = vec![ModelRule {
        model: ModelName::new("gpt-4o"),
        send_as: None,
    }];
    let gateway = Gateway::configured(vec![upstream], config).await;
    let client = Client::of(&gateway);
    let mut encoded = anthropic(&serde_json::json!({}));
    encoded
        .headers_mut()
        .insert("content-encoding", "gzip, br".parse().unwrap());
    let mut damaged = chat(&serde_json::json!({}));
    damaged
        .headers_mut()
        .insert("content-encoding", "gzip".parse().unwrap());
    let mut torn = chat(&serde_json::json!({}));
    *torn.body_mut() = Full::from("{\"model\":");
    let cases = [
        (
            chat(&serde_json::json!({"user": "x".repeat(400)})),
            413,
            "body_too_large",
        ),
        (encoded, 415, "body_encoded"),
        (damaged, 415, "body_undecodable"),
        (torn, 400, "body_invalid"),
        (
            responses(&serde_json::json!({"background": true})),
            400,
            "background_unsupported",
        ),
        (
            chat(&serde_json::json!({"model": "claude-x"})),
            404,
            "model_not_found",
        ),
        (chat(&serde_json::json!({"model": null})), 400, "model_missing"),
    ];
    for (request, status, label) in cases {
        let answered = client.send(request).await;
        assert_eq!(
            (answered.status.as_u16(), answered.header("x-tollgate-error")),
            (status, Some(label))
        );
    }
    assert_eq!(simulator.stats().received, 0);
    let books = gateway.finish().await;
    assert!(books.entries.is_empty());
    assert_eq!(books.opened().count(), 0);
    let logs: Vec<_> = books
        .logs()
        .map(|log| (log.http_status, log.error_origin, log.attempts))
        .collect();
    assert_eq!(logs.len(), 7);
    assert!(
        logs.iter()
            .all(|(_, origin, sent)| *origin == Some(ErrorOrigin::Client) && *sent == 0),
        "{logs:?}"
    );
}

#[tokio::test]
async fn a_stopping_gateway_admits_nothing_more() {
    let gateway = Gateway::start(vec![]).await;
    gateway.stopping.cancel();
    let answered = Client::of(&gateway).send(gemini("generateContent")).await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("retry-after")),
        (503, Some("1"))
    );
    assert_eq!(answered.json()["error"]["status"], "UNAVAILABLE");
}

#[tokio::test]
async fn a_full_journal_refuses_rather_than_serving_unrecorded() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::with(vec![of(&simulator, 0)], ProxyConfig::default(), |mut journal| {
        journal.segment_bytes = 2048;
        journal.reserve_bytes = 16 << 10;
        journal.disk_budget_bytes = 2 * 2048 + (16 << 10);
        journal
    })
    .await;
    let client = Client::of(&gateway);
    let mut refused = None;
    for _ in 0..20 {
        let answered = client.send(chat(&serde_json::json!({}))).await;
        if answered.status != 200 {
            refused = Some(answered);
            break;
        }
    }
    let refused = refused.unwrap();
    assert_eq!(refused.header("x-tollgate-error"), Some("not_recordable"));
    assert_eq!(
        (refused.status.as_u16(), refused.header("retry-after")),
        (503, Some("30"))
    );
    let sent = simulator.stats().received;
    let books = gateway.finish().await;
    assert_eq!(books.entries.len() as u64, sent, "what was sent is recorded");
}

#[tokio::test]
async fn the_key_may_stand_in_any_place_of_any_dialect() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    let mut request = chat(&serde_json::json!({}));
    request.headers_mut().remove("authorization");
    *request.uri_mut() = format!("/api/proxy/v1/chat/completions?key={CLIENT_KEY}")
        .parse()
        .unwrap();
    assert_eq!(client.send(request).await.status, 200);
    assert_eq!(simulator.requests()[0].query, None);
    assert_eq!(
        gateway.finish().await.log().path,
        "/api/proxy/v1/chat/completions"
    );
}
