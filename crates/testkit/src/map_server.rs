//! A server of price maps that does what it is told, the wrong things included.

use std::io::Write as _;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::{CancellationToken, DropGuard};
use tokio_util::task::TaskTracker;

/// How the next requests are answered.
#[derive(Debug, Clone)]
pub enum MapReply {
    /// A body with this tag; 304 to whoever knows the tag.
    Map {
        /// The body.
        body: Arc<str>,
        /// Its `ETag`, without quotes.
        etag: &'static str,
        /// Whether it is compressed, for those who accept it.
        gzip: bool,
    },
    /// A body with status 200 and nothing said about it.
    Body(Arc<str>),
    /// A status with a short body.
    Status(u16),
    /// This many blanks, in pieces; compressed they are a thousandth of it on the wire.
    Blanks {
        /// How many.
        bytes: u64,
        /// Whether they are compressed.
        gzip: bool,
    },
    /// One byte a tenth of a second, without end.
    Drip,
    /// To another place.
    Redirect(String),
    /// Half of what the header promises.
    CutOff,
    /// Nothing, until the caller goes away.
    Silence,
}

/// A request as it came in.
#[derive(Debug, Clone)]
pub struct MapRequest {
    /// The target: a path, or a whole URL where this server was used as a proxy.
    pub target: String,
    /// `If-None-Match`, where given.
    pub if_none_match: Option<String>,
    /// All headers, lower case names.
    pub headers: Vec<(String, String)>,
}

#[derive(Debug)]
struct Shared {
    reply: Mutex<MapReply>,
    seen: Mutex<Vec<MapRequest>>,
}

/// The server, on a free port of this machine; ends when dropped.
#[derive(Debug)]
pub struct MapServer {
    address: SocketAddr,
    shared: Arc<Shared>,
    _stop: DropGuard,
}

impl MapServer {
    /// Starts one.
    ///
    /// # Errors
    /// When no port can be opened.
    pub async fn start(reply: MapReply) -> std::io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0").await?;
        let shared = Arc::new(Shared {
            reply: Mutex::new(reply),
            seen: Mutex::default(),
        });
        let (stop, tasks) = (CancellationToken::new(), TaskTracker::new());
        let server = Self {
            address: listener.local_addr()?,
            shared: Arc::clone(&shared),
            _stop: stop.clone().drop_guard(),
        };
        let accepting = tasks.clone();
        tasks.spawn(async move {
            loop {
                let stream = tokio::select! {
                    () = stop.cancelled() => return,
                    accepted = listener.accept() => accepted,
                };
                if let Ok((stream, _)) = stream {
                    let (shared, stop) = (Arc::clone(&shared), stop.clone());
                    accepting.spawn(async move {
                        tokio::select! {
                            () = stop.cancelled() => {}
                            // A caller that goes away is what some of these replies are for.
                            _ = answer(stream, &shared) => {}
                        }
                    });
                }
            }
        });
        Ok(server)
    }

    /// Where the map is.
    pub fn url(&self) -> String {
        format!("http://{}/map.json", self.address)
    }

    /// Where it is, as a proxy.
    pub fn proxy_url(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Answers otherwise from now on.
    pub fn reply(&self, reply: MapReply) {
        *lock(&self.shared.reply) = reply;
    }

    /// What came in since the last call.
    pub fn take_seen(&self) -> Vec<MapRequest> {
        std::mem::take(&mut lock(&self.shared.seen))
    }
}

