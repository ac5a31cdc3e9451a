//! `GET /api/admin/system/version`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::{JournalId, Timestamp};
use utoipa::ToSchema;

use crate::AdminState;
use crate::problem::{Problem, ReadProblems};
use crate::schema::TimestampSchema;

/// What runs, and on what.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemVersion, examples(example))]
pub(super) struct SystemVersionResponse {
    /// The version.
    version: &'static str,
    /// The commit it was built from; null where that was not known.
    commit: Option<&'static str>,
    /// The compiler; null where that was not known.
    rustc: Option<&'static str>,
    /// What it was built for.
    target: &'static str,
    /// `debug` or `release`.
    profile: &'static str,
    /// What is built in beyond the plain gateway.
    features: Vec<&'static str>,
    /// The database.
    database: DatabaseJson,
    /// The process, by its journal: it stays the same over restarts.
    #[schema(value_type = Uuid)]
    process_id: JournalId,
    /// The accounting zone.
    accounting_zone: &'static str,
    /// When the process started.
    #[schema(value_type = TimestampSchema)]
    started_at: Timestamp,
    /// How long it has been running.
    uptime_seconds: i64,
}

/// The database behind it.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemDatabase, examples(database_example))]
struct DatabaseJson {
    /// `postgresql` or `sqlite`.
    kind: &'static str,
    /// The server's or the library's own version.
    version: String,
    /// The last migration that was applied.
    schema_version: Option<String>,
}

/// Says what runs here, and on what.
#[utoipa::path(
    get, path = "/api/admin/system/version", tag = "system",
    responses((status = 200, description = "What runs", body = SystemVersionResponse), ReadProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_version(
    State(state): State<AdminState>,
) -> Result<Json<SystemVersionResponse>, Problem> {
    let schema = state.store.schema_info().await?;
    let build = state.system.build();
    Ok(Json(SystemVersionResponse {
        version: build.version,
        commit: build.commit,
        rustc: build.rustc,
        target: build.target,
        profile: build.profile,
        features: build.features,
        database: DatabaseJson {
            kind: schema.database,
            version: schema.database_version,
            schema_version: schema.schema_version,
        },
        process_id: state.runtime.journal().id,
        accounting_zone: state.zone.name(),
        started_at: build.started_at,
        uptime_seconds: (state.clock.now() - build.started_at).num_seconds(),
    }))
}

fn example() -> serde_json::Value {
    serde_json::json!({
        "version": "0.1.0",
        "commit": "2928f3e0c1",
        "rustc": "1.95.0",
        "target": "x86_64-linux",
        "profile": "release",
        "features": ["bundled-prices"],
        "database": database_example(),
        "process_id": "0198f0a0-0000-7000-8000-000000000004",
        "accounting_zone": "UTC",
        "started_at": "2026-11-05T06:00:00Z",
        "uptime_seconds": 7200,
    })
}

fn database_example() -> serde_json::Value {
    serde_json::json!({"kind": "sqlite", "version": "3.53.0", "schema_version": "0012_system"})
}
