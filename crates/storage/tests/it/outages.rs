//! A database that is away.

use secrecy::ExposeSecret;
use tollgate_domain::ports::{ConfigStore, LedgerStore, StoreError};
use tollgate_storage::{Keyring, migrate};
use tollgate_testkit::postgres::PgCluster;

use crate::fixture::{Fixture, open};
use crate::ledger::write;
use crate::samples::{billed, journaled, noon};

#[tokio::test]
async fn a_stopped_server_is_an_outage_and_its_return_needs_no_restart() {
    let cluster = PgCluster::start_own().unwrap();
    let database = cluster.fresh_database(None).await.unwrap();
    migrate(database.url()).await.unwrap();
    let store = open(database.url(), Keyring::generate().unwrap().expose_secret(), &[]).await;
    let entries = journaled(1, vec![billed(1, "1")]);
    cluster.stop().unwrap();
    for _ in 0..2 {
        let error = store.commit(write(entries.clone()), noon()).await.unwrap_err();
        assert!(matches!(error, StoreError::Unavailable { .. }), "{error:?}");
    }
    cluster.resume().unwrap();
    assert_eq!(store.commit(write(entries), noon()).await.unwrap().inserted, 1);
}

#[tokio::test]
async fn a_server_that_ends_a_session_is_an_outage_only_once() {
    let fixture = Fixture::postgres().await;
    fixture.store.versions().await.unwrap();
    let end = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
               WHERE datname = current_database() AND application_name = 'tollgate'";
    fixture.execute(end).await.unwrap();
    let after = fixture.store.versions().await;
    assert!(
        matches!(after, Ok(_) | Err(StoreError::Unavailable { .. })),
        "{after:?}"
    );
    fixture.store.versions().await.unwrap();
}

#[tokio::test]
async fn a_missing_table_is_a_fault_and_no_outage() {
    let fixture = Fixture::postgres().await;
    fixture.execute("DROP TABLE ledger_conflicts").await.unwrap();
    let (one, other) = (
        journaled(1, vec![billed(1, "1")]),
        journaled(2, vec![billed(1, "2")]),
    );
    fixture.store.commit(write(one), noon()).await.unwrap();
    let error = fixture.store.commit(write(other), noon()).await.unwrap_err();
    assert!(matches!(error, StoreError::Failed { .. }), "{error:?}");
}

#[tokio::test]
async fn what_fails_half_way_leaves_nothing_written() {
    for fixture in [Fixture::sqlite().await, Fixture::postgres().await] {
        fixture.execute("DROP TABLE ledger_batches").await.unwrap();
        let entries = journaled(1, vec![billed(1, "1")]);
        fixture.store.commit(write(entries), noon()).await.unwrap_err();
        for table in ["ledger_entries", "pending_sums", "request_logs"] {
            assert_eq!(fixture.count(table).await, 0, "{table}");
        }
    }
}
