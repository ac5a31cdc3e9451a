//! What an answer shows in its items rather than in its counters: tool calls, images, media.

use std::collections::BTreeSet;

use tollgate_domain::{MediaFormat, Meter};

use crate::counters::{Node, Reader};
use crate::flags;
use crate::observed::text::{string, strings};
use crate::scan::Slot;

/// Distinct search queries kept; an answer has a handful.
const MAX_QUERIES: usize = 1000;

/// What an answer says beside its counters.
#[derive(Debug, Clone, Default)]
pub(crate) struct ToolCalls {
    /// Web searches shown as output items.
    pub(crate) searches: u64,
    /// Searches in files shown as output items.
    pub(crate) file_searches: u64,
    /// Distinct containers that code ran in.
    pub(crate) containers: u64,
    /// Counters of hosted tools, which know better than the items.
    pub(crate) reported: Option<Node>,
    /// What was there at all: maps, citations, another model, calls that no counter carries.
    seen: Vec<Slot>,
    /// Size of the search context.
    pub(crate) search_size: Option<String>,
    /// Distinct queries of a grounded answer.
    pub(crate) queries: BTreeSet<String>,
    /// The model the answer says it came from.
    pub(crate) served: Option<String>,
    /// Size of the images made.
    size: Option<String>,
    /// Quality of the images made.
    quality: Option<String>,
    /// Length of the media, a JSON number of seconds.
    duration: Option<String>,
    /// Characters billed, a JSON number.
    characters: Option<String>,
    /// Tokens of several inputs, JSON numbers.
    input_tokens: Vec<String>,
    image_data: u64,
    image_urls: u64,
}

/// The items of one event. They replace those of an earlier one: each is a whole list.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Items {
    calls: u64,
    file_searches: u64,
    code_runs: u64,
    /// Containers by id, those beyond [`MAX_QUERIES`] left out.
    containers: BTreeSet<String>,
    /// Web search calls that only opened or searched a page; they are not billed as searches.
    page_visits: u64,
    unmetered: bool,
}

impl Items {
    pub(crate) fn item(&mut self, kind: &str) {
        match kind {
            "web_search_call" => self.calls += 1,
            "file_search_call" => self.file_searches += 1,
            "code_interpreter_call" => self.code_runs += 1,
            "image_generation_call" => self.unmetered = true,
            _ => {}
        }
    }

    pub(crate) fn container(&mut self, id: &str) {
        if !id.is_empty() && self.containers.len() < MAX_QUERIES {
            self.containers.insert(id.to_owned());
        }
    }

    pub(crate) fn action(&mut self, kind: &str) {
        if matches!(kind, "open_page" | "find_in_page" | "find") {
            self.page_visits += 1;
        }
    }

    pub(crate) fn is_empty(&self) -> bool {
        *self == Self::default()
    }
}

impl ToolCalls {
    pub(crate) fn replace(&mut self, items: &Items) {
        self.searches = items.calls.saturating_sub(items.page_visits);
        self.file_searches = items.file_searches;
        self.containers = u64::try_from(items.containers.len()).unwrap_or(u64::MAX);
        let nowhere = items.code_runs > 0 && items.containers.is_empty();
        if items.unmetered || nowhere {
            self.see(Slot::Unmetered);
        }
    }

    /// A value; the latest of its kind wins, inputs add up.
    pub(crate) fn take(&mut self, slot: Slot, json: &[u8]) {
        let number = || String::from_utf8_lossy(json).into_owned();
        let place = match slot {
            Slot::SearchSize => &mut self.search_size,
            Slot::Size => &mut self.size,
            Slot::Quality => &mut self.quality,
            Slot::ToolUsage => {
                self.reported = Node::parse_object(json).or(self.reported.take());
                return;
            }
            Slot::SearchQueries => return self.add_queries(strings(json)),
            Slot::Duration | Slot::Characters | Slot::InputTokens if json == b"null" => return,
            Slot::Duration => return self.duration = Some(number()),
            Slot::Characters => return self.characters = Some(number()),
            Slot::InputTokens if self.input_tokens.len() < MAX_QUERIES => {
                return self.input_tokens.push(number());
            }
            _ => return,
        };
        if let Some(text) = string(json) {
            *place = Some(text);
        }
    }

    /// Something is there.
    pub(crate) fn see(&mut self, slot: Slot) {
        match slot {
            Slot::ImageData => self.image_data += 1,
            Slot::ImageUrl => self.image_urls += 1,
            slot if !self.seen.contains(&slot) => self.seen.push(slot),
            _ => {}
        }
    }

    /// Whether something was there.
    pub(crate) fn has(&self, slot: Slot) -> bool {
        self.seen.contains(&slot)
    }

    /// Images in the answer; an image may be there as data, as an address, or as both.
    pub(crate) fn images(&self) -> u64 {
        self.image_data.max(self.image_urls)
    }

    /// The size and quality of the images made.
    pub(crate) fn format(&mut self) -> Option<MediaFormat> {
        let told = |text: &String| text != "auto";
        let (size, quality) = (self.size.take().filter(told), self.quality.take().filter(told));
        (size.is_some() || quality.is_some()).then(|| MediaFormat {
            size: size.map(Into::into),
            quality: quality.map(Into::into),
        })
    }

    /// Counters made of what was seen, for an answer that has none of its own.
    pub(crate) fn stand_in(&self) -> Option<Node> {
        let mut members = Vec::new();
        if self.images() > 0 {
            members.push(format!("\"images\":{}", self.images()));
        }
        if let Some(seconds) = &self.duration {
            members.push(format!("\"duration\":{seconds}"));
        }
        if let Some(characters) = &self.characters {
            members.push(format!("\"billableCharacterCount\":{characters}"));
        }
        if !self.input_tokens.is_empty() {
            members.push(format!("\"tokenCounts\":[{}]", self.input_tokens.join(",")));
        }
        if members.is_empty() {
            return None;
        }
        Node::parse_object(format!("{{{}}}", members.join(",")).as_bytes())
    }

    /// Flags what cannot be metered.
    pub(crate) fn flag(&self, reader: &mut Reader<'_>) {
        if self.has(Slot::Unmetered) {
            reader.flag(flags::UNMETERED_TOOL_CALLS);
        }
        if self.has(Slot::OtherModel) {
            reader.flag(flags::ITERATION_OF_ANOTHER_MODEL);
        }
    }

    fn add_queries(&mut self, queries: Vec<String>) {
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
