//! The bundled map, edited.

use std::collections::BTreeMap;

/// One model a line.
#[derive(Debug, Clone)]
pub(crate) struct PriceMap {
    lines: BTreeMap<String, String>,
}

impl PriceMap {
    pub(crate) fn bundled() -> Self {
        let lines = tollgate_catalog::snapshot::BUNDLED.lines().filter_map(|line| {
            let line = line.trim_end_matches(',');
            let (name, _) = line.strip_prefix('"')?.split_once("\":")?;
            Some((name.to_owned(), line.to_owned()))
        });
        Self {
            lines: lines.collect(),
        }
    }

    pub(crate) fn text(&self) -> String {
        let lines: Vec<&str> = self.lines.values().map(String::as_str).collect();
        format!("{{\n{}\n}}\n", lines.join(",\n"))
    }

    /// The same with one field of a model at another value.
    pub(crate) fn with(mut self, model: &str, field: &str, value: &str) -> Self {
        let line = self.lines.get_mut(model).unwrap();
        let key = format!("\"{field}\":");
        let from = line.find(&key).unwrap() + key.len();
        let to = from + line[from..].find([',', '}']).unwrap();
        line.replace_range(from..to, value);
        self
    }

    pub(crate) fn with_model(mut self, model: &str, fields: &str) -> Self {
        self.lines
            .insert(model.to_owned(), format!("\"{model}\":{{{fields}}}"));
        self
    }

    /// The same without every model of a prefix; how many those were.
    pub(crate) fn without(mut self, prefix: &str) -> (Self, usize) {
        let before = self.lines.len();
        self.lines.retain(|name, _| !name.starts_with(prefix));
        let gone = before - self.lines.len();
        (self, gone)
    }
}
