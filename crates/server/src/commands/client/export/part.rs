//! The part of an export that has come, and how it was begun.

use std::fs::{File, OpenOptions};
use std::io::{Read, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use serde::{Deserialize, Serialize};

use super::Format;
use super::reader::Reader;
use crate::commands::client::api::Query;
use crate::commands::client::failure::Failure;

/// Read at a time, in bytes.
const PIECE: usize = 64 << 10;

/// How an export was begun, beside its part: whoever continues it has to ask for the same.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Begun {
    /// What was asked for.
    query: Vec<(String, String)>,
    /// As of when the ledger is exported.
    as_of: String,
}

/// Where an export is kept until it is complete.
#[derive(Debug)]
pub(super) struct Part {
    output: PathBuf,
    rows: PathBuf,
    about: PathBuf,
}

/// A part that goes on.
pub(super) struct Reopened {
    pub(super) reader: Reader,
    pub(super) file: File,
    pub(super) as_of: String,
}

impl Part {
    pub(super) fn of(output: &Path) -> Self {
        let beside = |ending: &str| {
            let mut name = output.file_name().unwrap_or_default().to_owned();
            name.push(ending);
            output.with_file_name(name)
        };
        Self {
            output: output.to_owned(),
            rows: beside(".part"),
            about: beside(".part.json"),
        }
    }

    /// Where the rows are.
    pub(super) fn path(&self) -> &Path {
        &self.rows
    }

    /// Whether it is known how it was begun.
    pub(super) fn can_go_on(&self) -> bool {
        self.about.exists()
    }

    /// Begins anew. Without `as_of`, which an older gateway does not tell, it cannot be continued.
    pub(super) fn create(&self, query: &Query, as_of: Option<&str>) -> Result<File> {
        std::fs::remove_file(&self.about).ok();
        let file = File::create(&self.rows).map_err(|error| cannot("written", &self.rows, &error))?;
        if let Some(as_of) = as_of {
            let begun = Begun {
                query: plain(query),
                as_of: as_of.to_owned(),
            };
            let about = serde_json::to_string(&begun).context("describing the export")?;
            std::fs::write(&self.about, about).map_err(|error| cannot("written", &self.about, &error))?;
        }
        Ok(file)
    }

    /// Takes up what is there, cut to its whole rows; nothing where nothing was begun.
    pub(super) fn reopen(&self, query: &Query, format: Format) -> Result<Option<Reopened>> {
        if !self.rows.exists() {
            return Ok(None);
        }
        let begun = self.begun()?;
        if begun.query != plain(query) {
            let asked = begun.query.iter().map(|(name, value)| format!("{name}={value}"));
            let text = format!(
                "{} was begun with {}; ask for the same, or remove it",
                self.rows.display(),
                asked.collect::<Vec<_>>().join(" ")
            );
            return Err(Failure::usage(text));
        }
        let mut options = OpenOptions::new();
        let file = options.read(true).write(true).open(&self.rows);
        let mut file = file.map_err(|error| cannot("continued", &self.rows, &error))?;
        let mut reader = Reader::new(format);
        let mut piece = vec![0; PIECE];
        loop {
            let read = file.read(&mut piece).context("reading what is there")?;
            let Some(piece) = piece.get(..read).filter(|piece| !piece.is_empty()) else {
                break;
            };
            reader.push(piece).map_err(|error| {
                Failure::usage(format!(
                    "{} is not as it was written: {error}; remove it and begin again",
                    self.rows.display()
                ))
            })?;
        }
        Ok(Some(Reopened {
            reader,
            file,
            as_of: begun.as_of,
        }))
    }

    /// The complete export gets its own name.
    pub(super) fn finish(&self, mut file: File) -> Result<()> {
        file.flush().context("writing the export")?;
        file.sync_all().context("writing the export")?;
        std::fs::rename(&self.rows, &self.output)
            .with_context(|| format!("naming the file {}", self.output.display()))?;
        std::fs::remove_file(&self.about).ok();
        Ok(())
    }

    fn begun(&self) -> Result<Begun> {
        let about = std::fs::read_to_string(&self.about).ok();
        let begun = about.and_then(|text| serde_json::from_str(&text).ok());
        begun.ok_or_else(|| {
            Failure::usage(format!(
                "{} cannot be continued: {} does not say how it was begun; remove it and begin again",
                self.rows.display(),
                self.about.display()
            ))
        })
    }
}

fn plain(query: &Query) -> Vec<(String, String)> {
    let pairs = query.iter();
    pairs
        .map(|(name, value)| (name.to_string(), value.clone()))
        .collect()
}

fn cannot(be: &str, file: &Path, error: &std::io::Error) -> anyhow::Error {
    Failure::usage(format!("{} cannot be {be}: {error}", file.display()))
}
