//! The pooled HTTP client, and whether a failed request may have reached the upstream.

use std::error::Error as StdError;
use std::io;
use std::iter;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::body::Incoming;
use hyper_rustls::{HttpsConnector, HttpsConnectorBuilder};
use hyper_util::client::legacy::connect::{CaptureConnection, HttpConnector, capture_connection};
use hyper_util::client::legacy::{Client, Error};
use hyper_util::rt::{TokioExecutor, TokioTimer};

use super::connect::BoundedConnector;
use super::tls;
use crate::patience::Patience;

/// Below the keep-alive time of common servers, so that a request seldom meets a connection that is just closing.
const IDLE_CONNECTION: Duration = Duration::from_secs(30);

/// The forwarder. It follows no redirects and adds no headers of its own.
pub(crate) struct UpstreamClient {
    client: Client<BoundedConnector<HttpsConnector<HttpConnector>>, Full<Bytes>>,
}

/// Why there is no answer. *Sent* means that the request was handed to an open connection, so a byte of it may
/// have been written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum SendFailure {
    /// No connection could be opened, or it was closed before the request was handed to it.
    Unreachable,
    /// No connection could be opened in time.
    ConnectTimedOut,
    /// The connection failed after the request was handed to it.
    Lost,
    /// No response headers in time.
    TimedOut { sent: bool },
    /// The caller went away.
    CallerGone { sent: bool },
}

impl UpstreamClient {
    pub(crate) fn new(connect_timeout: Duration) -> Result<Self, rustls::Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_nodelay(true);
        tcp.set_keepalive(Some(Duration::from_mins(1)));
        let https = HttpsConnectorBuilder::new()
            .with_tls_config(tls::config()?)
            .https_or_http()
            .enable_http1()
            .wrap_connector(tcp);
        let client = Client::builder(TokioExecutor::new())
            .pool_timer(TokioTimer::new())
            .pool_idle_timeout(IDLE_CONNECTION)
            .build(BoundedConnector::new(https, connect_timeout));
        Ok(Self { client })
    }

    /// Sends a request and waits for the response's headers.
    pub(crate) async fn send(
        &self,
        mut request: Request<Full<Bytes>>,
        limit: Duration,
        patience: &mut Patience,
    ) -> Result<Response<Incoming>, SendFailure> {
        let connection = capture_connection(&mut request);
        let answered = tokio::time::timeout(limit, self.client.request(request));
        tokio::select! {
            biased;
            answered = answered => match answered {
                Ok(Ok(response)) => Ok(response),
                Ok(Err(error)) => Err(failure(&error)),
                Err(_) => Err(SendFailure::TimedOut { sent: has_connection(&connection) }),
            },
            () = patience.exhausted() => Err(SendFailure::CallerGone { sent: has_connection(&connection) }),
        }
    }
}

impl SendFailure {
    pub(crate) const fn sent(self) -> bool {
        match self {
            Self::Unreachable | Self::ConnectTimedOut => false,
            Self::Lost => true,
            Self::TimedOut { sent } | Self::CallerGone { sent } => sent,
        }
    }
}

fn has_connection(connection: &CaptureConnection) -> bool {
    connection.connection_metadata().is_some()
}

fn failure(error: &Error) -> SendFailure {
    let causes = || {
        iter::successors(Some(error as &(dyn StdError + 'static)), |cause| {
            (*cause).source()
        })
    };
    if error.is_connect() {
        let timed_out = causes()
            .filter_map(|cause| cause.downcast_ref::<io::Error>())
            .any(|cause| cause.kind() == io::ErrorKind::TimedOut);
        return if timed_out {
            SendFailure::ConnectTimedOut
        } else {
            SendFailure::Unreachable
        };
    }
    // Cancelled requests were handed back unsent by a connection that was closing.
    let handed_back = causes()
        .filter_map(|cause| cause.downcast_ref::<hyper::Error>())
        .any(hyper::Error::is_canceled);
    if handed_back {
        SendFailure::Unreachable
    } else {
        SendFailure::Lost
    }
}
