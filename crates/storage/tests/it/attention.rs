//! The queue of what wants attention.

use chrono::TimeDelta;
use tollgate_domain::ports::{AttentionState, AttentionStore, Edited, LedgerStore, SumStore};
use tollgate_domain::{
    AccountingZone, Actor, AttentionKind, EventId, LedgerEntry, ModelName, UnbilledReason, Verdict,
    ZeroReason,
};

use crate::fixture::Fixture;
use crate::ledger::write;
use crate::on_both;
use crate::samples::{adjustment, at, billed, id_at, journaled, noon, unbilled, usd, with_attempt};
use crate::series::Draw;

on_both!(
    what_wants_attention_is_gathered_until_it_is_repaired,
    what_months_come_to_is_what_their_days_say,
    months_are_made_of_the_days_of_a_database_that_lacks_them,
    an_upstream_goes_by_the_name_it_had_last,
    a_conflict_is_counted_once,
    what_is_said_of_a_thing_is_kept_by_revision,
);

/// Nothing odd: served what was sent, no figure of the provider's.
fn plain(n: u32, cost: &str) -> LedgerEntry {
    let mut entry = billed(n, cost);
    entry.provider_reported_cost = None;
    entry.outcome.model_served = Some(ModelName::new("gpt-5"));
    entry
}

async fn what_wants_attention_is_gathered_until_it_is_repaired(fixture: Fixture) {
    let unpriced = LedgerEntry {
        verdict: Verdict::Unbilled(UnbilledReason::PriceNotFound),
        amounts: None,
        ..plain(1, "0")
    };
    let interrupted = unbilled(2, UnbilledReason::Interrupted);
    let mut differs = plain(3, "1");
    differs.provider_reported_cost = Some(usd("1.25"));
    let mut agrees = plain(4, "1");
    agrees.provider_reported_cost = Some(usd("0.995"));
    let mut free = plain(5, "0");
    free.zero_reason = Some(ZeroReason::FreeMultiplier);
    free.amounts.as_mut().unwrap().list_cost = usd("0.75");
    let mut other = plain(6, "2");
    other.outcome.model_served = Some(ModelName::new("gpt-5-mini"));
    let entries = vec![unpriced.clone(), interrupted, differs, agrees, free, other];
    fixture
        .store
        .commit(write(journaled(1, entries)), noon())
        .await
        .unwrap();
    let found = async || {
        let mut rows = fixture
            .store
            .attention(at("2026-11-15T00:00:00Z"), None, &[], 100)
            .await
            .unwrap();
        rows.sort_by_key(|row| row.subject.kind);
        rows
    };
    let rows = found().await;
    let kinds: Vec<_> = rows
        .iter()
        .map(|row| (row.subject.kind, row.values.count))
        .collect();
    let expected = [
        (AttentionKind::Unpriced, 1),
        (AttentionKind::Interrupted, 1),
        (AttentionKind::ServedNotSent, 1),
        (AttentionKind::ReportedCostDiffers, 1),
        (AttentionKind::ZeroMultiplier, 1),
    ];
    assert_eq!(kinds, expected);
    assert_eq!(
        (rows[0].values.input_tokens, rows[0].values.output_tokens),
        (1_000, 50)
    );
    assert_eq!(rows[0].upstream_name.as_deref(), Some("openai main"));
    assert_eq!(rows[2].subject.model_served.as_deref(), Some("gpt-5-mini"));
    assert_eq!(rows[2].subject.model_sent.as_deref(), Some("gpt-5"));
    assert_eq!(
        (rows[3].values.at_stake, rows[3].values.reported_cost),
        (usd("0.25"), usd("1.25"))
    );
    assert_eq!(rows[4].values.at_stake, usd("0.75"));
    assert!(rows.iter().all(|row| row.id == row.subject.id()));
    assert_eq!((rows[0].first_seen, rows[0].last_seen), (noon(), noon()));
    assert!(fixture.store.attention_seen(rows[0].id.clone()).await.unwrap());
    assert!(
        !fixture
            .store
            .attention_seen("gap-0123456789abcdef".parse().unwrap())
            .await
            .unwrap()
    );

    let repaired = adjustment(&unpriced, "3");
    fixture
        .store
        .commit(write(journaled(7, vec![repaired])), noon())
        .await
        .unwrap();
    let rows = found().await;
    assert!(
        rows.iter().all(|row| row.subject.kind != AttentionKind::Unpriced),
        "{rows:?}"
    );
    assert_eq!(
        fixture
            .store
            .attention(at("2026-11-16T00:00:00Z"), None, &[], 100)
            .await
            .unwrap(),
        []
    );
}

