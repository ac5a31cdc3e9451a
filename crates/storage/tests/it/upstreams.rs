//! Upstreams.

use secrecy::ExposeSecret;
use tollgate_domain::ports::{
    ConfigStore, Edited, MultiplierGrounds, NewCredential, PriceRuleStore, PriceStore, StoreError,
    UpstreamStore,
};
use tollgate_domain::{PriceVersion, UpstreamId};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{actor, at, id, multiplier, noon, upstream};

on_both!(
    an_upstream_reads_back_with_revision_and_fingerprint,
    an_update_counts_the_revision_and_keeps_or_changes_the_credential,
    a_stale_or_missing_upstream_is_not_changed,
    a_taken_name_is_refused,
    deleting_frees_the_name_and_wipes_the_credential,
    only_multiplier_changes_write_a_price_version,
);

async fn an_upstream_reads_back_with_revision_and_fingerprint(fixture: Fixture) {
    let given = upstream(1, "main");
    let created = fixture
        .store
        .create_upstream(given.clone(), Some("abc".into()), &actor("ada"))
        .await
        .unwrap();
    let expected = tollgate_domain::Upstream {
        revision: 1,
        // The beginning of SHA-256("abc").
        credential_fingerprint: Some("ba7816bf8f01cfea".to_owned()),
        ..given
    };
    assert_eq!(created, expected);
    assert_eq!(
        fixture.store.upstream(expected.id).await.unwrap(),
        Some(expected.clone())
    );
    let mut behind = upstream(2, "a");
    behind.priority = 10;
    let behind = fixture
        .store
        .create_upstream(behind, None, &actor("ada"))
        .await
        .unwrap();
    assert_eq!(fixture.store.upstreams().await.unwrap(), [expected, behind]);
    assert_eq!(
        fixture.store.upstream(UpstreamId::new(id(9))).await.unwrap(),
        None
    );
}

async fn an_update_counts_the_revision_and_keeps_or_changes_the_credential(fixture: Fixture) {
    let store = &fixture.store;
    let created = store
        .create_upstream(upstream(1, "main"), Some("one".into()), &actor("ada"))
        .await
        .unwrap();
    let credential = async || {
        let config = store.gateway_config().await.unwrap();
        let credential = config.upstreams[0].credential.as_ref();
        credential.map(|secret| secret.expose_secret().to_owned())
    };
    let mut edited = created.clone();
    "https://other.example.com".clone_into(&mut edited.base_url);
    edited.account_label = None;
    edited.created_at = at("2030-01-01T00:00:00Z");
    edited.updated_at = at("2026-11-16T00:00:00Z");
    let done = store
        .update_upstream(edited.clone(), NewCredential::Keep, Some(1), &actor("bob"), None)
        .await
        .unwrap();
    edited.revision = 2;
    edited.created_at = noon();
    assert_eq!(done, Edited::Done(edited.clone()));
    assert_eq!(store.upstream(edited.id).await.unwrap().as_ref(), Some(&edited));
    assert_eq!(credential().await.as_deref(), Some("one"));
    let replace = NewCredential::Replace("two".into());
    let Edited::Done(replaced) = store
        .update_upstream(edited.clone(), replace, None, &actor("bob"), None)
        .await
        .unwrap()
    else {
        panic!("not replaced")
    };
    assert_ne!(replaced.credential_fingerprint, created.credential_fingerprint);
    assert_eq!(credential().await.as_deref(), Some("two"));
    let remove = store
        .update_upstream(edited, NewCredential::Remove, Some(3), &actor("bob"), None)
        .await
        .unwrap();
    assert!(matches!(remove, Edited::Done(upstream) if upstream.credential_fingerprint.is_none()));
    assert_eq!(credential().await, None);
}

async fn a_stale_or_missing_upstream_is_not_changed(fixture: Fixture) {
    let store = &fixture.store;
    let created = store
        .create_upstream(upstream(1, "main"), None, &actor("ada"))
        .await
        .unwrap();
    let before = store.versions().await.unwrap();
    let stale = store
        .update_upstream(
            created.clone(),
            NewCredential::Remove,
            Some(7),
            &actor("bob"),
            None,
        )
        .await;
    assert_eq!(stale.unwrap(), Edited::Stale { revision: 1 });
    let stale = store
        .delete_upstream(created.id, Some(7), &actor("bob"), noon())
        .await
        .unwrap();
    assert_eq!(stale, Edited::Stale { revision: 1 });
    let missing = store
        .update_upstream(upstream(2, "x"), NewCredential::Keep, None, &actor("bob"), None)
        .await;
    assert_eq!(missing.unwrap(), Edited::Missing);
    let missing = store
        .delete_upstream(UpstreamId::new(id(2)), None, &actor("bob"), noon())
        .await
        .unwrap();
    assert_eq!(missing, Edited::Missing);
    assert_eq!(store.versions().await.unwrap(), before);
}

