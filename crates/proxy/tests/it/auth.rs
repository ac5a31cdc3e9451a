//! Who may ask.

use tollgate_testkit::Simulator;

use crate::support::{Client, Gateway, anthropic, chat, gemini, of};

#[tokio::test]
async fn an_unknown_key_is_refused_in_the_callers_dialect_and_leaves_no_record() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    let cases = [
        (
            chat(&serde_json::json!({})),
            "authorization",
            "/error/code",
            "\"invalid_api_key\"",
        ),
        (
            anthropic(&serde_json::json!({})),
            "x-api-key",
            "/error/type",
            "\"authentication_error\"",
        ),
        (
            gemini("generateContent"),
            "x-goog-api-key",
            "/error/status",
            "\"UNAUTHENTICATED\"",
        ),
    ];
    for (mut request, header, pointer, expected) in cases {
        request
            .headers_mut()
            .insert(header, "Bearer sk-somebody-elses".parse().unwrap());
        let answered = client.send(request).await;
        assert_eq!(answered.status, 401);
        assert_eq!(answered.json().pointer(pointer).unwrap().to_string(), expected);
        assert_eq!(answered.header("x-tollgate-error"), Some("key_unknown"));
        assert!(!answered.text().contains("sk-somebody-elses"));
    }
    assert_eq!(simulator.stats().received, 0);
    let books = gateway.finish().await;
    assert!(books.notes.is_empty() && books.entries.is_empty(), "{books:?}");
}
