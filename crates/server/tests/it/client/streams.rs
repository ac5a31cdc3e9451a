//! Exports.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

use super::{command, stderr, stdout};

/// A server that breaks an export off after some lines.
#[tokio::test(flavor = "multi_thread")]
async fn an_export_that_breaks_off_keeps_its_partial_name_and_fails() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let serving = tokio::spawn(async move {
        for whole in [false, true] {
            let (mut stream, _) = listener.accept().await.unwrap();
            let mut request = [0; 4096];
            assert!(stream.read(&mut request).await.unwrap() > 0);
            // The first announces more than it sends, the second ends in order and lacks its last line.
            let length = if whole { 8 } else { 4_000 };
            let answer = format!(
                "HTTP/1.1 200 OK\r\ncontent-type: text/csv\r\ncontent-length: {length}\r\n\r\na,b\n1,2\n"
            );
            stream.write_all(answer.as_bytes()).await.unwrap();
            stream.shutdown().await.unwrap();
        }
    });
    let dir = tempfile::tempdir().unwrap();
    for _ in 0..2 {
        let output = command(dir.path(), &url, &["export", "-o", "bill.csv"])
            .output()
            .await
            .unwrap();
        assert_eq!(output.status.code(), Some(3), "{}", stderr(&output));
        assert!(!dir.path().join("bill.csv").exists());
        assert_eq!(
            std::fs::read_to_string(dir.path().join("bill.csv.part")).unwrap(),
            "a,b\n1,2\n"
        );
        assert_eq!(stdout(&output), "");
    }
    serving.await.unwrap();
}
