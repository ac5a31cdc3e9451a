use std::sync::{Arc, Mutex};

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// A provider that answers one request a connection, with exactly these bytes.
pub(crate) struct Canned {
    pub(crate) base_url: String,
    requests: Arc<Mutex<Vec<String>>>,
    _stop: DropGuard,
}

/// An answer byte by byte.
#[derive(Clone)]
pub(crate) struct Reply {
    head: String,
    pieces: Vec<Vec<u8>>,
    chunked: bool,
    /// Whether the body ends as announced.
    whole: bool,
}

impl Reply {
    /// A chunked body, one chunk a piece.
    pub(crate) fn chunked(content_type: &str, pieces: &[&[u8]]) -> Self {
        let head = format!("HTTP/1.1 200 OK\r\ncontent-type: {content_type}\r\ntransfer-encoding: chunked");
        Self {
            head,
            pieces: pieces.iter().map(|piece| piece.to_vec()).collect(),
            chunked: true,
            whole: true,
        }
    }

    /// A body of announced length.
    pub(crate) fn sized(status: &str, content_type: &str, body: &[u8]) -> Self {
        let length = body.len();
        let head = format!("HTTP/1.1 {status}\r\ncontent-type: {content_type}\r\ncontent-length: {length}");
        Self {
            head,
            pieces: vec![body.to_vec()],
            chunked: false,
            whole: true,
        }
    }

    /// The connection closes after the pieces.
    pub(crate) fn cut(mut self) -> Self {
        self.whole = false;
        if !self.chunked {
            self.pieces[0].pop();
        }
        self
    }
}

impl Canned {
    /// Serves the replies in order, the last one again and again.
    pub(crate) async fn start(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let base_url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let stop = CancellationToken::new();
        let (seen, stopped) = (Arc::clone(&requests), stop.clone());
        TaskTracker::new().spawn(async move {
            let serve = async {
                for turn in 0.. {
                    let (stream, _) = listener.accept().await.unwrap();
                    let reply = replies.get(turn).or(replies.last()).unwrap();
                    answer(stream, reply, &seen).await;
                }
            };
            tokio::select! { () = serve => {}, () = stopped.cancelled() => {} }
        });
        Self {
            base_url,
            requests,
            _stop: stop.drop_guard(),
        }
    }

    /// Heads and bodies as they came in.
    pub(crate) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

async fn answer(mut stream: TcpStream, reply: &Reply, seen: &Mutex<Vec<String>>) {
    let request = read_request(&mut stream).await;
    seen.lock().unwrap().push(request);
    let mut out = format!("{}\r\nconnection: close\r\n\r\n", reply.head).into_bytes();
    for piece in &reply.pieces {
        if reply.chunked {
            out.extend_from_slice(format!("{:x}\r\n", piece.len()).as_bytes());
            out.extend_from_slice(piece);
            out.extend_from_slice(b"\r\n");
        } else {
            out.extend_from_slice(piece);
        }
    }
    if reply.chunked && reply.whole {
        out.extend_from_slice(b"0\r\n\r\n");
    }
    stream.write_all(&out).await.unwrap();
    stream.shutdown().await.ok();
}

async fn read_request(stream: &mut TcpStream) -> String {
    let mut request = Vec::new();
    let mut buffer = [0; 4096];
    loop {
        let read = stream.read(&mut buffer).await.unwrap();
        request.extend_from_slice(&buffer[..read]);
        let text = String::from_utf8_lossy(&request).into_owned();
        let Some((head, body)) = text.split_once("\r\n\r\n") else {
            assert!(read > 0, "the request broke off: {text}");
            continue;
        };
        let length = head.lines().find_map(|line| {
            line.to_ascii_lowercase()
                .strip_prefix("content-length: ")?
                .parse()
                .ok()
        });
        if body.len() >= length.unwrap_or(0_usize) {
            return text;
        }
    }
}
