//! Accepts connections until told to stop.

use std::future::Future;
use std::io;
use std::sync::Arc;

use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::TokioIo;
use tokio::net::{TcpListener, TcpStream};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::router;
use super::state::State;

/// The accept loop of one simulator.
pub(super) async fn accept(
    listener: TcpListener,
    state: Arc<State>,
    stop: CancellationToken,
    tasks: TaskTracker,
) {
    loop {
        let accepted = unless_stopped(&stop, listener.accept()).await;
        match accepted {
            None => return,
            Some(Ok((stream, _))) => {
                tasks.spawn(serve(stream, Arc::clone(&state), stop.clone()));
            }
            // Out of file descriptors: give others a moment to close theirs.
            Some(Err(_)) => tokio::time::sleep(std::time::Duration::from_millis(10)).await,
        }
    }
}

async fn serve(stream: TcpStream, state: Arc<State>, stop: CancellationToken) {
    // Only latency is lost without it.
    stream.set_nodelay(true).ok();
    let service = service_fn(move |request| {
        let state = Arc::clone(&state);
        async move { router::route(state, request).await.ok_or_else(closed) }
    });
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    // A broken connection is an outcome on the invoice, not an error of the simulator.
    unless_stopped(&stop, connection).await.and_then(Result::ok);
}

fn closed() -> io::Error {
    io::ErrorKind::ConnectionAborted.into()
}

async fn unless_stopped<F: Future>(stop: &CancellationToken, work: F) -> Option<F::Output> {
    tokio::select! {
        biased;
        () = stop.cancelled() => None,
        output = work => Some(output),
    }
}
