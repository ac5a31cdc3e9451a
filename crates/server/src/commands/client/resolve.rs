//! Names in place of ids.

use anyhow::Result;
use serde_json::Value;
use uuid::Uuid;

use super::api::Query;
use super::connect::Context;
use super::failure::Failure;

/// The id of what is named by its id or its name.
pub(super) async fn id(context: &Context, resource: &str, text: &str) -> Result<String> {
    if let Ok(id) = text.parse::<Uuid>() {
        return Ok(id.to_string());
    }
    let mut cursor: Option<String> = None;
    loop {
        let mut query: Query = vec![("limit".into(), "200".to_owned())];
        if matches!(resource, "keys" | "upstreams") {
            query.push(("q".into(), text.to_owned()));
        }
        query.extend(cursor.map(|cursor| ("cursor".into(), cursor)));
        let page = context.api.get(resource, &query).await?;
        let items = page.get("items").and_then(Value::as_array);
        let named = |item: &&Value| item.get("name").and_then(Value::as_str) == Some(text);
        let found = items.into_iter().flatten().find(named);
        if let Some(id) = found.and_then(|item| item.get("id")?.as_str()) {
            return Ok(id.to_owned());
        }
        cursor = page
            .get("next_cursor")
            .and_then(Value::as_str)
            .map(ToOwned::to_owned);
        if cursor.is_none() {
            let text = format!("there is nothing named {text:?} among the {resource}");
            return Err(Failure::Unsuccessful(text).into());
        }
    }
}
