//! Tool calls an answer shows in its items rather than in its counters.

use std::collections::BTreeSet;

use tollgate_domain::Meter;

/// Distinct search queries kept; an answer has a handful.
const MAX_QUERIES: usize = 1000;

/// What an answer says about tool calls.
#[derive(Debug, Clone, Default)]
pub(crate) struct ToolCalls {
    /// Web searches shown as output items.
    pub(crate) searches: u64,
    /// Whether calls of a tool were shown that is billed and not counted here.
    pub(crate) unmetered: bool,
    /// Size of the search context.
    pub(crate) search_size: Option<String>,
    /// Distinct queries of a grounded answer.
    pub(crate) queries: BTreeSet<String>,
    /// Whether the answer is grounded on maps.
    pub(crate) maps: bool,
}

/// The items of one event. They replace those of an earlier one: each is a whole list.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Items {
    calls: u64,
    /// Web search calls that only opened or searched a page; they are not billed as searches.
    page_visits: u64,
    unmetered: bool,
}

impl Items {
    pub(crate) fn item(&mut self, kind: &str) {
        match kind {
            "web_search_call" => self.calls += 1,
            "file_search_call" | "code_interpreter_call" | "image_generation_call" => self.unmetered = true,
            _ => {}
        }
    }

    pub(crate) fn action(&mut self, kind: &str) {
        if matches!(kind, "open_page" | "find_in_page" | "find") {
            self.page_visits += 1;
        }
    }

    pub(crate) fn is_empty(self) -> bool {
        self == Self::default()
    }
}

impl ToolCalls {
    pub(crate) fn replace(&mut self, items: Items) {
        self.searches = items.calls.saturating_sub(items.page_visits);
        self.unmetered = items.unmetered;
    }

    pub(crate) fn add_queries(&mut self, queries: Vec<String>) {
        let room = MAX_QUERIES.saturating_sub(self.queries.len());
        self.queries.extend(queries.into_iter().take(room));
    }
}

/// The meter of a search with this context size; medium where nothing is said.
pub(crate) fn search_meter(size: Option<&str>) -> Meter {
    match size {
        Some("low") => Meter::WebSearchLow,
        Some("high") => Meter::WebSearchHigh,
        _ => Meter::WebSearch,
    }
}
