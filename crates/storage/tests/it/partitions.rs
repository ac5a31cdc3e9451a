//! Monthly partitions on `PostgreSQL`.

use tollgate_domain::EventId;
use tollgate_domain::ports::LedgerStore;

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::samples::{at, billed, id_at, journaled, noon, with_attempt};

#[tokio::test]
async fn months_ahead_have_partitions_and_rows_go_there() {
    let fixture = Fixture::postgres().await;
    let store = &fixture.store;
    let far = at("2031-12-31T23:59:59.999Z");
    let made = store.ensure_partitions(far).await.unwrap();
    let months = ["2031_11", "2031_12", "2032_01", "2032_02", "2032_03"];
    let expected = ["ledger_entries", "request_logs"]
        .iter()
        .flat_map(|table| months.map(|month| format!("{table}_{month}")));
    assert_eq!(made, expected.collect::<Vec<_>>());
    assert!(store.ensure_partitions(far).await.unwrap().is_empty());
    let moved = |n, at| {
        with_attempt(billed(n, "1"), |attempt| {
            attempt.event_id = EventId::new(id_at(at, n));
            attempt.request_id = tollgate_domain::RequestId::new(id_at(at, 100 + n));
        })
    };
    let entries = vec![moved(1, far), moved(2, at("2032-01-01T00:00:00Z"))];
    store.commit(write(journaled(1, entries)), noon()).await.unwrap();
    for table in [
        "ledger_entries_2031_12",
        "ledger_entries_2032_01",
        "request_logs_2031_12",
    ] {
        assert_eq!(fixture.count(table).await, 1, "{table}");
    }
    assert!(store.default_partitions_in_use().await.unwrap().is_empty());
}

#[tokio::test]
async fn rows_in_the_default_partition_raise_an_alarm_and_stay_readable() {
    let fixture = Fixture::postgres().await;
    let store = &fixture.store;
    let long_ago = at("2001-05-05T00:00:00Z");
    let entry = with_attempt(billed(1, "1"), |attempt| {
        attempt.event_id = EventId::new(id_at(long_ago, 1));
    });
    let request = entry.attempt.request_id;
    store
        .commit(write(journaled(1, vec![entry])), noon())
        .await
        .unwrap();
    assert_eq!(
        store.default_partitions_in_use().await.unwrap(),
        ["ledger_entries"]
    );
    let made = store.ensure_partitions(long_ago).await.unwrap();
    assert!(!made.contains(&"ledger_entries_2001_05".to_owned()), "{made:?}");
    assert!(made.contains(&"ledger_entries_2001_06".to_owned()), "{made:?}");
    assert_eq!(store.entries_of_request(request).await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_month_can_be_detached_though_no_row_can_be_deleted() {
    let fixture = Fixture::postgres().await;
    let store = &fixture.store;
    store.ensure_partitions(noon()).await.unwrap();
    store
        .commit(write(journaled(1, vec![billed(1, "1")])), noon())
        .await
        .unwrap();
    fixture
        .execute("DELETE FROM ledger_entries_2026_11")
        .await
        .unwrap_err();
    fixture
        .execute("ALTER TABLE ledger_entries DETACH PARTITION ledger_entries_2026_11")
        .await
        .unwrap();
    assert_eq!(fixture.count("ledger_entries").await, 0);
    assert_eq!(fixture.count("ledger_entries_2026_11").await, 1);
}

#[tokio::test]
async fn sqlite_has_none_and_needs_none() {
    let fixture = Fixture::sqlite().await;
    let store = &fixture.store;
    assert!(store.ensure_partitions(noon()).await.unwrap().is_empty());
    assert!(store.default_partitions_in_use().await.unwrap().is_empty());
}
