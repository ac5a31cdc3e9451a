use std::io::Read as _;

use tollgate_testkit::{Chunking, Compression, Script, Simulator};

use crate::client::{CHAT, MESSAGES, RESPONSES, STREAM_ARRAY, STREAM_SSE, ask};

const STREAMS: [&str; 5] = [CHAT, RESPONSES, MESSAGES, STREAM_SSE, STREAM_ARRAY];

async fn scripted(script: Script) -> Simulator {
    let simulator = Simulator::start().await.unwrap();
    simulator.script_all(script);
    simulator
}

fn unzip(compression: Compression, body: &[u8]) -> String {
    let mut text = String::new();
    match compression {
        Compression::Gzip => flate2::read::GzDecoder::new(body).read_to_string(&mut text),
        Compression::Deflate => flate2::read::ZlibDecoder::new(body).read_to_string(&mut text),
        // Stored blocks, whose headers the simulator's own tests hold against the formats.
        Compression::Br | Compression::Zstd => return String::from_utf8_lossy(body).into_owned(),
    }
    .unwrap();
    text
}

#[tokio::test]
async fn split_frames_arrive_split_inside_characters() {
    let simulator = scripted(Script {
        chunking: Chunking::Bytes(5),
        ..Script::tokens(1, 1)
    })
    .await;
    for path in STREAMS {
        let answer = ask(&simulator, path, true).await;
        assert!(
            answer
                .frames
                .iter()
                .any(|frame| std::str::from_utf8(frame).is_err()),
            "{path}"
        );
        assert!(answer.text().contains("🚀"), "{path}");
    }
}

#[tokio::test]
async fn crlf_streams_have_no_bare_line_feed() {
    let simulator = scripted(Script {
        crlf: true,
        ..Script::tokens(1, 1)
    })
    .await;
    for path in STREAMS {
        let text = ask(&simulator, path, true).await.text();
        assert_eq!(text.matches('\n').count(), text.matches("\r\n").count(), "{path}");
        assert!(text.contains("\r\n"), "{path}");
    }
}

#[tokio::test]
async fn compressed_bodies_decode_to_the_plain_ones() {
    for compression in [Compression::Gzip, Compression::Deflate] {
        let simulator = scripted(Script {
            compression: Some(compression),
            ..Script::tokens(1, 2)
        })
        .await;
        let whole = ask(&simulator, CHAT, false).await;
        assert!(whole.header("content-encoding").is_some());
        assert!(unzip(compression, &whole.bytes()).contains("\"completion_tokens\":2"));
        let stream = ask(&simulator, MESSAGES, true).await;
        assert!(stream.frames.len() > 5, "each event is flushed on its own");
        assert!(unzip(compression, &stream.bytes()).ends_with("\"message_stop\"}\n\n"));
    }
}

#[tokio::test]
async fn streams_may_end_without_their_terminal_event() {
    let simulator = scripted(Script {
        terminal_event: false,
        ..Script::tokens(1, 1)
    })
    .await;
    for (path, terminal) in [
        (CHAT, "[DONE]"),
        (RESPONSES, "response.completed"),
        (MESSAGES, "message_stop"),
    ] {
        let answer = ask(&simulator, path, true).await;
        assert!(!answer.broken && !answer.text().contains(terminal), "{path}");
    }
    assert!(
        !simulator.invoice()[1].usage_reported,
        "the usage of a response is in its terminal event"
    );
}

#[tokio::test]
async fn an_echo_is_the_last_text_sent() {
    let simulator = scripted(Script {
        echo: true,
        ..Script::tokens(1, 1)
    })
    .await;
    let body = ask(&simulator, CHAT, false).await.json();
    assert_eq!(body["choices"][0]["message"]["content"], "hi");
}

#[tokio::test]
async fn a_held_answer_goes_on_when_released() {
    let script = Script {
        hold: Some(tollgate_testkit::HoldPoint::AfterFrames(2)),
        ..Script::tokens(1, 1)
    };
    let simulator = scripted(script).await;
    let release = async {
        simulator.wait_until_held(1).await;
        let stats = simulator.stats();
        assert!(!simulator.invoice()[0].completed);
        simulator.release();
        stats
    };
    let (answer, stats) = tokio::join!(ask(&simulator, CHAT, true), release);
    assert!(answer.text().ends_with("[DONE]\n\n"));
    assert_eq!((stats.in_flight, stats.held), (1, 1));
    simulator.wait_until_idle().await;
    assert!(simulator.invoice()[0].completed);
}
