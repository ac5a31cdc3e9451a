//! The operator's own test of an upstream.

use std::sync::Arc;

use tollgate_domain::ports::{TestCall, TestCalls, TestRefusal};
use tollgate_domain::{KeyId, Meter, ModelName, ModelRule, Protocol, Verdict};
use tollgate_proxy::TestCaller;
use tollgate_testkit::{Fault, Script, Simulator};

use crate::support::{Canned, Gateway, Reply, at_url, dead, of};

fn call(gateway_upstream: tollgate_domain::UpstreamId, protocol: Protocol) -> TestCall {
    TestCall {
        upstream: gateway_upstream,
        protocol: Some(protocol),
        model: Some(ModelName::new("gpt-4o")),
        stream: false,
    }
}

#[tokio::test]
async fn a_test_is_sent_metered_and_recorded_under_the_consoles_own_key() {
    let simulator = Simulator::start().await.unwrap();
    let mut upstream = of(&simulator, 0);
    // A disabled upstream takes no traffic and can be tested all the same.
    upstream.upstream.enabled = false;
    let id = upstream.upstream.id;
    let gateway = Gateway::start(vec![upstream]).await;
    let caller = gateway.test_caller();
    let protocols = [
        Protocol::OpenaiChat,
        Protocol::OpenaiResponses,
        Protocol::AnthropicMessages,
        Protocol::GeminiGenerate,
        Protocol::OpenaiCompletions,
        Protocol::OpenaiEmbeddings,
        Protocol::GeminiEmbed,
        Protocol::Rerank,
        Protocol::OpenaiModerations,
    ];
    for protocol in protocols {
        let plan = caller.plan(&call(id, protocol)).unwrap();
        assert!(!plan.routed);
        let outcome = caller.call(call(id, protocol)).await.unwrap();
        assert_eq!(
            (outcome.status, &outcome.error),
            (200, &None),
            "{protocol}: {}",
            outcome.said
        );
        let entry = outcome.entry.unwrap();
        assert_eq!(entry.attempt.key.id, KeyId::CONSOLE, "{protocol}");
        assert_eq!(&*entry.attempt.key.name, "console");
        assert!(!outcome.said.contains(Simulator::DEFAULT_CREDENTIAL));
    }
    let books = gateway.finish().await;
    assert_eq!((books.entries.len(), books.logs().count()), (9, 9));
    assert!(books.logs().all(|log| log.key.id == KeyId::CONSOLE));
    assert_eq!(simulator.stats().received, 9);
}

#[tokio::test]
async fn a_streamed_test_has_a_time_to_first_token_and_a_cost() {
    let simulator = Simulator::start().await.unwrap();
    let upstream = of(&simulator, 0);
    let id = upstream.upstream.id;
    let gateway = Gateway::start(vec![upstream]).await;
    let caller = gateway.test_caller();
    for protocol in [
        Protocol::OpenaiChat,
        Protocol::AnthropicMessages,
        Protocol::GeminiGenerate,
    ] {
        let asked = TestCall {
            stream: true,
            ..call(id, protocol)
        };
        let outcome = caller.call(asked).await.unwrap();
        assert!(outcome.said.contains("data:"), "{}", outcome.said);
        let entry = outcome.entry.unwrap();
        assert!(entry.outcome.ttft_us.is_some());
        assert_eq!(entry.verdict, Verdict::Billed);
        assert!(entry.attempt.stream && entry.amounts.is_some());
    }
    let embeddings = TestCall {
        stream: true,
        ..call(id, Protocol::OpenaiEmbeddings)
    };
    let refused = caller.call(embeddings).await.unwrap_err();
    assert!(matches!(refused, TestRefusal::NoStreams { .. }));
}

#[tokio::test]
async fn what_is_used_stays_below_what_was_announced() {
    let simulator = Simulator::start().await.unwrap();
    let upstream = of(&simulator, 0);
    let id = upstream.upstream.id;
    let gateway = Gateway::start(vec![upstream]).await;
    let plan = gateway
        .test_caller()
        .plan(&call(id, Protocol::OpenaiChat))
        .unwrap();
    assert_eq!(plan.usage_at_most.get(Meter::Output).get(), 16);
    let input = plan.usage_at_most.get(Meter::Input).get();
    assert!((60..300).contains(&input), "{input}");
    assert_eq!(simulator.stats().received, 0, "a plan sends nothing");
}