impl MapReply {
    /// A map with this tag, compressed.
    pub fn map(body: impl Into<Arc<str>>, etag: &'static str) -> Self {
        Self::Map {
            body: body.into(),
            etag,
            gzip: true,
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

async fn answer(mut stream: TcpStream, shared: &Shared) -> std::io::Result<()> {
    let Some(request) = read_request(&mut stream).await? else {
        return Ok(());
    };
    let reply = lock(&shared.reply).clone();
    let accepts_gzip = request
        .headers
        .iter()
        .any(|(name, value)| name == "accept-encoding" && value.contains("gzip"));
    let known = request.if_none_match.clone();
    lock(&shared.seen).push(request);
    match reply {
        MapReply::Map { body, etag, gzip } => {
            let tag = format!("\"{etag}\"");
            let head = format!("etag: {tag}\r\n");
            if known.as_deref() == Some(&tag) {
                whole(&mut stream, 304, &head, b"").await
            } else if gzip && accepts_gzip {
                let head = format!("{head}content-encoding: gzip\r\n");
                whole(&mut stream, 200, &head, &packed(body.as_bytes())?).await
            } else {
                whole(&mut stream, 200, &head, body.as_bytes()).await
            }
        }
        MapReply::Body(body) => whole(&mut stream, 200, "", body.as_bytes()).await,
        MapReply::Status(status) => whole(&mut stream, status, "", b"no map here").await,
        MapReply::Blanks { bytes, gzip: true } => {
            let packed = packed_blanks(bytes)?;
            whole(&mut stream, 200, "content-encoding: gzip\r\n", &packed).await
        }
        MapReply::Blanks { bytes, gzip: false } => blanks(&mut stream, bytes).await,
        MapReply::Drip => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
                .await?;
            loop {
                stream.write_all(b" ").await?;
                stream.flush().await?;
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
        MapReply::Redirect(target) => whole(&mut stream, 302, &format!("location: {target}\r\n"), b"").await,
        MapReply::CutOff => {
            let head = b"HTTP/1.1 200 OK\r\ncontent-length: 1000\r\nconnection: close\r\n\r\n{\"a\": {";
            stream.write_all(head).await?;
            stream.shutdown().await
        }
        MapReply::Silence => {
            // Ends when the caller does.
            stream.read(&mut [0; 16]).await.map(drop)
        }
    }
}

async fn read_request(stream: &mut TcpStream) -> std::io::Result<Option<MapRequest>> {
    let (mut head, mut piece) = (Vec::new(), [0; 1_024]);
    while !head.windows(4).any(|end| end == b"\r\n\r\n") {
        let read = stream.read(&mut piece).await?;
        if read == 0 || head.len() > 64 << 10 {
            return Ok(None);
        }
        head.extend(piece.iter().take(read));
    }
    let text = String::from_utf8_lossy(&head);
    let mut lines = text.split("\r\n");
    let target = lines
        .next()
        .and_then(|line| line.split(' ').nth(1))
        .unwrap_or_default();
    let headers: Vec<(String, String)> = lines
        .filter_map(|line| line.split_once(':'))
        .map(|(name, value)| (name.to_ascii_lowercase(), value.trim().to_owned()))
        .collect();
    let if_none_match = headers.iter().find(|(name, _)| name == "if-none-match");
    Ok(Some(MapRequest {
        target: target.to_owned(),
        if_none_match: if_none_match.map(|(_, value)| value.clone()),
        headers: headers.clone(),
    }))
}

async fn whole(stream: &mut TcpStream, status: u16, headers: &str, body: &[u8]) -> std::io::Result<()> {
    let length = body.len();
    let head =
        format!("HTTP/1.1 {status} X\r\n{headers}content-length: {length}\r\nconnection: close\r\n\r\n");
    stream.write_all(head.as_bytes()).await?;
    stream.write_all(body).await?;
    stream.shutdown().await
}

async fn blanks(stream: &mut TcpStream, bytes: u64) -> std::io::Result<()> {
    static PIECE: [u8; 64 << 10] = [b' '; 64 << 10];
    // No length is announced: only counting helps.
    stream
        .write_all(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n")
        .await?;
    for _ in 0..bytes.div_ceil(PIECE.len() as u64) {
        stream.write_all(&PIECE).await?;
    }
    stream.shutdown().await
}

fn packed(bytes: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(bytes)?;
    encoder.finish()
}

fn packed_blanks(bytes: u64) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    let piece = vec![b' '; 1 << 20];
    for _ in 0..bytes.div_ceil(1 << 20) {
        encoder.write_all(&piece)?;
    }
    encoder.finish()
}
