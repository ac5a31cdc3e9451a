use tollgate_domain::ports::{
    Begun, ConfigStore, Finish, FinishedRun, PriceStore, ReleaseStore, ReportStore,
};
use tollgate_domain::{CatalogWrite, PriceVersion, ReleaseState, Validators};

use super::{
    afterwards, begin, book, finished, hold, later, me, new_run, other, priced, release_id, shown, sync,
};
use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{card, noon};

on_both!(
    of_two_runners_one_begins,
    a_run_is_a_release_from_its_beginning_to_its_end,
    only_what_changed_is_written,
    a_run_that_compared_with_an_older_catalog_stores_nothing,
    a_runner_whose_lease_was_taken_stores_nothing,
    a_run_cut_short_reads_as_failed,
    a_failed_run_leaves_the_catalog_and_what_is_held,
    validators_come_from_runs_that_took_a_map_in,
    releases_are_listed_newest_first_page_by_page,
);

async fn of_two_runners_one_begins(fixture: Fixture) {
    let begun = [(1, me()), (2, other()), (3, other())].map(|(n, holder)| {
        let store = fixture.store.clone();
        async move { store.begin_run(new_run(n, holder), noon()).await.unwrap() }
    });
    let begun = futures_util::future::join_all(begun).await;
    let ran = begun
        .iter()
        .filter(|begun| matches!(begun, Begun::Yes(_)))
        .count();
    assert_eq!(ran, 1, "{begun:?}");
    let open = "SELECT CAST(COUNT(*) AS TEXT) AS value FROM price_releases WHERE state = 'running'";
    assert_eq!(fixture.value(open).await, "1");
}

async fn a_run_is_a_release_from_its_beginning_to_its_end(fixture: Fixture) {
    let store = &fixture.store;
    let lease = begin(&fixture, 1, me()).await;
    let running = store.release(release_id(1)).await.unwrap().unwrap();
    assert_eq!(
        (running.state, running.finished_at),
        (ReleaseState::Running, None)
    );
    assert_eq!(
        store.begin_run(new_run(2, other()), noon()).await.unwrap(),
        Begun::Busy(Some(release_id(1)))
    );
    let job = store.sync_job().await.unwrap();
    assert_eq!(job.held, Some((me(), later(60))));
    assert!(store.keep_lease(lease, later(120)).await.unwrap());

    let write = CatalogWrite {
        put: vec![priced("a", "1")],
        cards: vec![card("1")],
        holds: Vec::new(),
    };
    let run = FinishedRun {
        write: Some(write),
        ..finished(1, lease, None)
    };
    assert_eq!(
        store.finish_run(run, later(1)).await.unwrap(),
        Finish::Done(Some(PriceVersion::new(1)))
    );
    let done = store.release(release_id(1)).await.unwrap().unwrap();
    assert_eq!(
        (done.state, done.finished_at, done.current),
        (ReleaseState::Success, Some(later(1)), true)
    );
    assert_eq!(
        (done.version, done.models, done.counts.changed),
        (Some(PriceVersion::new(1)), Some(2), 1)
    );
    assert_eq!(
        (done.content_hash.as_deref(), done.unknown_fields.len()),
        (Some("hash 1"), 1)
    );
    let job = store.sync_job().await.unwrap();
    assert_eq!((job.held, job.next_due_at), (None, Some(later(86_400))));
    let state = store.catalog_state().await.unwrap().unwrap();
    assert_eq!((state.models, state.last_sync), (1, Some(done)));
}

async fn only_what_changed_is_written(fixture: Fixture) {
    sync(&fixture, 1, &[("a", "1"), ("b", "2"), ("c", "2")], Vec::new()).await;
    sync(&fixture, 2, &[("b", "3")], Vec::new()).await;
    assert_eq!(shown(&fixture).await, "a=1 b=3 c=2");
    assert_eq!(fixture.count("catalog_models").await, 4);
    assert_eq!(fixture.count("rate_cards").await, 3);
    let first = fixture
        .store
        .price_book(Some(PriceVersion::new(1)))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        first.models,
        [priced("a", "1"), priced("b", "2"), priced("c", "2")]
    );
    assert_eq!(first.cards.len(), 2);
}

async fn a_run_that_compared_with_an_older_catalog_stores_nothing(fixture: Fixture) {
    sync(&fixture, 1, &[("a", "1")], Vec::new()).await;
    let lease = begin(&fixture, 2, me()).await;
    let write = CatalogWrite {
        put: vec![priced("a", "2")],
        cards: vec![card("2")],
        holds: Vec::new(),
    };
    let run = FinishedRun {
        write: Some(write),
        ..finished(2, lease, None)
    };
    assert_eq!(
        fixture.store.finish_run(run.clone(), later(1)).await.unwrap(),
        Finish::Moved
    );
    assert_eq!(shown(&fixture).await, "a=1");
    // The run is still its runner's: compared again, it goes through.
    let base = book(&fixture).await.map(|book| book.version);
    let run = FinishedRun { base, ..run };
    assert_eq!(
        fixture.store.finish_run(run, later(1)).await.unwrap(),
        Finish::Done(Some(PriceVersion::new(2)))
    );
    assert_eq!(shown(&fixture).await, "a=2");
}

