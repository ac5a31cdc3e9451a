//! Lists of what a provider keeps: everything its account has, whoever asks.

use serde_json::{Value, json};

use super::super::auth::parameter;
use super::super::objects::Asked;
use super::super::state::State;

/// Where lists are that are no others'.
const PATHS: [&str; 3] = ["/v1/files", "/v1/batches", "/v1/messages/batches"];

/// A page of a list, and whether there is more.
struct Page {
    objects: Vec<(String, Value)>,
    more: bool,
}

/// Where Gemini has lists, below any version.
const OF_GEMINI: [&str; 2] = ["batches", "files"];

/// Whether a path is a list's.
pub(in crate::simulator) fn is_one(path: &str) -> bool {
    PATHS.contains(&path)
}

/// Whether a path is a list of Gemini's; those of its first version are others' as well.
pub(in crate::simulator) fn is_gemini(path: &str) -> bool {
    let below = path
        .strip_prefix("/v1beta/")
        .or_else(|| path.strip_prefix("/v1/"));
    below.is_some_and(|below| OF_GEMINI.contains(&below))
}

/// A page of `OpenAI`'s or Anthropic's; `None` where a parameter is wrong.
pub(super) fn others(state: &State, asked: &Asked) -> Option<Value> {
    let of = |name: &str| parameter(asked.query.as_deref().unwrap_or_default(), name);
    let (beginning, most, files) = match asked.path.as_str() {
        "/v1/files" => ("file-", 10_000, true),
        "/v1/batches" => ("batch_", 100, false),
        "/v1/messages/batches" => ("msgbatch_", 1_000, false),
        _ => return None,
    };
    let mut objects = state.objects().list(beginning);
    if let (true, Some(purpose)) = (files, of("purpose")) {
        objects.retain(|(_, file)| file.get("purpose") == Some(&json!(purpose)));
    }
    if files && of("order") == Some("asc") {
        objects.reverse();
    }
    let anthropic = asked.path.starts_with("/v1/messages");
    let (after, before) = if anthropic {
        (of("after_id"), of("before_id"))
    } else {
        (of("after"), None)
    };
    let default = if files { most } else { 20 };
    let limit = size(of("limit"), default, most)?;
    let page = match before {
        Some(before) => Page::before(objects, before, limit),
        None => Page::after(objects, after, limit),
    };
    page.map(|page| page.with_ids(anthropic))
}

/// A page of Gemini's; `None` where a parameter is wrong.
pub(super) fn gemini(state: &State, asked: &Asked) -> Option<Value> {
    let of = |name: &str| parameter(asked.query.as_deref().unwrap_or_default(), name);
    let (collection, member) = match asked.path.rsplit_once('/')?.1 {
        "batches" => ("batches", "operations"),
        "files" => ("files", "files"),
        _ => return None,
    };
    let objects = state.objects().list(&format!("{collection}/"));
    let after = of("pageToken").map(|token| format!("{collection}/{token}"));
    let page = Page::after(objects, after.as_deref(), size(of("pageSize"), 10, 100)?)?;
    let last = page
        .objects
        .last()
        .and_then(|(id, _)| Some(id.split_once('/')?.1));
    let token = last.filter(|_| page.more).map(str::to_owned);
    let values: Vec<Value> = page.objects.into_iter().map(|(_, value)| value).collect();
    Some(json!({member: values, "nextPageToken": token}))
}

fn size(given: Option<&str>, default: usize, most: usize) -> Option<usize> {
    let size = given.map_or(Ok(default), str::parse).ok()?;
    (1..=most).contains(&size).then_some(size)
}

impl Page {
    fn after(objects: Vec<(String, Value)>, after: Option<&str>, limit: usize) -> Option<Self> {
        let from = match after {
            Some(after) => objects.iter().position(|(id, _)| id == after)? + 1,
            None => 0,
        };
        let more = objects.len() > from + limit;
        let objects = objects.into_iter().skip(from).take(limit).collect();
        Some(Self { objects, more })
    }

    fn before(objects: Vec<(String, Value)>, before: &str, limit: usize) -> Option<Self> {
        let until = objects.iter().position(|(id, _)| id == before)?;
        let from = until.saturating_sub(limit);
        let objects = objects.into_iter().take(until).skip(from).collect();
        Some(Self {
            objects,
            more: from > 0,
        })
    }

    fn with_ids(self, anthropic: bool) -> Value {
        let (first, last) = (self.objects.first(), self.objects.last());
        let (first, last) = (first.map(|(id, _)| id.clone()), last.map(|(id, _)| id.clone()));
        let data: Vec<Value> = self.objects.into_iter().map(|(_, value)| value).collect();
        let mut page = json!({"data": data, "first_id": first, "last_id": last, "has_more": self.more});
        if let (false, Some(page)) = (anthropic, page.as_object_mut()) {
            page.insert("object".to_owned(), json!("list"));
        }
        page
    }
}
