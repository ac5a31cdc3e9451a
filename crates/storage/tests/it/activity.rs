//! What single keys and upstreams did, and what the database says of itself.

use chrono::TimeDelta;
use tollgate_domain::ports::{
    ActivitySpan, ActivityStore, KeyStore, LedgerStore, SystemStore, TestCallStore, TestPlan, UpstreamStore,
};
use tollgate_domain::{ApiKey, LedgerEntry, ModelName, Protocol, Upstream, Usage};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{
    actor, api_key, at, billed, journaled, key_ref, noon, request, upstream, upstream_ref, usd, with_attempt,
};

on_both!(
    a_key_shows_its_sums_and_its_last_use,
    a_test_is_noted_with_who_sent_it,
    pruned_logs_leave_the_quarter_of_an_hour,
    the_schema_is_named_by_its_last_migration,
);

fn november() -> ActivitySpan {
    ActivitySpan {
        today: (at("2026-11-15T00:00:00Z"), at("2026-11-16T00:00:00Z")),
        month: (at("2026-11-01T00:00:00Z"), at("2026-12-01T00:00:00Z")),
    }
}

fn days_earlier(entry: LedgerEntry, days: i64) -> LedgerEntry {
    with_attempt(entry, |attempt| attempt.occurred_at -= TimeDelta::days(days))
}

async fn fill(fixture: &Fixture) {
    let store = &fixture.store;
    let used = ApiKey {
        id: key_ref().id,
        ..api_key(1, "used")
    };
    store.create_key(used, &actor("ada")).await.unwrap();
    store.create_key(api_key(2, "idle"), &actor("ada")).await.unwrap();
    let answering = Upstream {
        id: upstream_ref().id,
        ..upstream(3, "answering")
    };
    store
        .create_upstream(answering, None, &actor("ada"))
        .await
        .unwrap();
    let entries = vec![
        billed(1, "1"),
        days_earlier(billed(2, "2"), 3),
        days_earlier(billed(3, "4"), 40),
    ];
    let mut written = write(journaled(1, entries));
    written.logs = vec![request(1), request(2)];
    store.commit(written, noon()).await.unwrap();
}

async fn a_key_shows_its_sums_and_its_last_use(fixture: Fixture) {
    fill(&fixture).await;
    let keys = fixture.store.keys().await.unwrap();
    let ids: Vec<_> = keys.iter().map(|key| key.id).collect();
    let activity = fixture.store.key_activity(&ids, november()).await.unwrap();
    let used = &activity[&key_ref().id];
    assert_eq!(used.last_used_at, Some(noon()));
    assert_eq!((used.today.attempts, used.today.cost), (1, usd("1")));
    assert_eq!((used.month.attempts, used.month.cost), (2, usd("3")));
    assert_eq!((used.month.input_tokens, used.month.charge), (2_000, usd("3")));
    let idle = activity.get(&api_key(2, "").id).cloned().unwrap_or_default();
    assert_eq!((idle.last_used_at, idle.month.attempts), (None, 0));

    let id = upstream_ref().id;
    let activity = fixture.store.upstream_activity(&[id], november()).await.unwrap();
    assert_eq!(activity[&id].last_used_at, Some(noon()));
    assert_eq!(activity[&id].month.cost, usd("3"));
    assert!(
        fixture
            .store
            .upstream_activity(&[], november())
            .await
            .unwrap()
            .is_empty()
    );
}

async fn a_test_is_noted_with_who_sent_it(fixture: Fixture) {
    let store = &fixture.store;
    let created = store
        .create_upstream(upstream(3, "u"), None, &actor("ada"))
        .await
        .unwrap();
    let plan = TestPlan {
        protocol: Protocol::OpenaiChat,
        model: ModelName::new("fast"),
        model_sent: ModelName::new("gpt-5-mini"),
        routed: true,
        usage_at_most: Usage::new(),
        is_billed: true,
    };
    store
        .note_test(&created, &plan, &actor("bob"), noon())
        .await
        .unwrap();
    let noted = "SELECT actor_name || ' ' || resource_name || ' ' || state_after AS value FROM audit_log
        WHERE action = 'upstream.test'";
    let noted = fixture.value(noted).await;
    assert!(
        noted.starts_with("bob u ") && noted.contains("gpt-5-mini"),
        "{noted}"
    );
}

async fn pruned_logs_leave_the_quarter_of_an_hour(fixture: Fixture) {
    fill(&fixture).await;
    fixture.execute("DELETE FROM request_logs").await.unwrap();
    let id = key_ref().id;
    let activity = fixture.store.key_activity(&[id], november()).await.unwrap();
    assert_eq!(activity[&id].last_used_at, Some(noon()));
}

async fn the_schema_is_named_by_its_last_migration(fixture: Fixture) {
    let info = fixture.store.schema_info().await.unwrap();
    let database = if fixture.is_sqlite() {
        "sqlite"
    } else {
        "postgresql"
    };
    assert_eq!(info.database, database);
    assert!(info.database_version.starts_with(|c: char| c.is_ascii_digit()));
    let newest = tollgate_storage::migration_status(&fixture.url)
        .await
        .unwrap()
        .pop()
        .unwrap();
    assert_eq!(info.schema_version, Some(newest.name));
}
