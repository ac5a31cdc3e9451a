//! How long a request goes on without its caller.

use std::future::Future;
use std::pin::Pin;

use tokio_util::sync::CancellationToken;

use crate::ClientGone;

/// Resolves when the caller has gone and the policy's time for going on without it is over. Lasts over several
/// steps of one request, so that the time counts from when the caller went.
pub(crate) struct Patience {
    gone: CancellationToken,
    ends: Pin<Box<dyn Future<Output = ()> + Send>>,
}

impl Patience {
    /// `gone` is cancelled when the caller goes away.
    pub(crate) fn new(gone: CancellationToken, policy: ClientGone) -> Self {
        let left = gone.clone();
        let ends = Box::pin(async move {
            left.cancelled().await;
            if let ClientGone::Drain { max_time, .. } = policy {
                tokio::time::sleep(max_time).await;
            }
        });
        Self { gone, ends }
    }

    /// Whether the caller has gone.
    pub(crate) fn caller_is_gone(&self) -> bool {
        self.gone.is_cancelled()
    }

    /// Waits for the end. Once it has resolved it must not be asked again; the request is over then. Cancel-safe.
    pub(crate) async fn exhausted(&mut self) {
        self.ends.as_mut().await;
    }
}
