//! One download of a map, within bounds.

use std::time::Duration;

use reqwest::header::{
    ACCEPT, ACCEPT_ENCODING, CONTENT_ENCODING, ETAG, HeaderMap, HeaderName, IF_MODIFIED_SINCE, IF_NONE_MATCH,
    LAST_MODIFIED,
};
use reqwest::{Client, Proxy, Response, StatusCode, redirect};
use tollgate_domain::Validators;
use url::Url;

use super::SyncSettings;
use super::tls;
use super::unpack::{UnpackError, Unpacking};

const MAX_REDIRECTS: usize = 5;
const USER_AGENT: &str = concat!("tollgate/", env!("CARGO_PKG_VERSION"));

/// Fetches maps.
#[derive(Debug, Clone)]
pub struct Fetcher {
    client: Client,
    total: Duration,
    max_bytes: usize,
}

/// What a server answered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Fetched {
    /// A body.
    Body {
        /// The bytes, unpacked.
        bytes: Vec<u8>,
        /// What to ask with next time.
        validators: Validators,
    },
    /// What we know already.
    NotModified,
}

/// Why a download came to nothing.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum FetchError {
    /// The HTTP client cannot be set up.
    #[error("the HTTP client cannot be set up")]
    Setup(#[source] Box<dyn std::error::Error + Send + Sync>),
    /// No connection, or it broke.
    #[error("{0}")]
    Connection(String),
    /// Redirected too often, or to where we do not go.
    #[error("{0}")]
    Redirect(String),
    /// A status that carries no map.
    #[error("the server answered {0}")]
    Status(StatusCode),
    /// The time is up.
    #[error("not done after {seconds} s, when {bytes} bytes had arrived")]
    TooSlow {
        /// The limit.
        seconds: u64,
        /// How far it got.
        bytes: usize,
    },
    /// More than the limit.
    #[error("larger than the limit of {limit} bytes")]
    TooLarge {
        /// The limit, after decompression.
        limit: usize,
    },
    /// An encoding that was not asked for.
    #[error("the answer's content-encoding {0:?} was not asked for")]
    Encoding(String),
    /// Damaged gzip.
    #[error("the gzip stream is damaged or ends early")]
    Damaged,
}

impl FetchError {
    /// Whether trying again soon may help.
    pub fn is_transient(&self) -> bool {
        match self {
            Self::Connection(_) | Self::Damaged => true,
            Self::Status(status) => {
                status.is_server_error()
                    || matches!(
                        *status,
                        StatusCode::TOO_MANY_REQUESTS | StatusCode::REQUEST_TIMEOUT
                    )
            }
            _ => false,
        }
    }
}

impl Fetcher {
    /// A client of its own: no cookies, no credentials, no proxy but the given one.
    ///
    /// # Errors
    /// [`FetchError::Setup`].
    pub fn new(settings: &SyncSettings) -> Result<Self, FetchError> {
        let tls = tls::config().map_err(|error| FetchError::Setup(error.into()))?;
        let mut builder = Client::builder()
            .no_proxy()
            .tls_backend_preconfigured(tls)
            .redirect(redirect::Policy::custom(follow))
            .referer(false)
            .connect_timeout(settings.connect_timeout)
            .pool_max_idle_per_host(0)
            .user_agent(USER_AGENT);
        if let Some(proxy) = &settings.proxy {
            let proxy = Proxy::all(proxy.as_str()).map_err(|error| FetchError::Setup(error.into()))?;
            builder = builder.proxy(proxy);
        }
        Ok(Self {
            client: builder.build().map_err(|error| FetchError::Setup(error.into()))?,
            total: settings.total_timeout,
            max_bytes: settings.max_bytes,
        })
    }

    /// Downloads a URL, asking whether it is still what the validators name.
    ///
    /// # Errors
    /// [`FetchError`]; what had arrived is thrown away.
    pub async fn fetch(&self, url: &Url, known: &Validators) -> Result<Fetched, FetchError> {
        let mut arrived = 0;
        let fetching = self.download(url, known, &mut arrived);
        match tokio::time::timeout(self.total, fetching).await {
            Ok(done) => done,
            Err(_) => Err(FetchError::TooSlow {
                seconds: self.total.as_secs(),
                bytes: arrived,
            }),
        }
    }

