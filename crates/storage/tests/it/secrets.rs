//! Sealed credentials.

use secrecy::ExposeSecret;
use tollgate_domain::ports::{ConfigStore, UpstreamStore};
use tollgate_storage::{Keyring, StorageError, reseal};

use crate::fixture::{Fixture, Place, open};
use crate::on_both;
use crate::samples::{actor, id, upstream};

on_both!(
    a_credential_is_never_stored_plain,
    rotation_seals_everything_with_the_new_key,
    another_key_opens_nothing_and_says_which_one_is_missing,
    a_sealed_value_moved_to_another_upstream_does_not_open,
);

const SECRET: &str = "sk-a-very-secret-credential";

async fn a_credential_is_never_stored_plain(fixture: Fixture) {
    fixture
        .store
        .create_upstream(upstream(1, "main"), Some(SECRET.into()), &actor("ada"))
        .await
        .unwrap();
    let stored = fixture
        .value("SELECT sealed_credential AS value FROM upstreams")
        .await;
    assert!(stored.starts_with("tg1.") && !stored.contains(SECRET), "{stored}");
    if let Place::Directory(directory) = &fixture.place {
        for file in std::fs::read_dir(directory.path()).unwrap() {
            let bytes = std::fs::read(file.unwrap().path()).unwrap();
            assert!(
                !bytes
                    .windows(SECRET.len())
                    .any(|window| window == SECRET.as_bytes())
            );
        }
    }
}

async fn rotation_seals_everything_with_the_new_key(fixture: Fixture) {
    for n in 1..=3 {
        let credential = (n < 3).then(|| format!("{SECRET}-{n}").into());
        fixture
            .store
            .create_upstream(upstream(n, &format!("u{n}")), credential, &actor("ada"))
            .await
            .unwrap();
    }
    let new = Keyring::generate().unwrap();
    let both = open(&fixture.url, new.expose_secret(), &[fixture.key.expose_secret()]).await;
    assert_eq!(reseal(&both).await.unwrap(), 2);
    assert_eq!(reseal(&both).await.unwrap(), 0);
    let alone = open(&fixture.url, new.expose_secret(), &[]).await;
    let config = alone.gateway_config().await.unwrap();
    let opened: Vec<_> = config
        .upstreams
        .iter()
        .map(|upstream| {
            upstream
                .credential
                .as_ref()
                .map(|secret| secret.expose_secret().to_owned())
        })
        .collect();
    assert_eq!(
        opened,
        [Some(format!("{SECRET}-1")), Some(format!("{SECRET}-2")), None]
    );
}

async fn another_key_opens_nothing_and_says_which_one_is_missing(fixture: Fixture) {
    fixture
        .store
        .create_upstream(upstream(1, "main"), Some(SECRET.into()), &actor("ada"))
        .await
        .unwrap();
    let other = Keyring::generate().unwrap();
    let stranger = open(&fixture.url, other.expose_secret(), &[]).await;
    assert!(stranger.gateway_config().await.unwrap().upstreams.is_empty());
    let needed = Keyring::from_base64(fixture.key.expose_secret(), []).unwrap();
    let error = reseal(&stranger).await.unwrap_err();
    assert!(matches!(error, StorageError::Unsealable { .. }));
    assert!(error.to_string().contains(needed.active_id()), "{error}");
}

async fn a_sealed_value_moved_to_another_upstream_does_not_open(fixture: Fixture) {
    for n in 1..=2 {
        let credential = format!("{SECRET}-{n}").into();
        fixture
            .store
            .create_upstream(upstream(n, &format!("u{n}")), Some(credential), &actor("ada"))
            .await
            .unwrap();
    }
    let one = id(1);
    let literal = if fixture.is_sqlite() {
        format!("x'{}'", one.simple())
    } else {
        format!("'{one}'")
    };
    let moved = format!(
        "UPDATE upstreams SET sealed_credential = (SELECT sealed_credential FROM upstreams WHERE id = {literal})"
    );
    fixture.execute(&moved).await.unwrap();
    let config = fixture.store.gateway_config().await.unwrap();
    let names: Vec<_> = config
        .upstreams
        .iter()
        .map(|with| with.upstream.name.as_str())
        .collect();
    assert_eq!(names, ["u1"]);
}
