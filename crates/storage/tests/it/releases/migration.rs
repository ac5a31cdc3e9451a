//! A database from before releases were rows with a validity.

use secrecy::ExposeSecret;
use tollgate_domain::PriceVersion;
use tollgate_domain::ports::{PriceStore, ReleaseStore};
use tollgate_storage::{Keyring, migrate};

use crate::fixture::{empty_postgres, empty_sqlite, execute, open};
use crate::samples::{card, id};

/// Two releases, with an override's version between them and another after.
fn rows(sqlite: bool) -> String {
    let uuid = |n: u32| {
        if sqlite {
            format!("x'{}'", id(n).simple())
        } else {
            format!("'{}'", id(n))
        }
    };
    let digest = |price: &str| {
        let hex = card(price).id().to_string();
        if sqlite {
            format!("x'{hex}'")
        } else {
            format!("'\\x{hex}'")
        }
    };
    let (at, no, yes) = if sqlite {
        ("0", "0", "1")
    } else {
        ("'epoch'", "false", "true")
    };
    let mut lines: Vec<String> = Vec::new();
    for price in ["1", "2", "3"] {
        let body = serde_json::to_string(&*card(price)).unwrap();
        lines.push(format!(
            "INSERT INTO rate_cards VALUES ({}, '{body}');",
            digest(price)
        ));
    }
    for (n, hash) in [(1, "one"), (2, "two")] {
        lines.push(format!(
            "INSERT INTO price_releases VALUES ({}, '{hash}', 'bundled', 'tollgate', {at}, 2, 2, 0, 0, 0, 0, '[]');",
            uuid(n)
        ));
    }
    for (release, name, price, stale) in [
        (1, "a", "1", no),
        (1, "b", "2", no),
        (2, "a", "3", no),
        (2, "b", "2", yes),
    ] {
        lines.push(format!(
            "INSERT INTO release_models VALUES ({}, '{name}', {}, 'openai', 'chat', {stale});",
            uuid(release),
            digest(price)
        ));
    }
    for (version, release) in [
        (1, "NULL".to_owned()),
        (2, uuid(1)),
        (3, uuid(1)),
        (4, uuid(2)),
        (5, uuid(2)),
    ] {
        lines.push(format!(
            "INSERT INTO price_book_versions VALUES ({version}, {at}, 'x', 'x', {release});"
        ));
    }
    lines.push("UPDATE config_version SET prices = 5;".to_owned());
    lines.join("\n")
}

#[tokio::test]
async fn every_version_of_an_older_database_can_still_be_rebuilt() {
    for (url, _place) in [empty_sqlite(), empty_postgres().await] {
        let sqlite = url.starts_with("sqlite");
        let tree = if sqlite {
            "migrations-sqlite"
        } else {
            "migrations-pg"
        };
        let base = format!("{}/../../{tree}/0001_base/up.sql", env!("CARGO_MANIFEST_DIR"));
        execute(&url, &std::fs::read_to_string(base).unwrap())
            .await
            .unwrap();
        let applied = "CREATE TABLE __diesel_schema_migrations (
                version VARCHAR(50) PRIMARY KEY NOT NULL, run_on TIMESTAMP NOT NULL DEFAULT CURRENT_TIMESTAMP);
            INSERT INTO __diesel_schema_migrations (version) VALUES ('0001');";
        execute(&url, applied).await.unwrap();
        execute(&url, &rows(sqlite)).await.unwrap();

        assert!(
            migrate(&url)
                .await
                .unwrap()
                .contains(&"0003_price_sync".to_owned())
        );
        let store = open(&url, Keyring::generate().unwrap().expose_secret(), &[]).await;
        let shown = async |version: i64| {
            let book = store
                .price_book(Some(PriceVersion::new(version)))
                .await
                .unwrap()
                .unwrap();
            let models = book.models.iter().map(|model| {
                let card = book.cards.iter().find(|card| card.id() == model.card_id).unwrap();
                let star = if model.stale { "*" } else { "" };
                format!("{}={}{star}", model.name, card.rates()[0].usd_per_million)
            });
            models.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(shown(1).await, "");
        assert_eq!(
            (shown(2).await, shown(3).await),
            ("a=1 b=2".to_owned(), "a=1 b=2".to_owned())
        );
        assert_eq!(
            (shown(4).await, shown(5).await),
            ("a=3 b=2*".to_owned(), "a=3 b=2*".to_owned())
        );
        let releases = store.releases(None, 10).await.unwrap();
        let text: Vec<_> = releases
            .iter()
            .map(|release| (release.content_hash.as_deref(), release.version, release.current))
            .collect();
        let version = |version| Some(PriceVersion::new(version));
        assert_eq!(
            text,
            [(Some("two"), version(4), true), (Some("one"), version(2), false)]
        );
    }
}
