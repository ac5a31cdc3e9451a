//! Migrations.

use std::collections::BTreeMap;

use secrecy::ExposeSecret;
use tollgate_domain::ports::{ConfigStore, LedgerStore};
use tollgate_storage::{
    DatabaseConfig, Keyring, MigrationState, StorageError, connect, migrate, migration_status, open,
};

use crate::fixture::{Fixture, empty_postgres, empty_sqlite, execute};
use crate::on_both;

on_both!(
    migrating_again_applies_nothing,
    a_schema_that_is_too_new_is_refused,
    a_newer_schema_that_is_still_compatible_is_used,
);

fn config(url: &str) -> DatabaseConfig {
    let key = Keyring::generate().unwrap();
    let keyring = Keyring::from_base64(key.expose_secret(), []).unwrap();
    DatabaseConfig {
        url: url.to_owned(),
        keyring,
        max_connections: 2,
    }
}

async fn migrating_again_applies_nothing(fixture: Fixture) {
    assert!(migrate(&fixture.url).await.unwrap().is_empty());
    let status = migration_status(&fixture.url).await.unwrap();
    assert_eq!(status[0].name, "0001_base");
    assert!(
        status
            .iter()
            .all(|status| status.state == MigrationState::Applied)
    );
}

async fn a_schema_that_is_too_new_is_refused(fixture: Fixture) {
    fixture
        .execute(
            "INSERT INTO __diesel_schema_migrations (version) VALUES ('9999');
             UPDATE meta SET value = '9999' WHERE name = 'oldest_compatible';",
        )
        .await
        .unwrap();
    for refused in [
        connect(config(&fixture.url)).await.err(),
        migrate(&fixture.url).await.err(),
    ] {
        let refused = refused.unwrap();
        assert!(
            matches!(&refused, StorageError::SchemaTooNew { needed, .. } if needed == "9999"),
            "{refused}"
        );
        assert!(refused.to_string().contains("install a newer version"));
    }
}

async fn a_newer_schema_that_is_still_compatible_is_used(fixture: Fixture) {
    fixture
        .execute("INSERT INTO __diesel_schema_migrations (version) VALUES ('9999')")
        .await
        .unwrap();
    connect(config(&fixture.url)).await.unwrap();
    let last = migration_status(&fixture.url).await.unwrap().pop().unwrap();
    assert_eq!(
        (last.name.as_str(), last.state),
        ("9999", MigrationState::Unknown)
    );
}

#[tokio::test]
async fn a_database_that_was_never_migrated_is_refused() {
    for (url, _place) in [empty_sqlite(), empty_postgres().await] {
        let refused = connect(config(&url)).await.unwrap_err();
        assert!(
            matches!(&refused, StorageError::SchemaTooOld { missing } if missing == "0001_base"),
            "{refused}"
        );
        let status = migration_status(&url).await.unwrap();
        assert!(
            status
                .iter()
                .all(|status| status.state == MigrationState::Pending)
        );
    }
}

