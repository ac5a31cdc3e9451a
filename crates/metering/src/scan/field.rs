//! Which values of a JSON body are wanted.

/// A value wanted from a body, by the object keys that lead to it. Arrays on the way are looked through, so
/// `choices.finish_reason` is that of every choice.
#[derive(Debug)]
pub(crate) struct Field {
    pub(crate) path: &'static [&'static str],
    pub(crate) want: Want,
    pub(crate) slot: Slot,
}

/// What is wanted of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Want {
    /// Its JSON text. A container that is captured is not searched for other fields.
    Value,
    /// Only that it is there: neither null, false nor empty.
    Presence,
    /// The contents of a string, piece by piece and as written, however long.
    Text,
}

/// What a value means.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Slot {
    /// Counters, possibly not the last.
    Usage,
    /// Counters that are the last ones, or newer than all before.
    FinalUsage,
    Model,
    ResponseId,
    Tier,
    FinishReason,
    /// State of a Responses object.
    Status,
    /// An error object.
    Error,
    /// The message of an event that is an error itself.
    ErrorText,
    /// The event's own type.
    EventType,
    /// Something was generated.
    Content,
    /// Type of an output item.
    ItemType,
    /// The container a tool call ran in.
    Container,
    /// What a tool call did.
    ActionType,
    /// Size of the search context.
    SearchSize,
    /// Queries of a grounded answer.
    SearchQueries,
    /// An answer grounded on maps.
    Maps,
    /// Counters of one part of the answer: parts add up.
    PartUsage,
    /// Counters of hosted tools, beside those of the model.
    ToolUsage,
    /// An image, as data.
    ImageData,
    /// An image, as an address.
    ImageUrl,
    /// Seconds of media.
    Duration,
    /// Tokens of one of several inputs: they add up.
    InputTokens,
    /// Characters billed.
    Characters,
    /// Size of what was generated.
    Size,
    /// Quality of what was generated.
    Quality,
    /// An answer that cites the web.
    Cited,
    /// Work that providers bill and no counter here carries.
    Unmetered,
    /// Work of another model.
    OtherModel,
    /// An image, sound or file sent.
    Media,
    /// Text.
    Told,
    /// Reasoning.
    Reasoned,
}

/// A field wanted as JSON text.
pub(crate) const fn value(path: &'static [&'static str], slot: Slot) -> Field {
    Field {
        path,
        want: Want::Value,
        slot,
    }
}

/// A field wanted for its text, however long.
pub(crate) const fn text(path: &'static [&'static str], slot: Slot) -> Field {
    Field {
        path,
        want: Want::Text,
        slot,
    }
}

/// A field whose presence alone matters.
pub(crate) const fn present(path: &'static [&'static str], slot: Slot) -> Field {
    Field {
        path,
        want: Want::Presence,
        slot,
    }
}
