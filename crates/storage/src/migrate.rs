//! Schema changes: embedded, applied under a lock.

use crate::database::{Backend, run};
use crate::error::StorageError;
use crate::pg::Purpose;

/// One migration and whether it is applied.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MigrationStatus {
    /// Its directory's name, or only its number where this binary does not know it.
    pub name: String,
    /// Where it stands.
    pub state: MigrationState,
}

/// Where a migration stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum MigrationState {
    /// In the database.
    Applied,
    /// Not yet in the database.
    Pending,
    /// In the database, made by a newer version.
    Unknown,
}

/// A migration that ships with this binary.
#[derive(Debug, Clone)]
pub(crate) struct Embedded {
    pub(crate) version: String,
    pub(crate) name: String,
}

/// What a database has been migrated to, next to what this binary knows.
#[derive(Debug)]
pub(crate) struct SchemaState {
    /// In order.
    pub(crate) known: Vec<Embedded>,
    /// Versions, in order.
    pub(crate) applied: Vec<String>,
    /// The oldest migration a binary must know to work on the schema.
    pub(crate) oldest_compatible: Option<String>,
}

/// Applies what is missing, and on `PostgreSQL` makes the partitions of the coming months; the names of what was
/// applied. Several processes may do it at once: one does, the others wait.
///
/// # Errors
/// [`StorageError::SchemaTooNew`] when a newer version has taken the schema past this binary.
pub async fn migrate(url: &str) -> Result<Vec<String>, StorageError> {
    let backend = Backend::open(url, 1, Purpose::Migrating)?;
    let applied = run!(backend, writing, "migrating", migrations::up())?;
    let Some(applied) = applied else {
        return Err(too_new(&state(&backend).await?));
    };
    run!(
        backend,
        writing,
        "making partitions",
        maintenance::ensure_partitions(None)
    )?;
    Ok(applied)
}

/// Every migration, known or applied, in order.
///
/// # Errors
/// [`StorageError`] when the database cannot be read.
pub async fn migration_status(url: &str) -> Result<Vec<MigrationStatus>, StorageError> {
    let backend = Backend::open(url, 1, Purpose::Migrating)?;
    Ok(state(&backend).await?.list())
}

/// Refuses a schema that is too old or too new for this binary.
pub(crate) async fn check(backend: &Backend) -> Result<(), StorageError> {
    let state = state(backend).await?;
    if state.needs_newer().is_some() {
        return Err(too_new(&state));
    }
    let missing = state
        .list()
        .into_iter()
        .find(|status| status.state == MigrationState::Pending);
    match missing {
        Some(missing) => Err(StorageError::SchemaTooOld {
            missing: missing.name,
        }),
        None => Ok(()),
    }
}

async fn state(backend: &Backend) -> Result<SchemaState, StorageError> {
    Ok(run!(
        backend,
        writing,
        "reading the schema's version",
        migrations::state()
    )?)
}

fn too_new(state: &SchemaState) -> StorageError {
    StorageError::SchemaTooNew {
        needed: state.needs_newer().unwrap_or_default().to_owned(),
        known: state.newest_known().to_owned(),
    }
}

impl SchemaState {
    /// The migration this binary would have to know and does not.
    pub(crate) fn needs_newer(&self) -> Option<&str> {
        let needed = self.oldest_compatible.as_deref();
        needed.filter(|needed| *needed > self.newest_known())
    }

    /// The last migration that is applied, by name; by number where this binary does not know it.
    pub(crate) fn newest_applied(&self) -> Option<String> {
        let last = self.applied.last()?;
        let known = self.known.iter().find(|known| known.version == *last);
        Some(known.map_or(last, |known| &known.name).clone())
    }

    fn newest_known(&self) -> &str {
        self.known.last().map_or("", |known| known.version.as_str())
    }

    fn list(&self) -> Vec<MigrationStatus> {
        let known = self.known.iter().map(|known| MigrationStatus {
            name: known.name.clone(),
            state: if self.applied.contains(&known.version) {
                MigrationState::Applied
            } else {
                MigrationState::Pending
            },
        });
        let is_known = |version: &str| self.known.iter().any(|known| known.version == version);
        let unknown = self.applied.iter().filter(|version| !is_known(version));
        let unknown = unknown.map(|version| MigrationStatus {
            name: version.clone(),
            state: MigrationState::Unknown,
        });
        known.chain(unknown).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn state(known: &[&str], applied: &[&str], oldest_compatible: &str) -> SchemaState {
        SchemaState {
            known: known
                .iter()
                .map(|version| Embedded {
                    version: (*version).to_owned(),
                    name: format!("{version}_x"),
                })
                .collect(),
            applied: applied.iter().map(ToString::to_string).collect(),
            oldest_compatible: Some(oldest_compatible.to_owned()),
        }
    }

    #[test]
    fn a_newer_schema_is_usable_until_it_says_otherwise() {
        let newer = state(&["0001"], &["0001", "0002"], "0001");
        assert_eq!(newer.needs_newer(), None);
        let states: Vec<_> = newer.list().into_iter().map(|status| status.state).collect();
        assert_eq!(states, [MigrationState::Applied, MigrationState::Unknown]);
        assert_eq!(
            state(&["0001"], &["0001", "0002"], "0002").needs_newer(),
            Some("0002")
        );
    }

    #[test]
    fn what_is_not_applied_is_pending() {
        let fresh = SchemaState {
            oldest_compatible: None,
            ..state(&["0001", "0002"], &["0001"], "")
        };
        assert_eq!(fresh.needs_newer(), None);
        assert_eq!(
            fresh.list()[1],
            MigrationStatus {
                name: "0002_x".to_owned(),
                state: MigrationState::Pending
            }
        );
    }
}
