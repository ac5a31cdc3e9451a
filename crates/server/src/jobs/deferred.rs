//! Looks at what is used later than it is asked for.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, OnceLock};
use std::time::Duration;

use anyhow::{Context, Result};
use async_trait::async_trait;
use tokio_util::sync::CancellationToken;
use tollgate_domain::ports::Runtime;
use tollgate_proxy::{
    DeferredLooks, ProxyState, deferred_is_due, look_at_due_deferred, make_deferred_due,
    release_held_deferred,
};

use super::{Job, Report};

/// What looks, once this process is far enough to look at anything.
pub(crate) struct Looker {
    pub(crate) proxy: ProxyState,
    pub(crate) runtime: Arc<dyn Runtime>,
}

/// Where a looker is put once there is one.
pub(crate) type LookerPlace = Arc<OnceLock<Looker>>;

/// Asks upstreams whether batches and other objects have ended, and settles those that have.
#[derive(Default)]
pub(crate) struct DeferredUsage {
    looker: LookerPlace,
    /// What this process held before its start has been given back.
    released: AtomicBool,
}

impl DeferredUsage {
    /// Where the looker is put.
    pub(crate) fn looker(&self) -> LookerPlace {
        Arc::clone(&self.looker)
    }

    /// What looks, as soon as the database holds all that was journaled before this start: until then an operation may
    /// be settled without showing it.
    async fn ready(&self) -> Result<Option<&ProxyState>> {
        let Some(Looker { proxy, runtime }) = self.looker.get() else {
            return Ok(None);
        };
        if !self.released.load(Ordering::Acquire) {
            if runtime.journal().pending_entries > 0 {
                return Ok(None);
            }
            let released = release_held_deferred(proxy).await;
            released.context("what was held before the start could not be given back")?;
            self.released.store(true, Ordering::Release);
        }
        Ok(Some(proxy))
    }
}

#[async_trait]
impl Job for DeferredUsage {
    fn name(&self) -> &'static str {
        "deferred_usage"
    }

    fn description(&self) -> &'static str {
        "Asks upstreams whether batches and background responses have ended, and bills those that have"
    }

    fn every(&self) -> Duration {
        Duration::from_secs(1)
    }

    async fn has_work(&self) -> bool {
        match self.ready().await {
            Ok(Some(proxy)) => deferred_is_due(proxy).await.unwrap_or(false),
            // The run says what is wrong.
            Err(_) => true,
            Ok(None) => false,
        }
    }

    async fn asked_for(&self) -> Result<()> {
        match self.looker.get() {
            Some(looker) => make_deferred_due(&looker.proxy)
                .await
                .context("what is open could not be made due"),
            None => Ok(()),
        }
    }

    async fn run(&self, stop: &CancellationToken) -> Result<Report> {
        let Some(proxy) = self.ready().await? else {
            return Ok(Report::Nothing);
        };
        let looks = look_at_due_deferred(proxy, stop).await;
        Ok(report(looks))
    }
}

/// What goes on is no news.
fn report(looks: DeferredLooks) -> Report {
    let DeferredLooks {
        settled,
        going_on,
        troubled,
    } = looks;
    if settled == 0 && troubled == 0 {
        return Report::Nothing;
    }
    Report::Did(format!(
        "{settled} settled, {going_on} still going on, {troubled} could not be looked at"
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_on_is_no_news() {
        let looks = DeferredLooks {
            going_on: 3,
            ..DeferredLooks::default()
        };
        assert_eq!(report(looks), Report::Nothing);
        let looks = DeferredLooks { settled: 1, ..looks };
        let told = "1 settled, 3 still going on, 0 could not be looked at";
        assert_eq!(report(looks), Report::Did(told.to_owned()));
    }
}
