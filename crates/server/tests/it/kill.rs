//! kill -9 under load: every attempt the provider invoiced has exactly one entry.

use std::collections::BTreeMap;
use std::time::Duration;

use tollgate_domain::{UnbilledReason, Verdict};
use tollgate_testkit::load::{self, LoadPlan};

use crate::support::{Backend, Setup, both};

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn after_kill_nine_every_invoiced_attempt_has_exactly_one_entry() {
    both(killed).await;
}

async fn killed(backend: Backend) {
    let mut setup = Setup::new(backend).await;
    let plan = LoadPlan::new(setup.gateway.base_url(), &setup.key)
        .requests(20_000)
        .concurrency(32);
    let traffic = tokio::spawn(load::run(LoadPlan {
        time_limit: Some(Duration::from_secs(20)),
        ..plan
    }));
    setup.simulator.wait_until_received(600).await;
    setup.gateway.kill().await;
    traffic.abort();
    setup.restart().await;
    setup.simulator.wait_until_idle().await;

    let invoiced: Vec<_> = setup
        .simulator
        .invoice()
        .into_iter()
        .filter(|line| line.billed)
        .collect();
    assert!(invoiced.len() >= 500, "only {} lines", invoiced.len());
    let entries = setup.books().await.wait_for(invoiced.len()).await;
    let mut settled: BTreeMap<String, u32> = BTreeMap::new();
    let mut interrupted = 0;
    for recorded in &entries {
        let entry = &recorded.journaled.entry;
        assert_eq!(entry.revision, 0);
        match (&entry.outcome.response_id, entry.verdict) {
            (_, Verdict::Unbilled(UnbilledReason::Interrupted)) => interrupted += 1,
            (Some(id), _) => *settled.entry(id.clone()).or_default() += 1,
            (None, verdict) => panic!("an entry without a response id: {verdict}"),
        }
    }
    assert!(settled.values().all(|count| *count == 1), "doubled entries");
    let unsettled = invoiced
        .iter()
        .filter(|line| !settled.contains_key(&line.id))
        .count();
    assert!(
        unsettled <= interrupted,
        "{unsettled} invoiced attempts, {interrupted} interrupted entries"
    );
    assert_eq!(settled.len() + interrupted, entries.len());
    setup.gateway.stop().await;
}
