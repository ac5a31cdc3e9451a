use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper::body::Incoming;
use hyper_util::client::legacy::Client as HttpClient;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;

use super::Gateway;

/// A plain HTTP client that shows bytes as they come.
pub(crate) struct Client {
    http: HttpClient<HttpConnector, Full<Bytes>>,
    base: String,
}

/// A response, read to its end.
#[derive(Debug)]
pub(crate) struct Answered {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
    /// Whether the body ended before its end.
    pub(crate) broken: bool,
}

impl Client {
    pub(crate) fn of(gateway: &Gateway) -> Self {
        let http = HttpClient::builder(TokioExecutor::new()).build_http();
        Self {
            http,
            base: format!("http://{}", gateway.address),
        }
    }

    /// Sends a request whose URI is a path and returns once the headers are there.
    pub(crate) async fn begin(&self, mut request: Request<Full<Bytes>>) -> http::Response<Incoming> {
        *request.uri_mut() = format!("{}{}", self.base, request.uri()).parse().unwrap();
        self.http.request(request).await.unwrap()
    }

    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Answered {
        let (head, mut body) = self.begin(request).await.into_parts();
        let (mut whole, mut broken) = (Vec::new(), false);
        while let Some(frame) = body.frame().await {
            match frame {
                Ok(frame) => whole.extend_from_slice(&frame.into_data().unwrap_or_default()),
                Err(_) => broken = true,
            }
        }
        Answered {
            status: head.status,
            headers: head.headers,
            body: whole.into(),
            broken,
        }
    }
}

impl Answered {
    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }
}
