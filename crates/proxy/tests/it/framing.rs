//! Request bodies as HTTP frames them: in chunks, and after leave to send them.

use std::time::Duration;

use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tollgate_proxy::ProxyConfig;
use tollgate_testkit::{Script, Simulator};

use crate::support::{CLIENT_KEY, Gateway, of};

/// A connection on which every byte is ours.
struct Wire(TcpStream);

impl Wire {
    async fn to(gateway: &Gateway) -> Self {
        Self(TcpStream::connect(gateway.address).await.unwrap())
    }

    async fn send(&mut self, bytes: &[u8]) {
        self.0.write_all(bytes).await.unwrap();
    }

    /// Reads a head, up to the blank line.
    async fn head(&mut self) -> String {
        let mut head = Vec::new();
        while !head.ends_with(b"\r\n\r\n") {
            head.push(self.0.read_u8().await.unwrap());
        }
        String::from_utf8(head).unwrap()
    }

    /// The status line of a response whose connection closes with it.
    async fn last_status(&mut self) -> String {
        let mut answer = Vec::new();
        self.0.read_to_end(&mut answer).await.unwrap();
        let answer = String::from_utf8_lossy(&answer).into_owned();
        answer.lines().next().unwrap_or_default().to_owned()
    }
}

fn head(key: &str, framing: &str) -> String {
    format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer {key}\r\n\
         content-type: application/json\r\nconnection: close\r\n{framing}\r\n\r\n"
    )
}

fn body() -> String {
    json!({"model": "gpt-4o", "messages": [{"role": "user", "content": "Grüße aus Zürich"}]}).to_string()
}

/// Chunks of these sizes in turn, with an extension each, an upper case size here and there, and a trailer at the end.
fn chunks(body: &[u8], sizes: &[usize]) -> Vec<u8> {
    let (mut rest, mut out) = (body, Vec::new());
    for size in sizes.iter().cycle() {
        if rest.is_empty() {
            break;
        }
        let (piece, tail) = rest.split_at((*size).min(rest.len()));
        out.extend_from_slice(format!("{:X};n=\"v\"\r\n", piece.len()).as_bytes());
        out.extend_from_slice(piece);
        out.extend_from_slice(b"\r\n");
        rest = tail;
    }
    out.extend_from_slice(b"0\r\nx-checksum: none\r\n\r\n");
    out
}

async fn billed(simulator: &Simulator) -> Gateway {
    simulator.script_all(Script::tokens(1000, 100));
    Gateway::start(vec![of(simulator, 0)]).await
}

#[tokio::test]
async fn a_body_in_chunks_goes_on_whole_with_its_length_and_is_billed() {
    for sizes in [&[1][..], &[7, 1, 30], &[10_000]] {
        let simulator = Simulator::start().await.unwrap();
        let gateway = billed(&simulator).await;
        let mut wire = Wire::to(&gateway).await;
        wire.send(head(CLIENT_KEY, "transfer-encoding: chunked").as_bytes())
            .await;
        for piece in chunks(body().as_bytes(), sizes).chunks(50) {
            wire.send(piece).await;
        }
        assert_eq!(wire.last_status().await, "HTTP/1.1 200 OK", "{sizes:?}");
        let seen = simulator.requests().pop().unwrap();
        assert_eq!(seen.body, body().as_bytes(), "{sizes:?}");
        assert_eq!(seen.headers["content-length"], body().len().to_string());
        assert!(!seen.headers.contains_key("transfer-encoding") && !seen.headers.contains_key("x-checksum"));
        assert_eq!(gateway.finish().await.verdicts(), ["billed, completed"]);
    }
}

