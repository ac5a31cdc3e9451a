//! What the process says of itself.

mod journal;

use async_trait::async_trait;
use tollgate_domain::ports::{BuildInfo, JournalDetail, Setting, System};
use tollgate_domain::{Clock, Timestamp};

pub(crate) use journal::JournalReport;

/// The running process.
pub(crate) struct RunningProcess {
    pub(crate) settings: Vec<Setting>,
    pub(crate) journal: JournalReport,
    started_at: Timestamp,
}

impl RunningProcess {
    /// This process, which starts now.
    pub(crate) fn new(settings: Vec<Setting>, journal: JournalReport, clock: &dyn Clock) -> Self {
        Self {
            settings,
            journal,
            started_at: clock.now(),
        }
    }
}

#[async_trait]
impl System for RunningProcess {
    fn build(&self) -> BuildInfo {
        BuildInfo {
            version: env!("CARGO_PKG_VERSION"),
            commit: option_env!("TOLLGATE_COMMIT").filter(|commit| !commit.is_empty()),
            rustc: option_env!("GATEWAY_BUILD_RUSTC"),
            target: target(),
            profile: if cfg!(debug_assertions) {
                "debug"
            } else {
                "release"
            },
            features: vec!["bundled-prices", "console", "postgresql", "price-sync", "sqlite"],
            started_at: self.started_at,
        }
    }

    fn settings(&self) -> Vec<Setting> {
        self.settings.clone()
    }

    async fn journal_detail(&self) -> JournalDetail {
        self.journal.detail().await
    }
}

/// The target it was built for.
const fn target() -> &'static str {
    match option_env!("GATEWAY_BUILD_TARGET") {
        Some(target) => target,
        None => std::env::consts::ARCH,
    }
}