/// Attempts of five months, some of which were repaired.
async fn over_months(fixture: &Fixture) {
    let mut draw = Draw(0x9e37_79b9_7f4a_7c15);
    let begin = at("2026-07-10T22:30:00Z");
    for decade in 0..14_u32 {
        let mut entries = Vec::new();
        for number in (decade * 20 + 1)..=(decade * 20 + 15) {
            let occurred_at = begin + TimeDelta::days(i64::from(decade * 10 + draw.below(10)));
            let mut entry = if draw.below(2) == 0 {
                unbilled(number, UnbilledReason::PriceNotFound)
            } else {
                plain(number, "1")
            };
            entry.outcome.model_served = Some(ModelName::new(["gpt-5", "a", "b"][draw.below(3) as usize]));
            let entry = with_attempt(entry, |attempt| {
                attempt.event_id = EventId::new(id_at(occurred_at, number));
                attempt.occurred_at = occurred_at;
            });
            let repaired = (draw.below(3) == 0).then(|| adjustment(&entry, "3"));
            entries.extend([Some(entry), repaired].into_iter().flatten());
        }
        let recorded = begin + TimeDelta::days(i64::from(decade * 10 + 10));
        let entries = journaled(u64::from(decade) * 100 + 1, entries);
        fixture.store.commit(write(entries), recorded).await.unwrap();
    }
}

/// From many days on, whole months and single days among them.
async fn months_and_days_agree(fixture: &Fixture) -> usize {
    let later = at("2027-01-01T00:00:00Z");
    let mut things = 0;
    // At midnight and after, by summer and winter time, and where August, September and October begin.
    let days = (0..142).step_by(5).chain([22, 53, 83]).map(|days| days * 24);
    for hours in days.chain([5, 12 * 24 + 7]) {
        let since = at("2026-07-09T22:00:00Z") + TimeDelta::hours(hours);
        for kinds in [&[][..], &[AttentionKind::Unpriced]] {
            let store = &fixture.store;
            let of_months = store.attention(since, None, kinds, 100).await.unwrap();
            let of_days = store.attention(since, Some(later), kinds, 100).await.unwrap();
            assert_eq!(of_months, of_days, "{since} {kinds:?}");
            let first = store.attention(since, None, kinds, 1).await.unwrap();
            assert_eq!(first, of_days[..of_days.len().min(1)], "{since} {kinds:?}");
            things += of_days.len();
        }
    }
    things
}

async fn what_months_come_to_is_what_their_days_say(fixture: Fixture) {
    let berlin = AccountingZone::try_new("Europe/Berlin").unwrap();
    fixture.store.sum_days_of(berlin).await.unwrap();
    over_months(&fixture).await;
    assert!(months_and_days_agree(&fixture).await > 200);
    // Other days, other months.
    let tokyo = AccountingZone::try_new("Asia/Tokyo").unwrap();
    assert!(fixture.store.sum_days_of(tokyo).await.unwrap());
    assert!(months_and_days_agree(&fixture).await > 200);
}