#[tokio::test]
async fn a_failure_says_what_happened_and_is_in_the_ledger_if_it_was_sent() {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(Script {
        fault: Some(Fault::Status {
            code: 401,
            retry_after: None,
        }),
        ..Script::default()
    });
    let (refusing, gone) = (of(&simulator, 0), dead(1));
    let (refusing_id, gone_id) = (refusing.upstream.id, gone.upstream.id);
    let gateway = Gateway::start(vec![refusing, gone]).await;
    let caller = gateway.test_caller();
    let refused = caller
        .call(call(refusing_id, Protocol::OpenaiChat))
        .await
        .unwrap();
    assert_eq!((refused.status, refused.error), (401, None));
    assert!(refused.entry.is_some());
    let unreachable = caller.call(call(gone_id, Protocol::OpenaiChat)).await.unwrap();
    assert_eq!(unreachable.error.as_deref(), Some("upstream_unreachable"));
    assert_eq!(unreachable.entry, None);
    let books = gateway.finish().await;
    assert_eq!((books.entries.len(), books.not_sent()), (1, 1));
}

#[tokio::test]
async fn redirects_are_not_followed() {
    let elsewhere = Simulator::start().await.unwrap();
    let location = format!(
        "text/plain\r\nlocation: {}/v1/chat/completions",
        elsewhere.base_url()
    );
    let redirect = Reply::sized("307 Temporary Redirect", &location, b"over there");
    let first = Canned::start(vec![redirect]).await;
    let upstream = at_url(&first.base_url, 0);
    let id = upstream.upstream.id;
    let gateway = Gateway::start(vec![upstream]).await;
    let outcome = gateway
        .test_caller()
        .call(call(id, Protocol::OpenaiChat))
        .await
        .unwrap();
    assert_eq!((outcome.status, outcome.said.as_str()), (307, "over there"));
    assert_eq!(elsewhere.stats().received, 0);
}

#[tokio::test]
async fn what_cannot_be_tested_is_refused_before_anything_is_sent() {
    let simulator = Simulator::start().await.unwrap();
    let (mut narrow, wrong) = (of(&simulator, 0), at_url("ftp://nowhere", 1));
    narrow.upstream.protocols = [Protocol::OpenaiChat, Protocol::OpenaiSpeech].into();
    narrow.upstream.models = vec![ModelRule {
        model: ModelName::new("gpt-*"),
        send_as: None,
    }];
    let (id, wrong_id) = (narrow.upstream.id, wrong.upstream.id);
    let gateway = Gateway::start(vec![narrow, wrong]).await;
    let caller = gateway.test_caller();
    let refusal = |call: TestCall| caller.plan(&call).unwrap_err();
    let not_spoken = refusal(call(id, Protocol::AnthropicMessages));
    assert!(
        not_spoken.to_string().contains("openai_chat, openai_speech"),
        "{not_spoken}"
    );
    let untestable = refusal(call(id, Protocol::OpenaiSpeech));
    assert!(matches!(untestable, TestRefusal::NotTestable { .. }));
    let nameless = TestCall {
        model: None,
        ..call(id, Protocol::OpenaiChat)
    };
    assert_eq!(refusal(nameless), TestRefusal::ModelMissing);
    let broken = refusal(call(wrong_id, Protocol::OpenaiChat));
    assert!(matches!(broken, TestRefusal::NotCallable { .. }), "{broken}");
    let nobody = tollgate_domain::UpstreamId::new(uuid::Uuid::from_u128(42));
    assert_eq!(
        refusal(call(nobody, Protocol::OpenaiChat)),
        TestRefusal::UnknownUpstream
    );
    assert_eq!(simulator.stats().received, 0);
    let _: Arc<dyn TestCalls> = Arc::new(TestCaller::new(gateway.state.clone(), Arc::default()));
}