async fn a_runner_whose_lease_was_taken_stores_nothing(fixture: Fixture) {
    let store = &fixture.store;
    let slow = begin(&fixture, 1, me()).await;
    // Its lease runs out, another one takes over.
    assert_eq!(
        store.begin_run(new_run(2, other()), later(59)).await.unwrap(),
        Begun::Busy(Some(release_id(1)))
    );
    let Begun::Yes(fast) = store.begin_run(new_run(2, other()), later(60)).await.unwrap() else {
        panic!()
    };
    assert!(fast.fence > slow.fence);
    assert!(!store.keep_lease(slow, later(600)).await.unwrap());
    let write = CatalogWrite {
        put: vec![priced("a", "1")],
        cards: vec![card("1")],
        holds: Vec::new(),
    };
    let run = FinishedRun {
        write: Some(write),
        ..finished(1, slow, None)
    };
    assert_eq!(store.finish_run(run, later(61)).await.unwrap(), Finish::LeaseLost);
    assert_eq!(store.versions().await.unwrap().prices, None);
    let lost = store.release(release_id(1)).await.unwrap().unwrap();
    assert_eq!(lost.state, ReleaseState::Failed);
    assert!(lost.reason.unwrap().contains("interrupted"));
    assert_eq!(
        store
            .finish_run(finished(2, fast, None), later(62))
            .await
            .unwrap(),
        Finish::Done(None)
    );
}

async fn a_run_cut_short_reads_as_failed(fixture: Fixture) {
    let store = &fixture.store;
    let cut = begin(&fixture, 1, me()).await;
    // Nobody else's start, and no moment before the lease runs out, ends it.
    assert_eq!(store.clear_lease(Some(other()), later(1)).await.unwrap(), 0);
    assert_eq!(store.clear_lease(None, later(59)).await.unwrap(), 0);
    assert_eq!(store.clear_lease(Some(me()), later(1)).await.unwrap(), 1);
    let cut_short = store.release(release_id(1)).await.unwrap().unwrap();
    assert_eq!(
        (cut_short.state, cut_short.finished_at),
        (ReleaseState::Failed, Some(later(1)))
    );
    assert_eq!(
        store.finish_run(finished(1, cut, None), later(2)).await.unwrap(),
        Finish::LeaseLost
    );
    begin(&fixture, 2, other()).await;
    assert_eq!(store.clear_lease(None, afterwards()).await.unwrap(), 1);
    assert_eq!(store.sync_job().await.unwrap().held, None);
}

async fn a_failed_run_leaves_the_catalog_and_what_is_held(fixture: Fixture) {
    sync(&fixture, 1, &[("a", "1")], vec![hold("b", Some("50"), None)]).await;
    let lease = begin(&fixture, 2, me()).await;
    let run = FinishedRun {
        state: ReleaseState::Failed,
        reason: Some("no such host".to_owned()),
        content_hash: None,
        models: None,
        ..finished(2, lease, None)
    };
    assert_eq!(
        fixture.store.finish_run(run, later(1)).await.unwrap(),
        Finish::Done(None)
    );
    let failed = fixture.store.release(release_id(2)).await.unwrap().unwrap();
    assert_eq!(
        (failed.state, failed.version, failed.models),
        (ReleaseState::Failed, None, None)
    );
    assert_eq!(failed.reason.as_deref(), Some("no such host"));
    let state = fixture.store.catalog_state().await.unwrap().unwrap();
    assert_eq!((state.held, state.content_hash.as_str()), (1, "hash 1"));
    assert_eq!(shown(&fixture).await, "a=1");
}

async fn validators_come_from_runs_that_took_a_map_in(fixture: Fixture) {
    let url = "http://example.com/map.json";
    assert_eq!(
        fixture.store.validators(url, "g").await.unwrap(),
        Validators::default()
    );
    sync(&fixture, 1, &[("a", "1")], Vec::new()).await;
    let lease = begin(&fixture, 2, me()).await;
    let run = FinishedRun {
        state: ReleaseState::Held,
        ..finished(2, lease, None)
    };
    fixture.store.finish_run(run, later(1)).await.unwrap();
    assert_eq!(
        fixture.store.validators(url, "g").await.unwrap().etag.as_deref(),
        Some("\"1\"")
    );
    assert_eq!(
        fixture
            .store
            .validators("http://example.com/", "g")
            .await
            .unwrap(),
        Validators::default()
    );
}

async fn releases_are_listed_newest_first_page_by_page(fixture: Fixture) {
    for n in 1..=3 {
        sync(&fixture, n, &[("a", &n.to_string())], Vec::new()).await;
    }
    let first = fixture.store.releases(None, 2).await.unwrap();
    let ids: Vec<_> = first
        .iter()
        .map(|release| (release.id, release.current))
        .collect();
    assert_eq!(ids, [(release_id(3), true), (release_id(2), false)]);
    let rest = fixture.store.releases(Some(release_id(2)), 2).await.unwrap();
    assert_eq!(
        rest.iter().map(|release| release.id).collect::<Vec<_>>(),
        [release_id(1)]
    );
    assert_eq!(fixture.store.release(release_id(9)).await.unwrap(), None);
    assert_eq!(
        fixture.store.last_sync().await.unwrap().unwrap().id,
        release_id(3)
    );
}