async fn months_are_made_of_the_days_of_a_database_that_lacks_them(fixture: Fixture) {
    let berlin = AccountingZone::try_new("Europe/Berlin").unwrap();
    fixture.store.sum_days_of(berlin).await.unwrap();
    over_months(&fixture).await;
    let since = at("2026-08-15T22:00:00Z");
    let kept = fixture.store.attention(since, None, &[], 100).await.unwrap();
    assert!(kept.len() > 3, "{kept:?}");
    let lacking = "DELETE FROM meta WHERE name = 'attention_months'; DELETE FROM attention_months;";
    fixture.execute(lacking).await.unwrap();
    assert_eq!(fixture.store.attention(since, None, &[], 100).await.unwrap(), []);
    assert!(fixture.store.sum_days_of(berlin).await.unwrap());
    assert!(!fixture.store.sum_days_of(berlin).await.unwrap(), "nothing to do");
    assert_eq!(
        fixture.store.attention(since, None, &[], 100).await.unwrap(),
        kept
    );
    assert!(months_and_days_agree(&fixture).await > 200);
}

async fn an_upstream_goes_by_the_name_it_had_last(fixture: Fixture) {
    let entries = [
        ("zeta", "2026-09-30T12:00:00Z"),
        ("alpha", "2026-10-01T12:00:00Z"),
    ];
    for (n, (name, occurred_at)) in (1..).zip(entries) {
        let entry = with_attempt(unbilled(n, UnbilledReason::PriceNotFound), |attempt| {
            attempt.occurred_at = at(occurred_at);
            std::sync::Arc::make_mut(&mut attempt.upstream).name = name.into();
        });
        let entries = journaled(u64::from(n) * 10, vec![entry]);
        fixture.store.commit(write(entries), noon()).await.unwrap();
    }
    let rows = fixture
        .store
        .attention(at("2026-09-01T00:00:00Z"), None, &[], 100)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(
        (rows[0].upstream_name.as_deref(), rows[0].values.count),
        (Some("alpha"), 2)
    );
}

async fn a_conflict_is_counted_once(fixture: Fixture) {
    fixture
        .store
        .commit(write(journaled(1, vec![plain(1, "1")])), noon())
        .await
        .unwrap();
    for _ in 0..2 {
        let conflict = write(journaled(2, vec![plain(1, "1.5")]));
        let done = fixture.store.commit(conflict, noon()).await.unwrap();
        assert_eq!(done.conflicts.len(), 1);
    }
    let rows = fixture
        .store
        .attention(at("2026-11-01T00:00:00Z"), None, &[], 100)
        .await
        .unwrap();
    assert_eq!(rows.len(), 1, "{rows:?}");
    assert_eq!(rows[0].subject.kind, AttentionKind::LedgerConflict);
    assert_eq!((rows[0].values.count, rows[0].values.at_stake), (1, usd("0.5")));
    assert_eq!(rows[0].subject.journal_id, Some(crate::samples::journal()));
}

async fn what_is_said_of_a_thing_is_kept_by_revision(fixture: Fixture) {
    let state = AttentionState {
        id: "unpriced-0123456789abcdef".parse().unwrap(),
        owner: Some("ada".to_owned()),
        snoozed_until: Some(at("2026-12-01T00:00:00Z")),
        note: None,
        updated_at: noon(),
        updated_by: "root".to_owned(),
        revision: 0,
    };
    assert_eq!(
        fixture.store.attention_state(state.id.clone()).await.unwrap(),
        None
    );
    let set = async |state: &AttentionState, expected| {
        let edited = fixture
            .store
            .set_attention_state(state.clone(), expected, &Actor::system("test"))
            .await;
        edited.unwrap()
    };
    let first = AttentionState {
        revision: 1,
        ..state.clone()
    };
    assert_eq!(set(&state, Some(0)).await, Edited::Done(first.clone()));
    assert_eq!(set(&state, Some(0)).await, Edited::Stale { revision: 1 });
    let cleared = AttentionState {
        owner: None,
        snoozed_until: None,
        note: Some("known".to_owned()),
        ..state.clone()
    };
    let second = AttentionState {
        revision: 2,
        ..cleared.clone()
    };
    assert_eq!(set(&cleared, None).await, Edited::Done(second.clone()));
    assert_eq!(fixture.store.attention_states().await.unwrap(), vec![second]);
    let noted = fixture
        .values("SELECT action || ' ' || resource_id AS value FROM audit_log ORDER BY 1")
        .await;
    assert_eq!(noted, ["attention.update unpriced-0123456789abcdef"; 2]);
}
