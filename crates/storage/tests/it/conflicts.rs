//! Two ledger entries of one identity.

use chrono::TimeDelta;
use tollgate_domain::JournalId;
use tollgate_domain::ports::{ConflictCursor, ConflictStore, LedgerConflict, LedgerStore};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{billed, id, journal, journaled, noon};

on_both!(
    conflicts_are_listed_newest_first_page_by_page,
    a_conflict_shows_what_is_kept_and_what_came_later,
);

async fn list(fixture: &Fixture, after: Option<ConflictCursor>, limit: u16) -> Vec<LedgerConflict> {
    fixture.store.ledger_conflicts(None, after, limit).await.unwrap()
}

async fn conflicts_are_listed_newest_first_page_by_page(fixture: Fixture) {
    let first = (1..=4).map(|n| billed(n, "1")).collect();
    fixture
        .store
        .commit(write(journaled(1, first)), noon())
        .await
        .unwrap();
    // Two at one instant, and one attempt that is met by two others.
    let met = [
        (vec![(1, "2"), (2, "2")], 1),
        (vec![(1, "3")], 2),
        (vec![(4, "2")], 2),
    ];
    for (seq, (entries, seconds)) in (10..).step_by(10).zip(met) {
        let entries = entries.into_iter().map(|(n, price)| billed(n, price)).collect();
        let at = noon() + TimeDelta::seconds(seconds);
        fixture
            .store
            .commit(write(journaled(seq, entries)), at)
            .await
            .unwrap();
    }
    let whole = list(&fixture, None, 10).await;
    let attempts: Vec<_> = whole
        .iter()
        .map(|conflict| conflict.refused.journaled.entry.attempt.event_id.uuid())
        .collect();
    assert_eq!(attempts, [id(4), id(1), id(2), id(1)]);
    for limit in 1..=4 {
        let (mut seen, mut after) = (Vec::new(), None);
        loop {
            let page = list(&fixture, after, limit).await;
            let Some(last) = page.last() else { break };
            after = Some(ConflictCursor::of(last));
            seen.extend(page);
        }
        assert_eq!(seen, whole, "{limit}");
    }
}

async fn a_conflict_shows_what_is_kept_and_what_came_later(fixture: Fixture) {
    let (kept, refused) = (
        journaled(1, vec![billed(1, "1")]),
        journaled(7, vec![billed(1, "2")]),
    );
    let later = noon() + TimeDelta::hours(1);
    fixture.store.commit(write(kept.clone()), noon()).await.unwrap();
    fixture.store.commit(write(refused.clone()), later).await.unwrap();
    let found = list(&fixture, None, 10).await;
    let [conflict] = found.as_slice() else {
        panic!("{found:?}")
    };
    assert_eq!(conflict.kept.journaled, kept[0]);
    assert_eq!(conflict.kept.recorded_at, noon());
    assert_eq!(conflict.refused.journaled, refused[0]);
    assert_eq!(conflict.refused.recorded_at, later);
    let of = async |journal| {
        fixture
            .store
            .ledger_conflicts(Some(journal), None, 10)
            .await
            .unwrap()
    };
    assert_eq!(of(journal()).await, found);
    assert!(of(JournalId::new(id(5))).await.is_empty());
}
