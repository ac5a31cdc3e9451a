//! Compressed bodies, in both directions.

use std::io::Write as _;

use flate2::Compression as Level;
use flate2::write::{GzEncoder, ZlibEncoder};
use http_body_util::Full;
use serde_json::json;
use tollgate_domain::Meter;
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::{Compression, Script, Simulator};

use crate::support::{Client, Gateway, chat, chat_stream, of};

const BODY: &str = r#"{"model": "gpt-4o",  "messages": [{"role": "user", "content": "Grüße"}]}"#;

fn gzip(plain: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Level::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

fn zlib(plain: &[u8]) -> Vec<u8> {
    let mut encoder = ZlibEncoder::new(Vec::new(), Level::default());
    encoder.write_all(plain).unwrap();
    encoder.finish().unwrap()
}

/// Stored blocks.
fn brotli(plain: &[u8]) -> Vec<u8> {
    let header = (u32::try_from(plain.len() - 1).unwrap() << 3 | 1 << 19) << 1;
    [&header.to_le_bytes()[..3], plain, &[3]].concat()
}

fn zstd(plain: &[u8]) -> Vec<u8> {
    let header = u32::try_from(plain.len()).unwrap() << 3 | 1;
    [
        b"\x28\xb5\x2f\xfd\x00\x58".as_slice(),
        &header.to_le_bytes()[..3],
        plain,
    ]
    .concat()
}

#[tokio::test]
async fn compressed_requests_reach_the_upstream_plain_and_unchanged() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    for (coding, body) in [
        ("gzip", gzip(BODY.as_bytes())),
        ("deflate", zlib(BODY.as_bytes())),
        ("br", brotli(BODY.as_bytes())),
        ("zstd", zstd(BODY.as_bytes())),
    ] {
        let mut request = chat(&json!({}));
        request
            .headers_mut()
            .insert("content-encoding", coding.parse().unwrap());
        *request.body_mut() = Full::from(body);
        let answered = client.send(request).await;
        assert_eq!(answered.status, 200, "{coding}: {}", answered.text());
        let seen = simulator.requests().pop().unwrap();
        assert_eq!(seen.body, BODY, "{coding}");
        assert_eq!(seen.headers["content-length"], BODY.len().to_string().as_str());
        assert!(!seen.headers.contains_key("content-encoding"));
    }
    assert_eq!(gateway.finish().await.verdicts(), ["billed, completed"; 4]);
}

#[tokio::test]
async fn a_request_that_expands_past_the_limit_is_refused_before_anything_is_sent() {
    let simulator = Simulator::start().await.unwrap();
    let config = ProxyConfig {
        max_request_bytes: 1 << 20,
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    let mut request = chat(&json!({}));
    request
        .headers_mut()
        .insert("content-encoding", "gzip".parse().unwrap());
    *request.body_mut() = Full::from(gzip(&vec![b' '; 64 << 20]));
    let answered = Client::of(&gateway).send(request).await;
    assert_eq!(
        (answered.status.as_u16(), answered.header("x-tollgate-error")),
        (413, Some("body_too_large"))
    );
    assert_eq!(simulator.stats().received, 0);
    assert!(gateway.finish().await.entries.is_empty());
}

#[tokio::test]
async fn compressed_answers_pass_untouched_and_are_metered_all_the_same() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = Gateway::start(vec![of(&simulator, 0)]).await;
    let client = Client::of(&gateway);
    for compression in [
        Compression::Gzip,
        Compression::Deflate,
        Compression::Br,
        Compression::Zstd,
    ] {
        simulator.script_all(Script {
            compression: Some(compression),
            ..Script::tokens(11, 7)
        });
        for request in [chat(&json!({})), chat_stream()] {
            let answered = client.send(request).await;
            let named = answered.header("content-encoding").unwrap().to_owned();
            let plain = match compression {
                Compression::Gzip => answered.body.starts_with(&[0x1f, 0x8b]),
                Compression::Deflate => answered.body.starts_with(&[0x78]),
                _ => !answered.body.starts_with(b"{") && !answered.body.starts_with(b"data"),
            };
            assert!(plain, "{named}");
        }
    }
    let books = gateway.finish().await;
    assert_eq!(books.verdicts(), ["billed, completed"; 8]);
    for entry in &books.entries {
        let usage = entry.usage.as_ref().unwrap();
        assert_eq!(
            (usage.get(Meter::Input).get(), usage.get(Meter::Output).get()),
            (11, 7)
        );
    }
}
