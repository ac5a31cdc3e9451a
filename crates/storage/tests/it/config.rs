//! What the hot path polls.

use tollgate_domain::ports::{ConfigStore, KeyStore, UpstreamStore, Versions};

use crate::fixture::Fixture;
use crate::on_both;
use crate::samples::{actor, api_key, noon, upstream};

on_both!(
    every_change_moves_the_version,
    the_configuration_names_its_version
);

async fn every_change_moves_the_version(fixture: Fixture) {
    let store = &fixture.store;
    assert_eq!(
        store.versions().await.unwrap(),
        Versions {
            config: 0,
            prices: None
        }
    );
    let mut seen = vec![0];
    let upstream = store
        .create_upstream(upstream(1, "u"), None, &actor("ada"))
        .await
        .unwrap();
    seen.push(store.versions().await.unwrap().config);
    let key = store.create_key(api_key(1, "k"), &actor("ada")).await.unwrap();
    seen.push(store.versions().await.unwrap().config);
    store.update_key(key.clone(), None, &actor("ada")).await.unwrap();
    seen.push(store.versions().await.unwrap().config);
    store
        .delete_key(key.id, None, &actor("ada"), noon())
        .await
        .unwrap();
    seen.push(store.versions().await.unwrap().config);
    store
        .delete_upstream(upstream.id, None, &actor("ada"), noon())
        .await
        .unwrap();
    seen.push(store.versions().await.unwrap().config);
    assert_eq!(seen, [0, 1, 2, 3, 4, 5]);
}

async fn the_configuration_names_its_version(fixture: Fixture) {
    let store = &fixture.store;
    let created = store
        .create_upstream(upstream(1, "u"), None, &actor("ada"))
        .await
        .unwrap();
    let config = store.gateway_config().await.unwrap();
    assert_eq!(config.version, store.versions().await.unwrap().config);
    assert_eq!(config.upstreams.len(), 1);
    assert_eq!(config.upstreams[0].upstream, created);
    assert!(config.upstreams[0].credential.is_none());
}
