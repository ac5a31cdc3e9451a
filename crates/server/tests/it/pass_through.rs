//! What the client sends and gets is what it would without a gateway.

use futures_util::StreamExt;
use serde_json::json;
use tollgate_domain::Verdict;
use tollgate_testkit::{Chunking, Compression, Report, Script};

use crate::support::{Backend, Setup, compare_with_invoice};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_anthropic_stream_with_output_only_in_its_delta_keeps_input_and_cache() {
    let script = Script {
        report: Report::DeltaOutputOnly,
        ..Script::default()
    };
    let setup = answered("/v1/messages", "claude-sonnet-4-5", script).await;
    let entries = setup.books().await.wait_for(1).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
    assert!(
        entries[0]
            .journaled
            .entry
            .usage
            .as_ref()
            .unwrap()
            .context_tokens()
            > 0
    );
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_openai_stream_without_include_usage_is_billed_and_the_client_sees_no_extra_chunk() {
    let setup = Setup::new(Backend::Sqlite).await;
    let text = stream(&setup, "/v1/chat/completions", "gpt-4o").await;
    assert!(!text.contains("\"choices\":[]"), "{text}");
    assert!(text.trim_end().ends_with("data: [DONE]"), "{text}");
    let entries = setup.books().await.wait_for(1).await;
    assert_eq!(entries[0].journaled.entry.verdict, Verdict::Billed);
    compare_with_invoice(&entries, &setup.simulator.invoice());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn crlf_and_chunks_torn_inside_characters_come_through_and_are_billed() {
    for chunking in [Chunking::Bytes(1), Chunking::Bytes(7), Chunking::Whole] {
        let script = Script {
            crlf: true,
            chunking,
            text: Some("héllo 你好 🎉".to_owned()),
            ..Script::default()
        };
        let setup = answered("/v1/messages", "claude-haiku-4-5", script).await;
        let entries = setup.books().await.wait_for(1).await;
        compare_with_invoice(&entries, &setup.simulator.invoice());
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_gzip_answer_passes_untouched_and_is_metered() {
    let script = Script {
        compression: Some(Compression::Gzip),
        ..Script::default()
    };
    let setup = answered("/v1/messages", "claude-haiku-4-5", script).await;
    let entries = setup.books().await.wait_for(1).await;
    compare_with_invoice(&entries, &setup.simulator.invoice());
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_clients_key_never_reaches_the_provider_and_secrets_are_not_on_disk() {
    let mut setup = Setup::new(Backend::Sqlite).await;
    stream(&setup, "/v1/chat/completions", "gpt-4o").await;
    setup.books().await.wait_for(1).await;
    for seen in setup.simulator.requests() {
        assert!(!format!("{seen:?}").contains(&setup.key));
    }
    setup.gateway.stop().await;
    let mut pending = vec![setup.data_dir.path().to_owned()];
    while let Some(dir) = pending.pop() {
        for item in std::fs::read_dir(dir).unwrap() {
            let path = item.unwrap().path();
            if path.is_dir() {
                pending.push(path);
                continue;
            }
            let bytes = std::fs::read(&path).unwrap();
            for secret in [setup.key.as_str(), setup.simulator.credential()] {
                let found = bytes
                    .windows(secret.len())
                    .any(|window| window == secret.as_bytes());
                assert!(!found, "a secret stands in {}", path.display());
            }
        }
    }
}

/// Sends one streamed request through a gateway to a scripted simulator.
async fn answered(path: &str, model: &str, script: Script) -> Setup {
    let setup = Setup::new(Backend::Sqlite).await;
    setup.simulator.script_all(script);
    stream(&setup, path, model).await;
    setup
}

async fn stream(setup: &Setup, path: &str, model: &str) -> String {
    let body = json!({
        "model": model, "stream": true, "max_tokens": 64, "messages": [{"role": "user", "content": "hello"}],
    });
    let request = reqwest::Client::new()
        .post(format!("{}{path}", setup.gateway.base_url()))
        .bearer_auth(&setup.key)
        .header("anthropic-version", "2023-06-01")
        .json(&body);
    let response = request.send().await.unwrap();
    assert_eq!(response.status(), 200);
    let mut chunks = response.bytes_stream();
    let mut bytes = Vec::new();
    while let Some(chunk) = chunks.next().await {
        bytes.extend_from_slice(&chunk.unwrap());
    }
    String::from_utf8_lossy(&bytes).into_owned()
}
