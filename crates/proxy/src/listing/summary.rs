//! A batch of Gemini's without its requests and results.

use serde_json::{Map, Value};

use crate::deferred::{JsonScan, Path, Sink};

/// What is kept of one.
const KEPT: &[Path] = &[
    &["name"],
    &["done"],
    &["error", "code"],
    &["error", "message"],
    &["error", "status"],
    &["metadata", "@type"],
    &["metadata", "name"],
    &["metadata", "displayName"],
    &["metadata", "model"],
    &["metadata", "state"],
    &["metadata", "priority"],
    &["metadata", "createTime"],
    &["metadata", "updateTime"],
    &["metadata", "endTime"],
    &["metadata", "batchStats", "requestCount"],
    &["metadata", "batchStats", "successfulRequestCount"],
    &["metadata", "batchStats", "failedRequestCount"],
    &["metadata", "batchStats", "pendingRequestCount"],
    &["metadata", "inputConfig", "fileName"],
    &["metadata", "output", "responsesFile"],
    &["response", "@type"],
    &["response", "responsesFile"],
];

/// Reads one of any length, and keeps what describes it.
pub(super) struct Summary {
    scan: JsonScan,
    kept: Map<String, Value>,
}

/// Where what was read is put.
struct Into<'k>(&'k mut Map<String, Value>);

impl Summary {
    pub(super) fn new() -> Self {
        Self {
            scan: JsonScan::new(KEPT, &[]),
            kept: Map::new(),
        }
    }

    pub(super) fn push(&mut self, bytes: &[u8]) {
        self.scan.push(bytes, &mut Into(&mut self.kept));
    }

    /// The object, as JSON.
    pub(super) fn finish(self) -> String {
        Value::Object(self.kept).to_string()
    }
}

impl Sink for Into<'_> {
    fn value(&mut self, wanted: usize, raw: &[u8]) {
        let path = KEPT.get(wanted).and_then(|path| path.split_last());
        let (Some((name, above)), Ok(value)) = (path, serde_json::from_slice(raw)) else {
            return;
        };
        let mut place = Some(&mut *self.0);
        for step in above {
            place = place.and_then(|place| {
                let next = place
                    .entry((*step).to_owned())
                    .or_insert_with(|| Value::Object(Map::new()));
                next.as_object_mut()
            });
        }
        if let Some(place) = place {
            place.insert((*name).to_owned(), value);
        }
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn what_describes_a_batch_stays_and_what_is_in_it_goes() {
        let batch = json!({
            "name": "batches/b", "done": true,
            "metadata": {
                "state": "BATCH_STATE_SUCCEEDED", "batchStats": {"requestCount": "2", "unknown": "1"},
                "inputConfig": {"requests": {"requests": [{"request": {"name": "x", "state": "y"}}]}},
            },
            "response": {"@type": "t", "inlinedResponses": {"inlinedResponses": [{"response": {"text": "long"}}]}},
        });
        let mut summary = Summary::new();
        for piece in batch.to_string().as_bytes().chunks(7) {
            summary.push(piece);
        }
        let kept: Value = serde_json::from_str(&summary.finish()).unwrap();
        let expected = json!({
            "name": "batches/b", "done": true,
            "metadata": {"state": "BATCH_STATE_SUCCEEDED", "batchStats": {"requestCount": "2"}},
            "response": {"@type": "t"},
        });
        assert_eq!(kept, expected);
    }
}