    async fn download(
        &self,
        url: &Url,
        known: &Validators,
        arrived: &mut usize,
    ) -> Result<Fetched, FetchError> {
        let mut request = self
            .client
            .get(url.clone())
            .header(ACCEPT, "application/json, text/plain;q=0.9, */*;q=0.1")
            .header(ACCEPT_ENCODING, "gzip");
        if let Some(etag) = &known.etag {
            request = request.header(IF_NONE_MATCH, etag);
        }
        if let Some(last_modified) = &known.last_modified {
            request = request.header(IF_MODIFIED_SINCE, last_modified);
        }
        let mut response = request.send().await.map_err(|error| broken(&error))?;
        let asked = *known != Validators::default();
        match response.status() {
            StatusCode::OK => {}
            StatusCode::NOT_MODIFIED if asked => return Ok(Fetched::NotModified),
            status => return Err(FetchError::Status(status)),
        }
        let too_large = FetchError::TooLarge {
            limit: self.max_bytes,
        };
        let announced = response
            .content_length()
            .and_then(|length| usize::try_from(length).ok());
        if announced.is_some_and(|length| length > self.max_bytes) {
            return Err(too_large);
        }
        let mut unpacking = Unpacking::new(is_gzip(&response)?, self.max_bytes);
        let validators = Validators {
            etag: text(response.headers(), &ETAG),
            last_modified: text(response.headers(), &LAST_MODIFIED),
        };
        let unfit = |fault| match fault {
            UnpackError::TooLarge => FetchError::TooLarge {
                limit: self.max_bytes,
            },
            UnpackError::Damaged => FetchError::Damaged,
        };
        while let Some(chunk) = response.chunk().await.map_err(|error| broken(&error))? {
            *arrived = arrived.saturating_add(chunk.len());
            unpacking.push(&chunk).map_err(unfit)?;
        }
        let bytes = unpacking.finish().map_err(unfit)?;
        Ok(Fetched::Body { bytes, validators })
    }
}

/// Only http and https, never from the safe one to the other, and not for ever.
fn follow(attempt: redirect::Attempt<'_>) -> redirect::Action {
    let from = attempt.previous().last().map(Url::scheme);
    let problem = match (from, attempt.url().scheme()) {
        _ if attempt.previous().len() > MAX_REDIRECTS => {
            format!("redirected more than {MAX_REDIRECTS} times")
        }
        (Some("https"), "http") => "redirected from https to http".to_owned(),
        (_, "http" | "https") => return attempt.follow(),
        (_, other) => format!("redirected to a {other} address"),
    };
    attempt.error(problem)
}

fn is_gzip(response: &Response) -> Result<bool, FetchError> {
    match text(response.headers(), &CONTENT_ENCODING).as_deref() {
        None | Some("identity" | "") => Ok(false),
        Some("gzip" | "x-gzip") => Ok(true),
        Some(other) => Err(FetchError::Encoding(other.to_owned())),
    }
}

fn text(headers: &HeaderMap, name: &HeaderName) -> Option<String> {
    headers
        .get(name)?
        .to_str()
        .ok()
        .map(|text| text.trim().to_owned())
}

/// The client's error without the URL, which may hold credentials.
fn broken(error: &reqwest::Error) -> FetchError {
    let mut causes = Vec::new();
    let mut cause = std::error::Error::source(error);
    while let Some(inner) = cause {
        causes.push(inner.to_string());
        cause = inner.source();
    }
    causes.dedup();
    let detail = causes.join(": ");
    if error.is_redirect() {
        return FetchError::Redirect(detail);
    }
    let what = if error.is_connect() {
        "no connection"
    } else if error.is_timeout() {
        "the connection timed out"
    } else {
        "the connection broke"
    };
    FetchError::Connection(if detail.is_empty() {
        what.to_owned()
    } else {
        format!("{what}: {detail}")
    })
}
