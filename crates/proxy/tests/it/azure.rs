//! Azure's paths, as a caller's and as an upstream's.

use serde_json::json;
use tollgate_domain::{ModelName, ModelRule, ProviderName};
use tollgate_testkit::Simulator;

use crate::support::{CLIENT_KEY, CREDENTIAL, Client, Gateway, chat, of, openai};

#[tokio::test]
async fn an_azure_resource_is_called_by_deployment_version_and_its_own_header() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    upstream.upstream.provider = ProviderName::new("azure");
    upstream.upstream.base_url += "?api-version=2024-10-21";
    upstream.upstream.models = vec![ModelRule {
        model: ModelName::new("gpt-4o"),
        send_as: Some(ModelName::new("my-gpt-4o")),
    }];
    let gateway = Gateway::start(vec![upstream]).await;
    let answered = Client::of(&gateway).send(chat(&json!({}))).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    let seen = simulator.requests().pop().unwrap();
    assert_eq!(seen.path, "/openai/deployments/my-gpt-4o/chat/completions");
    assert_eq!(seen.query.as_deref(), Some("api-version=2024-10-21"));
    assert_eq!(seen.headers["api-key"], CREDENTIAL);
    assert!(!seen.headers.contains_key("authorization"));
    gateway.finish().await;
}

#[tokio::test]
async fn an_azure_caller_is_served_by_any_upstream_even_without_a_model_in_its_body() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let path = "/openai/deployments/gpt-4o/chat/completions?api-version=2024-10-21";
    let mut request = openai(path, &json!({"messages": [{"role": "user", "content": "hi"}]}));
    request.headers_mut().remove("authorization");
    request
        .headers_mut()
        .insert("api-key", CLIENT_KEY.parse().unwrap());
    let answered = Client::of(&gateway).send(request).await;
    assert_eq!(answered.status, 200, "{}", answered.text());
    let seen = simulator.requests().pop().unwrap();
    assert_eq!((seen.path.as_str(), seen.query), ("/v1/chat/completions", None));
    assert_eq!(
        seen.body,
        r#"{"model":"gpt-4o","messages":[{"content":"hi","role":"user"}]}"#
    );
    assert_eq!(gateway.finish().await.verdicts(), ["billed, completed"]);
}
