//! Keys.

use tollgate_domain::ports::{ConfigStore, Edited, KeyStore, StoreError};
use tollgate_domain::{ApiKey, KeyId, TokenHash};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{actor, api_key, at, id, noon};

on_both!(
    a_key_reads_back_with_its_revision,
    an_update_never_changes_the_token,
    a_stale_missing_or_taken_key_is_not_changed,
    deleting_frees_the_name_and_wipes_the_token,
);

async fn a_key_reads_back_with_its_revision(fixture: Fixture) {
    let store = &fixture.store;
    let bare = ApiKey {
        owner: None,
        tags: Vec::new(),
        on_unpriced: None,
        expires_at: None,
        enabled: false,
        ..api_key(2, "b")
    };
    let created = store.create_key(api_key(1, "z"), &actor("ada")).await.unwrap();
    assert_eq!(
        created,
        ApiKey {
            revision: 1,
            ..api_key(1, "z")
        }
    );
    let bare = store.create_key(bare, &actor("ada")).await.unwrap();
    assert_eq!(store.keys().await.unwrap(), [bare.clone(), created.clone()]);
    assert_eq!(store.key(created.id).await.unwrap().as_ref(), Some(&created));
    assert_eq!(store.key(KeyId::new(id(3))).await.unwrap(), None);
    let config = store.gateway_config().await.unwrap();
    assert_eq!((config.version, config.keys), (2, vec![bare, created]));
}

async fn an_update_never_changes_the_token(fixture: Fixture) {
    let created = fixture
        .store
        .create_key(api_key(1, "a"), &actor("ada"))
        .await
        .unwrap();
    let edited = ApiKey {
        name: "renamed".to_owned(),
        token_hash: TokenHash::of("another"),
        token_hint: "zzzz".to_owned(),
        team: Some("t".to_owned()),
        expires_at: None,
        created_at: at("2030-01-01T00:00:00Z"),
        updated_at: at("2026-11-16T00:00:00Z"),
        ..created.clone()
    };
    let done = fixture
        .store
        .update_key(edited.clone(), Some(1), &actor("bob"))
        .await
        .unwrap();
    let expected = ApiKey {
        token_hash: created.token_hash,
        token_hint: created.token_hint,
        created_at: noon(),
        revision: 2,
        ..edited
    };
    assert_eq!(done, Edited::Done(expected.clone()));
    assert_eq!(fixture.store.keys().await.unwrap(), [expected]);
}

async fn a_stale_missing_or_taken_key_is_not_changed(fixture: Fixture) {
    let store = &fixture.store;
    let first = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    let second = store.create_key(api_key(2, "b"), &actor("ada")).await.unwrap();
    let before = store.versions().await.unwrap();
    let stale = store
        .update_key(first.clone(), Some(9), &actor("ada"))
        .await
        .unwrap();
    assert_eq!(stale, Edited::Stale { revision: 1 });
    let stale = store
        .delete_key(first.id, Some(9), &actor("ada"), noon())
        .await
        .unwrap();
    assert_eq!(stale, Edited::Stale { revision: 1 });
    assert_eq!(
        store
            .update_key(api_key(3, "c"), None, &actor("ada"))
            .await
            .unwrap(),
        Edited::Missing
    );
    let missing = store
        .delete_key(KeyId::new(id(3)), None, &actor("ada"), noon())
        .await
        .unwrap();
    assert_eq!(missing, Edited::Missing);
    let taken = store
        .create_key(api_key(4, "b"), &actor("ada"))
        .await
        .unwrap_err();
    assert!(
        matches!(&taken, StoreError::NameTaken { name } if name == "b"),
        "{taken:?}"
    );
    let renamed = ApiKey {
        name: "a".to_owned(),
        ..second
    };
    let taken = store.update_key(renamed, None, &actor("ada")).await.unwrap_err();
    assert!(matches!(taken, StoreError::NameTaken { .. }));
    let same_token = ApiKey {
        token_hash: first.token_hash,
        ..api_key(5, "e")
    };
    let refused = store.create_key(same_token, &actor("ada")).await.unwrap_err();
    assert!(matches!(refused, StoreError::Failed { .. }), "{refused:?}");
    assert_eq!(store.versions().await.unwrap(), before);
}

async fn deleting_frees_the_name_and_wipes_the_token(fixture: Fixture) {
    let store = &fixture.store;
    let created = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    assert_eq!(
        store
            .delete_key(created.id, Some(1), &actor("bob"), noon())
            .await
            .unwrap(),
        Edited::Done(())
    );
    assert_eq!(store.key(created.id).await.unwrap(), None);
    assert!(store.gateway_config().await.unwrap().keys.is_empty());
    assert_eq!(fixture.count("api_keys WHERE token_hash IS NOT NULL").await, 0);
    assert_eq!(
        store
            .delete_key(created.id, None, &actor("bob"), noon())
            .await
            .unwrap(),
        Edited::Missing
    );
    let again = ApiKey {
        token_hash: created.token_hash,
        ..api_key(2, "a")
    };
    store.create_key(again, &actor("ada")).await.unwrap();
}
