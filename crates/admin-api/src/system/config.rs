//! `GET /api/admin/system/config`

use axum::Json;
use axum::extract::State;
use serde::Serialize;
use tollgate_domain::ports::{Setting, SettingSource};
use utoipa::ToSchema;

use crate::AdminState;
use crate::problem::{Problem, ReadProblems};
use crate::schema::SettingSourceSchema;

/// The effective configuration of this process.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = SystemConfig, examples(example))]
pub(super) struct SystemConfigResponse {
    /// Every setting, by key.
    settings: Vec<SettingJson>,
}

/// One setting.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Setting, examples(setting_example))]
struct SettingJson {
    /// Its key, as in the configuration file.
    key: String,
    /// What takes effect; null where it has no value.
    #[schema(value_type = Option<Value>)]
    value: Option<serde_json::Value>,
    /// Whether a secret in it is not shown.
    masked: bool,
    /// Where it comes from.
    #[schema(value_type = SettingSourceSchema)]
    source: &'static str,
    /// The file's path or the variable's name; null for a default.
    origin: Option<String>,
}

/// Shows the configuration that takes effect, and where each value comes from. Passwords in URLs are masked; keys,
/// tokens and credentials are no settings and not shown at all.
#[utoipa::path(
    get, path = "/api/admin/system/config", tag = "system",
    responses((status = 200, description = "The settings", body = SystemConfigResponse), ReadProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn get_config(
    State(state): State<AdminState>,
) -> Result<Json<SystemConfigResponse>, Problem> {
    let settings = state.system.settings().into_iter().map(Into::into);
    Ok(Json(SystemConfigResponse {
        settings: settings.collect(),
    }))
}

impl From<Setting> for SettingJson {
    fn from(setting: Setting) -> Self {
        let (source, origin) = match setting.source {
            SettingSource::Default => ("default", None),
            SettingSource::File { path } => ("file", Some(path)),
            SettingSource::Environment { variable } => ("environment", Some(variable)),
        };
        Self {
            key: setting.key,
            value: setting.value,
            masked: setting.masked,
            source,
            origin,
        }
    }
}

fn example() -> serde_json::Value {
    serde_json::json!({"settings": [setting_example()]})
}

fn setting_example() -> serde_json::Value {
    serde_json::json!({
        "key": "proxy.drain_seconds",
        "value": 60,
        "masked": false,
        "source": "environment",
        "origin": "TOLLGATE_PROXY__DRAIN_SECONDS",
    })
}
