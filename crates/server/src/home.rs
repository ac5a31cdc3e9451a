//! The data directory.

use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::config::Config;

/// Where things lie.
#[derive(Debug, Clone)]
pub(crate) struct Home {
    dir: PathBuf,
    database_url: String,
}

impl Home {
    /// The data directory, made if it is missing, readable by its owner alone.
    ///
    /// # Errors
    /// When it cannot be made.
    pub(crate) fn open(config: &Config) -> Result<Self> {
        let dir = config.data_dir.clone();
        let mut builder = std::fs::DirBuilder::new();
        builder.recursive(true);
        #[cfg(unix)]
        std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
        builder.create(&dir).with_context(|| {
            format!(
                "making the data directory {}; set data_dir (TOLLGATE_DATA_DIR) to a writable place",
                dir.display()
            )
        })?;
        let default = || format!("sqlite:{}", dir.join("tollgate.sqlite").display());
        let database_url = config.database_url.clone().unwrap_or_else(default);
        Ok(Self { dir, database_url })
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) fn journal(&self) -> PathBuf {
        self.dir.join("journal")
    }

    pub(crate) fn last_known(&self) -> PathBuf {
        self.dir.join("last-known.sealed")
    }

    pub(crate) fn database_url(&self) -> &str {
        &self.database_url
    }

    /// Whether the database is the embedded one.
    pub(crate) fn embedded(&self) -> bool {
        !self.database_url.starts_with("postgres")
    }
}
