//! A load driver: mixed traffic, bounded concurrency, one [`LoadOutcome`] per request.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant};

use tokio_util::task::TaskTracker;

use crate::error::TestkitError;

mod client;
mod plan;
mod report;
mod traffic;

pub use plan::LoadPlan;
pub use report::{LoadOutcome, LoadReport};
pub use traffic::{Endpoint, Traffic};

use client::LoadClient;

/// Sends what the plan says and returns when every request has ended.
pub async fn run(plan: LoadPlan) -> Result<LoadReport, TestkitError> {
    plan.check()?;
    let started = Instant::now();
    let (workers, client) = (TaskTracker::new(), LoadClient::new());
    let shared = Arc::new(Shared {
        next: AtomicU64::new(0),
        plan,
        started,
    });
    let handles: Vec<_> = (0..shared.plan.concurrency.max(1))
        .map(|_| workers.spawn(work(Arc::clone(&shared), client.clone())))
        .collect();
    workers.close();
    let mut outcomes = Vec::new();
    for handle in handles {
        // A worker that panicked leaves its requests out, which every caller's count shows.
        outcomes.extend(handle.await.unwrap_or_default());
    }
    outcomes.sort_by_key(|outcome: &LoadOutcome| outcome.number);
    Ok(LoadReport {
        outcomes,
        wall: started.elapsed(),
    })
}

struct Shared {
    next: AtomicU64,
    plan: LoadPlan,
    started: Instant,
}

async fn work(shared: Arc<Shared>, client: LoadClient) -> Vec<LoadOutcome> {
    let mut outcomes = Vec::new();
    let over = |limit: Option<Duration>| limit.is_some_and(|limit| shared.started.elapsed() >= limit);
    while !over(shared.plan.time_limit) {
        let number = shared.next.fetch_add(1, Ordering::Relaxed);
        if number >= shared.plan.requests {
            break;
        }
        outcomes.push(client.send(&shared.plan, number).await);
    }
    outcomes
}