#[tokio::test]
async fn a_body_in_chunks_that_breaks_off_or_is_too_large_reaches_nobody() {
    let simulator = Simulator::start().await.unwrap();
    let config = ProxyConfig {
        max_request_bytes: 1000,
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    let mut wire = Wire::to(&gateway).await;
    let large = chunks(&[b' '; 2000], &[300]);
    wire.send(&[head(CLIENT_KEY, "transfer-encoding: chunked").as_bytes(), &large].concat())
        .await;
    assert_eq!(wire.last_status().await, "HTTP/1.1 413 Payload Too Large");

    let mut wire = Wire::to(&gateway).await;
    let bad = [
        head(CLIENT_KEY, "transfer-encoding: chunked").as_bytes(),
        b"5\r\n{\"mod\r\nnonsense\r\n",
    ]
    .concat();
    wire.send(&bad).await;
    assert_eq!(wire.last_status().await, "HTTP/1.1 400 Bad Request");

    let mut wire = Wire::to(&gateway).await;
    wire.send(
        &[
            head(CLIENT_KEY, "transfer-encoding: chunked").as_bytes(),
            b"5\r\n{\"mod\r\n",
        ]
        .concat(),
    )
    .await;
    wire.0.shutdown().await.unwrap();
    wire.last_status().await;
    assert_eq!(simulator.stats().received, 0);
    assert!(gateway.finish().await.entries.is_empty());
}

#[tokio::test]
async fn leave_to_send_is_given_before_the_body_and_is_not_asked_for_upstream() {
    for framing in ["transfer-encoding: chunked", "content-length: LENGTH"] {
        let simulator = Simulator::start().await.unwrap();
        let gateway = billed(&simulator).await;
        let framing = framing.replace("LENGTH", &body().len().to_string());
        let mut wire = Wire::to(&gateway).await;
        let asking = head(CLIENT_KEY, &format!("expect: 100-continue\r\n{framing}"));
        wire.send(asking.as_bytes()).await;
        assert_eq!(wire.head().await, "HTTP/1.1 100 Continue\r\n\r\n");
        assert_eq!(
            simulator.stats().received,
            0,
            "nothing goes on before the body is there"
        );
        if framing.starts_with("transfer") {
            wire.send(&chunks(body().as_bytes(), &[16])).await;
        } else {
            wire.send(body().as_bytes()).await;
        }
        assert_eq!(wire.last_status().await, "HTTP/1.1 200 OK");
        let seen = simulator.requests().pop().unwrap();
        assert!(!seen.headers.contains_key("expect"));
        assert_eq!(seen.body, body().as_bytes());
        assert_eq!(gateway.finish().await.verdicts(), ["billed, completed"]);
    }
}

#[tokio::test]
async fn no_leave_is_given_for_a_request_that_is_refused_by_its_head() {
    let simulator = Simulator::start().await.unwrap();
    let config = ProxyConfig {
        max_request_bytes: 1000,
        ..ProxyConfig::default()
    };
    let gateway = Gateway::configured(vec![of(&simulator, 0)], config).await;
    for (key, length, status) in [
        ("tg-nobody", 10, "HTTP/1.1 401 Unauthorized"),
        (CLIENT_KEY, 1001, "HTTP/1.1 413 Payload Too Large"),
    ] {
        let mut wire = Wire::to(&gateway).await;
        let framing = format!("expect: 100-continue\r\ncontent-length: {length}");
        wire.send(head(key, &framing).as_bytes()).await;
        assert_eq!(wire.last_status().await, status);
    }
    assert_eq!(simulator.stats().received, 0);
    assert!(gateway.finish().await.entries.is_empty());
}

#[tokio::test]
async fn a_refusal_reaches_a_client_that_is_still_sending_and_leaves_its_connection_open() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = billed(&simulator).await;
    let mut wire = Wire::to(&gateway).await;
    let head = |key: &str| {
        let head = head(key, &format!("content-length: {}", body().len()));
        head.replace("connection: close\r\n", "")
    };
    for _ in 0..2 {
        wire.send(head("tg-nobody").as_bytes()).await;
        tokio::time::sleep(Duration::from_millis(100)).await;
        wire.send(body().as_bytes()).await;
        let refusal = wire.head().await;
        assert!(refusal.starts_with("HTTP/1.1 401 "), "{refusal}");
        let length = refusal
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        let mut rest = vec![0; length.unwrap().parse().unwrap()];
        wire.0.read_exact(&mut rest).await.unwrap();
    }
    wire.send(head(CLIENT_KEY).as_bytes()).await;
    wire.send(body().as_bytes()).await;
    assert!(wire.head().await.starts_with("HTTP/1.1 200 "));
    drop(wire);
    assert_eq!(gateway.finish().await.verdicts(), ["billed, completed"]);
}

#[tokio::test]
async fn a_refusal_does_not_wait_for_a_body_that_never_comes() {
    let simulator = Simulator::start().await.unwrap();
    let gateway = billed(&simulator).await;
    let mut wire = Wire::to(&gateway).await;
    wire.send(head("tg-nobody", "content-length: 1000").as_bytes())
        .await;
    assert_eq!(wire.last_status().await, "HTTP/1.1 401 Unauthorized");
    gateway.finish().await;
}
