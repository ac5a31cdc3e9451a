//! One request over a connection of its own.

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;

use crate::Failure;
use crate::stage::{Stage, TOKEN};

/// An answer.
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) body: String,
}

/// Gets a path. Of a download only the beginning, for how long all of it takes is the reader's affair; the connection is
/// closed then.
pub(crate) async fn get(stage: &Stage, path: &str) -> Result<Answer, Failure> {
    let mut connection = TcpStream::connect(stage.address).await?;
    connection.set_nodelay(true)?;
    let request = format!(
        "GET {path} HTTP/1.1\r\nhost: {}\r\nauthorization: Bearer {TOKEN}\r\nconnection: close\r\n\r\n",
        stage.address
    );
    connection.write_all(request.as_bytes()).await?;
    let mut bytes = Vec::new();
    let is_download = path.contains("/export?");
    while !(is_download && has_begun(&bytes)) && connection.read_buf(&mut bytes).await? > 0 {}
    let text = String::from_utf8_lossy(&bytes);
    let (head, body) = text
        .split_once("\r\n\r\n")
        .ok_or("an answer without an end of its head")?;
    let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
    Ok(Answer {
        status: status.ok_or("an answer without a status")?,
        body: body.to_owned(),
    })
}

/// Whether the head and something of the body are there.
fn has_begun(answer: &[u8]) -> bool {
    let end = answer.windows(4).position(|end| end == b"\r\n\r\n");
    end.is_some_and(|end| answer.len() > end + 4)
}
