//! Bodies made of flags, or of a file.

use std::path::{Path, PathBuf};

use anyhow::Result;
use clap::Args;
use serde_json::{Map, Value};

use super::failure::Failure;
use super::secret;

/// A body from a file, for what has no flag of its own.
#[derive(Debug, Clone, Args)]
pub(super) struct BodyFile {
    /// A file with the body as JSON; - reads standard input. Flags overrule what it says.
    #[arg(long = "file", short = 'f', value_name = "FILE")]
    file: Option<PathBuf>,
}

/// A JSON object in the making.
pub(super) struct Body(Map<String, Value>);

impl BodyFile {
    /// Begins with what the file says.
    pub(super) fn begin(&self) -> Result<Body> {
        match &self.file {
            None => Ok(Body(Map::new())),
            Some(file) => read(file).map(Body),
        }
    }
}

impl Body {
    pub(super) fn new() -> Self {
        Self(Map::new())
    }

    /// Sets a field where there is a value.
    pub(super) fn set(&mut self, name: &str, value: Option<impl Into<Value>>) -> &mut Self {
        if let Some(value) = value {
            self.0.insert(name.to_owned(), value.into());
        }
        self
    }

    /// Sets a field where a flag is given.
    pub(super) fn flag(&mut self, name: &str, given: bool, value: impl Into<Value>) -> &mut Self {
        self.set(name, given.then_some(value))
    }

    /// Sets a text; the word `none` empties it.
    pub(super) fn text(&mut self, name: &str, value: Option<&String>) -> &mut Self {
        self.set(name, value.map(|text| nullable(text)))
    }

    /// Sets a list where it has members; the single word `none` empties it.
    pub(super) fn list(&mut self, name: &str, values: &[String]) -> &mut Self {
        match values {
            [] => self,
            [only] if only == "none" => self.set(name, Some(Value::Null)),
            many => self.set(name, Some(many.to_vec())),
        }
    }

    pub(super) fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    pub(super) fn into_value(self) -> Value {
        Value::Object(self.0)
    }
}

fn nullable(text: &str) -> Value {
    if text == "none" {
        Value::Null
    } else {
        Value::String(text.to_owned())
    }
}

fn read(file: &Path) -> Result<Map<String, Value>> {
    let text = secret::text(file)?;
    match serde_json::from_str(&text) {
        Ok(Value::Object(members)) => Ok(members),
        Ok(_) => Err(Failure::usage(format!("{} holds no JSON object", file.display()))),
        Err(error) => Err(Failure::usage(format!("{} is no JSON: {error}", file.display()))),
    }
}