async fn a_taken_name_is_refused(fixture: Fixture) {
    let store = &fixture.store;
    store
        .create_upstream(upstream(1, "main"), None, &actor("ada"))
        .await
        .unwrap();
    let second = store
        .create_upstream(upstream(2, "other"), None, &actor("ada"))
        .await
        .unwrap();
    let before = store.versions().await.unwrap();
    let taken = store
        .create_upstream(upstream(3, "main"), None, &actor("ada"))
        .await
        .unwrap_err();
    assert!(
        matches!(&taken, StoreError::NameTaken { name } if name == "main"),
        "{taken:?}"
    );
    let renamed = tollgate_domain::Upstream {
        name: "main".to_owned(),
        ..second
    };
    let taken = store
        .update_upstream(renamed, NewCredential::Keep, None, &actor("ada"), None)
        .await
        .unwrap_err();
    assert!(matches!(taken, StoreError::NameTaken { .. }));
    let same_id = store
        .create_upstream(upstream(1, "third"), None, &actor("ada"))
        .await
        .unwrap_err();
    assert!(matches!(same_id, StoreError::Failed { .. }), "{same_id:?}");
    assert_eq!(store.versions().await.unwrap(), before);
}

async fn deleting_frees_the_name_and_wipes_the_credential(fixture: Fixture) {
    let store = &fixture.store;
    let created = store
        .create_upstream(upstream(1, "main"), Some("s".into()), &actor("ada"))
        .await
        .unwrap();
    let deleted = store
        .delete_upstream(created.id, Some(1), &actor("bob"), noon())
        .await
        .unwrap();
    assert_eq!(deleted, Edited::Done(()));
    assert_eq!(store.upstream(created.id).await.unwrap(), None);
    assert!(store.gateway_config().await.unwrap().upstreams.is_empty());
    assert_eq!(
        fixture
            .count("upstreams WHERE sealed_credential IS NOT NULL")
            .await,
        0
    );
    assert_eq!(fixture.count("upstreams").await, 1);
    let again = store
        .delete_upstream(created.id, None, &actor("bob"), noon())
        .await
        .unwrap();
    assert_eq!(again, Edited::Missing);
    store
        .create_upstream(upstream(2, "main"), None, &actor("ada"))
        .await
        .unwrap();
}

async fn only_multiplier_changes_write_a_price_version(fixture: Fixture) {
    let store = &fixture.store;
    let mut upstream = store
        .create_upstream(upstream(1, "main"), None, &actor("ada"))
        .await
        .unwrap();
    let first = store.versions().await.unwrap();
    upstream.weight = 2;
    store
        .update_upstream(upstream.clone(), NewCredential::Keep, None, &actor("ada"), None)
        .await
        .unwrap();
    let second = store.versions().await.unwrap();
    assert_eq!((second.prices, second.config), (first.prices, first.config + 1));
    upstream.output_multiplier = multiplier("0");
    let since = noon() - chrono::TimeDelta::days(2);
    let grounds = MultiplierGrounds {
        note: Some("a trial".to_owned()),
        effective_from: Some(since),
    };
    store
        .update_upstream(
            upstream.clone(),
            NewCredential::Keep,
            None,
            &actor("bob"),
            Some(grounds),
        )
        .await
        .unwrap();
    let third = store.versions().await.unwrap();
    assert_eq!(
        third.prices.map(PriceVersion::get),
        first.prices.map(|version| version.get() + 1)
    );
    let book = store.price_book(None).await.unwrap().unwrap();
    assert_eq!(book.multipliers.len(), 1);
    assert_eq!(book.multipliers[0].output, multiplier("0"));
    assert!(book.multipliers[0].allow_free);

    let versions = store.multiplier_versions(upstream.id).await.unwrap();
    let [now, before] = versions.as_slice() else {
        panic!("two versions: {versions:?}");
    };
    assert_eq!(now.multipliers, book.multipliers[0]);
    assert_eq!(
        (now.author.as_str(), now.note.as_deref()),
        ("bob", Some("a trial"))
    );
    assert_eq!((now.effective_from, before.effective_from), (Some(since), None));
    assert_eq!((before.author.as_str(), before.note.as_deref()), ("ada", None));
    assert_eq!(now.span.ended, None);
    let end = before.span.ended.as_ref().unwrap();
    assert_eq!((end.version, end.by.as_str()), (now.span.version, "bob"));
}
