//! What Prometheus may scrape.

mod labels;
mod state;

use std::sync::Arc;

use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::registry::{Registry, Unit};
use tollgate_domain::ports::{DeferredSummary, Runtime};
use tollgate_domain::{LedgerEntry, RequestLog, Timestamp, Usage};
use tollgate_ledger::{EntryWatch, Observer, Recorder, WriterState};

use labels::{AttemptLabels, CostLabels, FlagLabels, RefusalLabels, RequestLabels, UsageLabels};
use state::StateCollector;

/// Counters since the start of this process. Labels are few and of small sets: protocols, outcomes, names of flags and
/// meters, and the upstreams the operator made; never models, keys or anything a caller chooses.
#[derive(Default)]
pub(crate) struct Metrics {
    requests: Family<RequestLabels, Counter>,
    refusals: Family<RefusalLabels, Counter>,
    attempts: Family<AttemptLabels, Counter>,
    flags: Family<FlagLabels, Counter>,
    usage: Family<UsageLabels, Counter>,
    cost: Family<CostLabels, Counter<f64, std::sync::atomic::AtomicU64>>,
}

/// A recorder has one observer.
struct Both {
    metrics: Arc<Metrics>,
    watch: Arc<EntryWatch>,
}

impl Metrics {
    /// Counters that what the recorder sees goes into; `watch` sees it too.
    pub(crate) fn observing(recorder: &Recorder, watch: &Arc<EntryWatch>) -> Arc<Self> {
        let metrics = Arc::new(Self::default());
        recorder.observe(Arc::new(Both {
            metrics: Arc::clone(&metrics),
            watch: Arc::clone(watch),
        }));
        metrics
    }

    /// The text of one scrape.
    pub(crate) fn text(
        &self,
        runtime: &Arc<dyn Runtime>,
        recorder: &Recorder,
        writer: &Arc<WriterState>,
        deferred: Option<(DeferredSummary, Timestamp)>,
    ) -> Option<String> {
        let mut registry = Registry::with_prefix("tollgate");
        registry.register(
            "requests",
            "Requests that were admitted, by protocol and status class",
            self.requests.clone(),
        );
        registry.register(
            "refusals",
            "Requests answered with an error before they were admitted, by reason",
            self.refusals.clone(),
        );
        registry.register(
            "attempts",
            "Attempts that were sent to an upstream, by how they ended and how they are billed",
            self.attempts.clone(),
        );
        registry.register(
            "entry_flags",
            "Oddities found in answers, by name; served_model_differs among them",
            self.flags.clone(),
        );
        registry.register(
            "usage",
            "What was used, in the units of each meter, by how it was learnt",
            self.usage.clone(),
        );
        registry.register_with_unit(
            "cost_approximate",
            "What the upstreams charge, as a floating-point number: for alarms, not for books",
            Unit::Other("usd".to_owned()),
            self.cost.clone(),
        );
        registry.register_collector(Box::new(StateCollector {
            runtime: Arc::clone(runtime),
            recorder: recorder.clone(),
            writer: Arc::clone(writer),
            deferred,
        }));
        let mut text = String::new();
        encode(&mut text, &registry).ok()?;
        Some(text)
    }
}

impl Observer for Metrics {
    fn entry(&self, entry: &LedgerEntry) {
        let upstream = &entry.attempt.upstream.name;
        self.attempts.get_or_create(&AttemptLabels::of(entry)).inc();
        for flag in &entry.flags {
            self.flags.get_or_create(&FlagLabels { flag: flag.clone() }).inc();
        }
        let source = entry.usage_source.as_str();
        for (meter, count) in entry.usage.iter().flat_map(Usage::iter) {
            let labels = UsageLabels {
                meter: meter.as_str(),
                source,
            };
            self.usage.get_or_create(&labels).inc_by(count.get());
        }
        // Floating point, and only here: the ledger has the exact amount.
        let cost = entry
            .amounts
            .and_then(|amounts| amounts.cost.to_string().parse().ok());
        if let Some(cost) = cost.filter(|cost: &f64| *cost > 0.0) {
            let labels = CostLabels {
                upstream: upstream.to_string(),
                source,
            };
            self.cost.get_or_create(&labels).inc_by(cost);
        }
    }

    fn request(&self, log: &RequestLog) {
        self.requests.get_or_create(&RequestLabels::of(log)).inc();
    }

    fn refused(&self, reason: &'static str) {
        self.refusals.get_or_create(&RefusalLabels { reason }).inc();
    }
}

impl std::fmt::Debug for Metrics {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Metrics").finish_non_exhaustive()
    }
}

impl Observer for Both {
    fn entry(&self, entry: &LedgerEntry) {
        self.metrics.entry(entry);
        self.watch.entry(entry);
    }

    fn request(&self, log: &RequestLog) {
        self.metrics.request(log);
    }

    fn refused(&self, reason: &'static str) {
        self.metrics.refused(reason);
    }
}
