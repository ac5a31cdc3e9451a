//! The models that the requests of a batch name.

use std::collections::BTreeSet;

use tollgate_domain::ModelName;

use super::scan::{JsonScan, Path, Sink};

/// More different models than any batch has.
const MAX_MODELS: usize = 64;

/// In a batch of messages, and in a line of a file.
const WANTED: &[Path] = &[&["requests", "params", "model"], &["body", "model"], &["url"]];
const URL: usize = 2;

/// What the requests of a batch ask for.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Asked {
    /// Every model they name.
    pub(crate) models: BTreeSet<ModelName>,
    /// Every path they are for.
    pub(crate) urls: BTreeSet<String>,
}

/// Reads the requests of a batch: one JSON object, or one a line.
pub(crate) fn models_of(text: &[u8]) -> Asked {
    let mut asked = Asked::default();
    let mut scan = JsonScan::new(WANTED, None);
    for line in text.split_inclusive(|byte| *byte == b'\n') {
        if scan.is_closed() {
            scan = JsonScan::new(WANTED, None);
        }
        scan.push(line, &mut asked);
    }
    asked
}

impl Sink for Asked {
    fn value(&mut self, wanted: usize, raw: &[u8]) {
        let Ok(text) = serde_json::from_slice::<String>(raw) else {
            return;
        };
        if wanted == URL && self.urls.len() < MAX_MODELS {
            self.urls.insert(text);
        } else if wanted != URL && self.models.len() < MAX_MODELS {
            self.models.insert(ModelName::new(text));
        }
    }
}

impl Asked {
    /// The model, if it is one.
    pub(crate) fn only(&self) -> Option<ModelName> {
        match self.models.first() {
            Some(model) if self.models.len() == 1 => Some(model.clone()),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_model_is_found_in_a_batch_and_in_a_file() {
        let batch = r#"{"requests":[{"custom_id":"a","params":{"model":"m1","messages":[]}},
            {"custom_id":"b","params":{"messages":[{"model":"no"}],"model":"m2"}}]}"#;
        let asked = models_of(batch.as_bytes());
        assert_eq!(asked.models.len(), 2);
        assert_eq!(asked.only(), None);
        let file = "{\"custom_id\":\"a\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"m\"}}\n\n\
                    {\"custom_id\":\"b\",\"url\":\"/v1/chat/completions\",\"body\":{\"model\":\"m\"}}";
        let asked = models_of(file.as_bytes());
        assert_eq!(asked.only().unwrap().as_str(), "m");
        assert_eq!(asked.urls.len(), 1);
    }
}
