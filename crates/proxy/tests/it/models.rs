//! The gateway lists the configured models itself.

use http::Request;
use http_body_util::Full;
use tollgate_domain::{ModelName, ModelRule};
use tollgate_testkit::Simulator;

use crate::support::{CLIENT_KEY, Client, Gateway, of};

#[tokio::test]
async fn models_are_listed_in_the_shape_of_the_callers_dialect() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    upstream.upstream.models = ["model-a", "gpt-*"]
        .map(|name| ModelRule {
            model: ModelName::new(name),
            send_as: None,
        })
        .to_vec();
    let gateway = Gateway::start(vec![upstream]).await;
    let client = Client::of(&gateway);
    let get = |path: &str, extra: (&str, &str)| {
        Request::get(path)
            .header("x-api-key", CLIENT_KEY)
            .header(extra.0, extra.1)
            .body(Full::default())
            .unwrap()
    };
    let none = ("accept", "*/*");
    let anthropic = ("anthropic-version", "2023-06-01");
    let gemini = ("x-goog-api-key", CLIENT_KEY);
    let cases = [
        ("/v1/models", none, "/data/0/object", "model"),
        ("/v1/models", anthropic, "/data/0/type", "model"),
        ("/v1/models", gemini, "/models/0/name", "models/model-a"),
        ("/v1beta/models", none, "/models/0/name", "models/model-a"),
        ("/api/proxy/v1/models", none, "/data/0/id", "model-a"),
        ("/v1/models/model-a", none, "/id", "model-a"),
        ("/v1beta/models/model-a", none, "/name", "models/model-a"),
    ];
    for (path, extra, pointer, expected) in cases {
        let answered = client.send(get(path, extra)).await;
        assert_eq!(answered.json().pointer(pointer).unwrap(), expected, "{path}");
        assert!(!answered.text().contains("gpt-*"));
    }
    let missing = client.send(get("/v1/models/gpt-6", anthropic)).await;
    assert_eq!(
        (missing.status.as_u16(), missing.json()["type"].as_str()),
        (404, Some("error"))
    );
    let books = gateway.finish().await;
    assert!(books.notes.is_empty());
    assert_eq!(simulator.stats().received, 0);
}
