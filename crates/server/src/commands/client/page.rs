//! Lists, a page or all of them.

use anyhow::Result;
use clap::Args;
use serde_json::{Value, json};

use super::api::Query;
use super::connect::Context;
use super::show::{self, Column};

/// Which part of a list.
#[derive(Debug, Clone, Args)]
pub(super) struct Page {
    /// Rows of a page.
    #[arg(long, value_parser = clap::value_parser!(u16).range(1..=200), value_name = "1..200")]
    limit: Option<u16>,

    /// Where to go on: what the page before ended with.
    #[arg(long)]
    cursor: Option<String>,

    /// Every page, one after the other.
    #[arg(long, conflicts_with = "cursor")]
    all: bool,
}

impl Page {
    /// Asks for a list and prints it.
    pub(super) async fn print(
        &self,
        context: &Context,
        path: &str,
        mut query: Query,
        columns: &[Column],
    ) -> Result<()> {
        if let Some(limit) = self.limit.or(self.all.then_some(200)) {
            query.push(("limit".into(), limit.to_string()));
        }
        if let Some(cursor) = &self.cursor {
            query.push(("cursor".into(), cursor.clone()));
        }
        let mut list = context.api.get(path, &query).await?;
        if self.all {
            list = rest(context, path, &query, list).await?;
        }
        show::list(context, &list, columns);
        Ok(())
    }
}

async fn rest(context: &Context, path: &str, query: &Query, first: Value) -> Result<Value> {
    let mut items = first
        .get("items")
        .and_then(Value::as_array)
        .cloned()
        .unwrap_or_default();
    let mut next = first.get("next_cursor").cloned();
    while let Some(Value::String(cursor)) = next {
        let mut query = query.clone();
        query.push(("cursor".into(), cursor));
        let page = context.api.get(path, &query).await?;
        items.extend(
            page.get("items")
                .and_then(Value::as_array)
                .cloned()
                .unwrap_or_default(),
        );
        next = page.get("next_cursor").cloned();
    }
    Ok(json!({"items": items, "next_cursor": null}))
}
