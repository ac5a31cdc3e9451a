use async_trait::async_trait;
use tollgate_domain::JournalId;
use tollgate_domain::ports::{
    BuildInfo, JournalDetail, JournalState, SchemaInfo, Setting, SettingSource, StoreError, System,
    SystemStore,
};
use uuid::Uuid;

use super::FakeStore;

/// A process that has been running for two hours.
pub(crate) struct FakeSystem;

#[async_trait]
impl System for FakeSystem {
    fn build(&self) -> BuildInfo {
        BuildInfo {
            version: "0.1.0",
            commit: None,
            rustc: Some("1.95.0"),
            target: "x86_64-unknown-linux-gnu",
            profile: "debug",
            features: vec!["sqlite"],
            started_at: "2026-11-05T06:00:00Z".parse().unwrap(),
        }
    }

    fn settings(&self) -> Vec<Setting> {
        let setting = |key: &str, value: Option<serde_json::Value>, masked, source| Setting {
            key: key.to_owned(),
            value,
            masked,
            source,
        };
        let path = "/etc/tollgate.toml".to_owned();
        let variable = "TOLLGATE_PROXY__DRAIN_MB".to_owned();
        vec![
            setting("admin_listen", None, false, SettingSource::Default),
            setting(
                "database_url",
                Some("postgres://me:***@db/x".into()),
                true,
                SettingSource::File { path },
            ),
            setting(
                "proxy.drain_mb",
                Some(5.into()),
                false,
                SettingSource::Environment { variable },
            ),
        ]
    }

    async fn journal_detail(&self) -> JournalDetail {
        JournalDetail {
            state: JournalState {
                id: JournalId::new(Uuid::from_u128(4)),
                bytes_on_disk: 1024,
                pending_entries: 2,
                open_attempts: 1,
                full: false,
            },
            segments: 1,
            disk_budget_bytes: 4096,
            reserve_held: true,
            queued_bytes: 0,
            writing_for_us: 2_000_000,
            last_position: 9,
            durable_position: 8,
            committed_position: 7,
            oldest_pending_at: Some("2026-11-05T07:59:59Z".parse().unwrap()),
            last_sync_at: None,
            syncs: 0,
            sync_failures: 0,
            refused: 0,
            durability: "strict",
            when_full: "refuse",
            retention_hours: 24,
        }
    }
}

#[async_trait]
impl SystemStore for FakeStore {
    async fn schema_info(&self) -> Result<SchemaInfo, StoreError> {
        drop(self.open()?);
        Ok(SchemaInfo {
            database: "sqlite",
            database_version: "3.53.0".to_owned(),
            schema_version: Some("0012_system".to_owned()),
        })
    }
}
