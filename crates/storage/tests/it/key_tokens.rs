//! Rotation and grants of keys.

use tollgate_domain::ports::{ConfigStore, Edited, KeyStore, KeyTokenStore, NewToken};
use tollgate_domain::{ApiKey, KeyGrants, KeyId, ModelName, RetiringToken, TokenHash, UpstreamId};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{actor, api_key, at, id, noon};

on_both!(
    a_rotated_key_keeps_its_old_token_for_the_grace_period,
    without_grace_the_old_token_is_gone_at_once,
    a_second_rotation_ends_the_grace_of_the_first,
    a_stale_or_missing_key_is_not_rotated,
    deleting_wipes_both_tokens,
    grants_read_back_and_change,
);

fn token(text: &str, old_until: Option<&str>) -> NewToken {
    NewToken {
        token_hash: TokenHash::of(text),
        token_hint: "new!".to_owned(),
        at: at("2026-11-16T00:00:00Z"),
        old_until: old_until.map(at),
    }
}

async fn a_rotated_key_keeps_its_old_token_for_the_grace_period(fixture: Fixture) {
    let store = &fixture.store;
    let before = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    let version = store.versions().await.unwrap().config;
    let new = token("second", Some("2026-11-17T00:00:00Z"));
    let rotated = store
        .rotate_key(before.id, new, Some(1), &actor("bob"))
        .await
        .unwrap();
    let expected = ApiKey {
        token_hash: TokenHash::of("second"),
        token_hint: "new!".to_owned(),
        retiring: Some(RetiringToken {
            token_hash: before.token_hash,
            token_hint: before.token_hint.clone(),
            until: at("2026-11-17T00:00:00Z"),
        }),
        rotated_at: Some(at("2026-11-16T00:00:00Z")),
        updated_at: at("2026-11-16T00:00:00Z"),
        revision: 2,
        ..before
    };
    assert_eq!(rotated, Edited::Done(expected.clone()));
    let config = store.gateway_config().await.unwrap();
    assert_eq!(config.keys, std::slice::from_ref(&expected));
    assert_eq!(config.version, version + 1);
    assert_eq!(
        fixture.value("SELECT updated_by AS value FROM api_keys").await,
        "bob"
    );

    let noted = "SELECT action || ' ' || actor_name || ' ' || state_after AS value FROM audit_log WHERE action = 'key.rotate'";
    let noted = fixture.value(noted).await;
    assert!(
        noted.starts_with("key.rotate bob ") && noted.contains("\"token_hash\":\"***\""),
        "{noted}"
    );

    // An edit of anything else leaves both tokens as they are.
    let edit = ApiKey {
        team: Some("t".to_owned()),
        token_hash: TokenHash::of("intruder"),
        retiring: None,
        rotated_at: None,
        ..expected.clone()
    };
    let edited = store.update_key(edit, None, &actor("ada")).await.unwrap();
    let still = ApiKey {
        team: Some("t".to_owned()),
        revision: 3,
        ..expected
    };
    assert_eq!(edited, Edited::Done(still));
}

async fn without_grace_the_old_token_is_gone_at_once(fixture: Fixture) {
    let before = fixture
        .store
        .create_key(api_key(1, "a"), &actor("ada"))
        .await
        .unwrap();
    let bob = actor("bob");
    let rotated = fixture.store.rotate_key(before.id, token("x", None), None, &bob);
    let Edited::Done(key) = rotated.await.unwrap() else {
        panic!("not rotated");
    };
    assert_eq!((key.retiring, key.token_hash), (None, TokenHash::of("x")));
}

async fn a_second_rotation_ends_the_grace_of_the_first(fixture: Fixture) {
    let store = &fixture.store;
    let before = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    let until = Some("2026-11-17T00:00:00Z");
    store
        .rotate_key(before.id, token("second", until), None, &actor("bob"))
        .await
        .unwrap();
    let bob = actor("bob");
    let third = store.rotate_key(before.id, token("third", until), None, &bob);
    let Edited::Done(key) = third.await.unwrap() else {
        panic!("not rotated");
    };
    assert_eq!(key.retiring.unwrap().token_hash, TokenHash::of("second"));
}

async fn a_stale_or_missing_key_is_not_rotated(fixture: Fixture) {
    let store = &fixture.store;
    let key = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    let stale = store
        .rotate_key(key.id, token("x", None), Some(7), &actor("bob"))
        .await;
    assert_eq!(stale.unwrap(), Edited::Stale { revision: 1 });
    let nobody = KeyId::new(id(9));
    let missing = store
        .rotate_key(nobody, token("x", None), None, &actor("bob"))
        .await;
    assert_eq!(missing.unwrap(), Edited::Missing);
    assert_eq!(store.keys().await.unwrap(), [key]);
}

async fn deleting_wipes_both_tokens(fixture: Fixture) {
    let store = &fixture.store;
    let key = store.create_key(api_key(1, "a"), &actor("ada")).await.unwrap();
    let new = token("second", Some("2026-11-17T00:00:00Z"));
    store.rotate_key(key.id, new, None, &actor("bob")).await.unwrap();
    store
        .delete_key(key.id, None, &actor("bob"), noon())
        .await
        .unwrap();
    let left =
        "api_keys WHERE token_hash IS NOT NULL OR retiring_hash IS NOT NULL OR retiring_hint IS NOT NULL";
    assert_eq!(fixture.count(left).await, 0);
}

async fn grants_read_back_and_change(fixture: Fixture) {
    let store = &fixture.store;
    let grants = KeyGrants {
        upstreams: Some(vec![UpstreamId::new(id(5)), UpstreamId::new(id(6))]),
        models: Some(vec![ModelName::new("gpt-5*"), ModelName::new("o3")]),
    };
    let limited = ApiKey {
        grants,
        ..api_key(1, "a")
    };
    let created = store.create_key(limited.clone(), &actor("ada")).await.unwrap();
    assert_eq!(created.grants, limited.grants);
    assert_eq!(
        store.gateway_config().await.unwrap().keys,
        std::slice::from_ref(&created)
    );
    let only_models = ApiKey {
        grants: KeyGrants {
            upstreams: None,
            ..limited.grants
        },
        ..created
    };
    store
        .update_key(only_models.clone(), None, &actor("ada"))
        .await
        .unwrap();
    let stored = store.key(only_models.id).await.unwrap().unwrap();
    assert_eq!(stored.grants, only_models.grants);
}