#[tokio::test]
async fn a_database_can_be_opened_before_it_is_there() {
    for (url, _place) in [empty_sqlite(), empty_postgres().await] {
        let store = open(config(&url)).unwrap();
        store.versions().await.unwrap_err();
        migrate(&url).await.unwrap();
        assert_eq!(store.versions().await.unwrap().config, 0);
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn of_racing_starters_one_applies_each_migration() {
    for (url, _place) in [empty_sqlite(), empty_postgres().await] {
        let starters = (0..4).map(|_| migrate(&url));
        let applied = futures_util::future::join_all(starters).await;
        let applied: Vec<_> = applied.into_iter().map(Result::unwrap).collect();
        assert_eq!(
            applied
                .iter()
                .filter(|names| names.contains(&"0001_base".to_owned()))
                .count(),
            1,
            "{url}"
        );
        connect(config(&url)).await.unwrap();
    }
}

/// Table to column to whether it may be null and its type, in `SQLite`'s terms.
type Tables = BTreeMap<String, BTreeMap<String, (bool, String)>>;

fn tables(rows: Vec<String>) -> Tables {
    let mut tables = Tables::new();
    for row in rows {
        let [table, column, nullable, kind] = row.split('|').collect::<Vec<_>>()[..] else {
            panic!("{row}")
        };
        let kind = match kind {
            "uuid" | "bytea" => "BLOB",
            "text" => "TEXT",
            "bigint" | "integer" | "boolean" | "numeric" | "timestamp with time zone" => "INTEGER",
            other => other,
        };
        let columns = tables.entry(table.to_owned()).or_default();
        columns.insert(column.to_owned(), (nullable == "1", kind.to_owned()));
    }
    tables
}

#[tokio::test]
async fn both_databases_have_the_same_tables_and_columns() {
    let (sqlite, postgres) = (Fixture::sqlite().await, Fixture::postgres().await);
    let of_sqlite = sqlite
        .values(
            "SELECT t.name || '|' || c.name || '|' || (c.\"notnull\" = 0 AND c.pk = 0) || '|' || c.type AS value
             FROM sqlite_master t JOIN pragma_table_info(t.name) c
             WHERE t.type = 'table' AND t.name NOT LIKE '\\_\\_%' ESCAPE '\\' AND t.name NOT LIKE 'sqlite%'",
        )
        .await;
    let of_postgres = postgres
        .values(
            "SELECT c.table_name || '|' || c.column_name || '|'
                 || (CASE c.is_nullable WHEN 'YES' THEN 1 ELSE 0 END) || '|' || c.data_type AS value
             FROM information_schema.columns c JOIN pg_class t ON t.oid = to_regclass(c.table_name)
             WHERE c.table_schema = 'public' AND NOT t.relispartition AND c.table_name NOT LIKE '\\_\\_%'",
        )
        .await;
    let (of_sqlite, of_postgres) = (tables(of_sqlite), tables(of_postgres));
    assert_eq!(of_sqlite, of_postgres);
    assert!(of_sqlite.len() >= 21);
    assert!(of_sqlite["ledger_entries"].len() <= 64);
}

#[tokio::test]
async fn a_migration_can_be_undone() {
    for (url, _place) in [empty_sqlite(), empty_postgres().await] {
        migrate(&url).await.unwrap();
        let tree = if url.starts_with("sqlite") {
            "migrations-sqlite"
        } else {
            "migrations-pg"
        };
        let path = format!("{}/../../{tree}", env!("CARGO_MANIFEST_DIR"));
        let names = std::fs::read_dir(&path)
            .unwrap()
            .map(|entry| entry.unwrap().file_name());
        let mut names: Vec<String> = names.map(|name| name.into_string().unwrap()).collect();
        names.sort();
        for name in names.iter().rev() {
            let down = std::fs::read_to_string(format!("{path}/{name}/down.sql")).unwrap();
            execute(&url, &down).await.unwrap();
        }
        execute(&url, "DELETE FROM __diesel_schema_migrations")
            .await
            .unwrap();
        assert_eq!(migrate(&url).await.unwrap(), names);
    }
}

#[tokio::test]
async fn the_view_for_people_shows_exact_decimals() {
    let fixture = Fixture::sqlite().await;
    let whole = crate::samples::billed(1, "1234567.000000000001");
    let credit = crate::samples::adjustment(&whole, "-0.5");
    let entries = crate::samples::journaled(1, vec![whole, credit]);
    fixture
        .store
        .commit(crate::ledger::write(entries), crate::samples::noon())
        .await
        .unwrap();
    let shown = fixture
        .values(
            "SELECT cost_usd || ' ' || occurred_at || ' ' || request_id || ' ' || input_multiplier AS value
                 FROM ledger_entries_usd ORDER BY revision",
        )
        .await;
    let rest = format!(
        "2026-11-15T12:00:00.000000Z {} 0.500000",
        crate::samples::id(100_001)
    );
    assert_eq!(
        shown,
        [
            format!("1234567.000000000001 {rest}"),
            format!("-0.500000000000 {rest}")
        ]
    );
    let total = fixture
        .value("SELECT cost_usd AS value FROM request_logs_usd")
        .await;
    assert_eq!(total, "1234566.500000000001");
}
