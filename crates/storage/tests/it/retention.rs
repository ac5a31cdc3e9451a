//! Removing old request logs.

use chrono::TimeDelta;
use tollgate_domain::ports::{LedgerStore, LedgerWrite, LogFilter, LogStore, TimeOrder};
use tollgate_domain::{EventId, RequestId, RequestLog, Timestamp};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{at, billed, id, id_at, journaled, noon, request, with_attempt};

on_both!(old_request_logs_go_in_batches_and_the_ledger_stays);

/// A request of an instant and its entry, filed by ids of that instant.
fn aged(n: u32, occurred_at: Timestamp) -> LedgerWrite {
    let request_id = RequestId::new(id_at(occurred_at, 100_000 + n));
    let entry = with_attempt(billed(n, "1"), |attempt| {
        attempt.event_id = EventId::new(id_at(occurred_at, n));
        attempt.request_id = request_id;
        attempt.occurred_at = occurred_at;
    });
    let log = RequestLog {
        request_id,
        occurred_at,
        ..request(n)
    };
    LedgerWrite {
        entries: journaled(u64::from(n), vec![entry]),
        logs: vec![log],
        ..LedgerWrite::default()
    }
}

async fn old_request_logs_go_in_batches_and_the_ledger_stays(fixture: Fixture) {
    let store = &fixture.store;
    for n in 1..=7 {
        let write = aged(n, noon() - TimeDelta::hours(i64::from(n)));
        store.commit(write, noon()).await.unwrap();
    }
    let before = noon() - TimeDelta::hours(3);
    let counts = [3, 1, 0];
    for (limit, expected) in [3, 3, 3].into_iter().zip(counts) {
        let pruned = store.prune_request_logs(before, limit).await.unwrap();
        assert_eq!(pruned.rows, expected);
    }
    let left = store
        .request_logs(LogFilter::default(), TimeOrder::NewestFirst, None, None, 10)
        .await
        .unwrap();
    let left: Vec<Timestamp> = left.iter().map(|row| row.occurred_at).collect();
    assert_eq!(left, [1, 2, 3].map(|hours| noon() - TimeDelta::hours(hours)));
    assert_eq!(fixture.count("ledger_entries").await, 7);
    fixture.add_up().await;
    let sums = "SELECT CAST(SUM(requests) AS TEXT) AS value FROM request_rollups";
    assert_eq!(fixture.value(sums).await, "7", "statistics outlive the logs");
}

#[tokio::test]
async fn a_partition_goes_whole_once_nothing_in_it_is_young() {
    let fixture = Fixture::postgres().await;
    let store = &fixture.store;
    let june = at("2031-06-30T23:59:59.999Z");
    store.ensure_partitions(june).await.unwrap();
    for (n, occurred_at) in [(1, june), (2, at("2031-07-01T00:00:00Z"))] {
        store.commit(aged(n, occurred_at), noon()).await.unwrap();
    }
    let empty_months = at("2031-07-01T23:59:59Z");
    let pruned = store.prune_request_logs(empty_months, 0).await.unwrap();
    assert!(
        !pruned.partitions.contains(&"request_logs_2031_06".to_owned()),
        "{pruned:?}"
    );
    assert_eq!(fixture.count("request_logs_2031_06").await, 1);
    let pruned = store
        .prune_request_logs(at("2031-07-02T00:00:00Z"), 0)
        .await
        .unwrap();
    assert!(
        pruned.partitions.contains(&"request_logs_2031_06".to_owned()),
        "{pruned:?}"
    );
    assert_eq!(fixture.count("request_logs").await, 1);
    assert_eq!(fixture.count("request_logs_2031_07").await, 1);
    assert_eq!(fixture.count("ledger_entries").await, 2);
    let gone = store.request_log(RequestId::new(id(100_001))).await.unwrap();
    assert_eq!(gone, None);
}
