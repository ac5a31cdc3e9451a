//! What upstreams get to see, and what callers get back.

use tollgate_domain::{ModelName, ModelRule};
use tollgate_testkit::Simulator;

use crate::support::{CLIENT_KEY, CREDENTIAL, Client, Gateway, anthropic, chat, chat_stream, gemini, of};

#[tokio::test]
async fn the_callers_key_never_reaches_the_provider() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    let mut by_query = gemini(&format!("generateContent?key={CLIENT_KEY}"));
    by_query.headers_mut().remove("x-goog-api-key");
    let mut twice = chat(&serde_json::json!({}));
    twice
        .headers_mut()
        .insert("x-api-key", CLIENT_KEY.parse().unwrap());
    let requests = [
        twice,
        anthropic(&serde_json::json!({})),
        gemini(&format!("streamGenerateContent?alt=sse&key={CLIENT_KEY}")),
        by_query,
    ];
    for request in requests {
        assert_eq!(client.send(request).await.status, 200);
    }
    let seen = simulator.requests();
    assert_eq!(seen.len(), 4);
    for request in &seen {
        assert!(!format!("{request:?}").contains(CLIENT_KEY), "{request:?}");
        assert_eq!(request.credential.as_deref(), Some(CREDENTIAL));
        assert_eq!(request.header("accept-encoding"), Some("identity"));
    }
    assert_eq!(seen[2].query.as_deref(), Some("alt=sse"));
    assert_eq!(seen[1].header("anthropic-version"), Some("2023-06-01"));
    for log in gateway.finish().await.logs() {
        assert!(!format!("{log:?}").contains(CLIENT_KEY));
    }
}

#[tokio::test]
async fn the_model_is_replaced_where_the_upstream_knows_it_by_another_name() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    let rule = ModelRule {
        model: ModelName::new("gpt-*"),
        send_as: Some(ModelName::new("deployment-7")),
    };
    upstream.upstream.models = vec![rule];
    let gateway = Gateway::start(vec![upstream]).await;
    let client = Client::of(&gateway);
    client.send(chat_stream()).await;
    client.send(gemini("generateContent")).await;

    let seen = simulator.requests();
    assert_eq!(seen[0].json()["model"], "deployment-7");
    assert_eq!(seen[0].json()["stream_options"]["include_usage"], true);
    assert_eq!(seen[0].json()["messages"][0]["content"], "Grüße");
    assert_eq!(seen[1].path, "/v1beta/models/deployment-7:generateContent");
    let books = gateway.finish().await;
    for context in books.opened() {
        assert_eq!(
            context.model_requested.as_ref().map(ModelName::as_str),
            Some("gpt-4o")
        );
        assert_eq!(
            context.model_sent.as_ref().map(ModelName::as_str),
            Some("deployment-7")
        );
    }
}

#[tokio::test]
async fn what_a_caller_says_of_itself_is_kept() {
    let simulator = Simulator::start().await.unwrap();
    let config = tollgate_proxy::ProxyConfig {
        metadata_keys: ["project".to_owned()].into(),
        ..tollgate_proxy::ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    let mut request = chat(&serde_json::json!({"user": "user-7", "service_tier": "flex"}));
    for (name, value) in [
        ("x-request-id", "mine"),
        ("idempotency-key", "once"),
        ("x-stainless-retry-count", "2"),
        ("x-tollgate-metadata", "project=apollo, other=1"),
    ] {
        request.headers_mut().insert(name, value.parse().unwrap());
    }
    let answered = Client::of(&gateway).send(request).await;
    assert!(
        answered.header("x-request-id").unwrap().starts_with("req_"),
        "the provider's own id passes"
    );

    let books = gateway.finish().await;
    let attempt = &books.entry().attempt;
    assert_eq!(
        answered.header("x-tollgate-request-id"),
        Some(attempt.request_id.to_string().as_str())
    );
    assert_eq!(attempt.tier_requested.as_deref(), Some("flex"));
    let caller = &attempt.caller;
    assert_eq!(caller.request_id.as_deref(), Some("mine"));
    assert_eq!(caller.idempotency_key.as_deref(), Some("once"));
    assert_eq!(caller.sdk_retry_count, Some(2));
    assert_eq!(caller.end_user.as_deref(), Some("user-7"));
    assert_eq!(
        caller.metadata.iter().collect::<Vec<_>>(),
        [(&"project".to_owned(), &"apollo".to_owned())]
    );
    assert_eq!(books.log().caller, *caller);
}
