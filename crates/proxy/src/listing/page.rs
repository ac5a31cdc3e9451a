//! A page in the shape of its protocol.

use serde_json::{Value, json};

use super::Listed;
use super::walk::Walked;

/// The body. Objects stand in it as their upstreams wrote them.
pub(crate) fn render(listed: Listed, walked: &Walked) -> String {
    let objects: Vec<&str> = walked.objects.iter().map(|object| object.text.as_str()).collect();
    let objects = objects.join(",");
    let first = quoted(walked.objects.first().map(|object| object.id.as_str()));
    let last = quoted(walked.objects.last().map(|object| object.id.as_str()));
    let more = walked.has_more;
    match listed {
        Listed::OpenaiBatches | Listed::OpenaiFiles => format!(
            "{{\"object\":\"list\",\"data\":[{objects}],\"first_id\":{first},\"last_id\":{last},\"has_more\":{more}}}"
        ),
        Listed::AnthropicBatches => {
            format!("{{\"data\":[{objects}],\"has_more\":{more},\"first_id\":{first},\"last_id\":{last}}}")
        }
        Listed::GeminiBatches => of_gemini("operations", &objects, walked),
        Listed::GeminiFiles => of_gemini("files", &objects, walked),
    }
}

/// What is empty is not written there.
fn of_gemini(collection: &str, objects: &str, walked: &Walked) -> String {
    let mut members = Vec::new();
    if !objects.is_empty() {
        members.push(format!("\"{collection}\":[{objects}]"));
    }
    let last = walked.objects.last().filter(|_| walked.has_more);
    if let Some(last) = last {
        let token = last.id.split_once('/').map_or(last.id.as_str(), |(_, name)| name);
        members.push(format!("\"nextPageToken\":{}", json!(token)));
    }
    format!("{{{}}}", members.join(","))
}

fn quoted(id: Option<&str>) -> Value {
    id.map_or(Value::Null, |id| json!(id))
}

#[cfg(test)]
mod tests {
    use super::super::walk::Listing;
    use super::*;

    fn page(ids: &[&str], has_more: bool) -> Walked {
        let object = |id: &&str| Listing {
            id: (*id).to_owned(),
            text: format!("{{\"id\": \"{id}\"}}"),
        };
        Walked {
            objects: ids.iter().map(object).collect(),
            has_more,
            unseen: 0,
        }
    }

    #[test]
    fn each_protocol_has_its_own_shape() {
        let two = page(&["batches/a", "batches/b"], true);
        let rendered =
            |listed, page: &Walked| -> Value { serde_json::from_str(&render(listed, page)).unwrap() };
        assert_eq!(
            rendered(Listed::OpenaiFiles, &page(&["f1", "f2"], true)),
            json!({"object": "list", "data": [{"id": "f1"}, {"id": "f2"}], "first_id": "f1", "last_id": "f2",
                "has_more": true})
        );
        assert_eq!(
            rendered(Listed::AnthropicBatches, &page(&[], false)),
            json!({"data": [], "has_more": false, "first_id": null, "last_id": null})
        );
        assert_eq!(
            rendered(Listed::GeminiBatches, &two),
            json!({"operations": [{"id": "batches/a"}, {"id": "batches/b"}], "nextPageToken": "b"})
        );
        assert_eq!(rendered(Listed::GeminiFiles, &page(&[], false)), json!({}));
        assert_eq!(
            rendered(Listed::GeminiFiles, &page(&["files/a"], false)),
            json!({"files": [{"id": "files/a"}]})
        );
    }
}
