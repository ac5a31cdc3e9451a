//! What an answer told.

use tollgate_domain::{MediaFormat, ModelName, Usage, UsageSource, Usd};

use crate::GeneratedText;

/// All that one upstream answer tells about its usage.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Reading {
    /// The disjoint vector. `None` when the answer carries no counters, only zeros, or impossible ones.
    pub usage: Option<Usage>,
    /// `Reported` when the answer came to its end with its final counters, `Partial` when it was cut after
    /// some, `None` without usage.
    pub usage_source: UsageSource,
    /// Calls of hosted tools that are billed beside the tokens, where there is a price for them: not part of `usage`,
    /// because what has no price would leave all of it unbilled.
    pub tool_calls: Usage,
    /// Refused before anything was generated, which the provider documents as not billed, whatever its counters say.
    pub free_refusal: bool,
    /// The provider's own counters as JSON: verbatim where there was one object, merged over a stream. At most
    /// 64 KiB. Where an answer is counted by its parts, what was counted.
    pub provider_usage: Option<String>,
    /// What the provider says it cost, where its variant reports that.
    pub provider_reported_cost: Option<Usd>,
    /// The model the answer says it came from.
    pub model_served: Option<ModelName>,
    /// The service tier the answer says it was served in, as written.
    pub tier_served: Option<String>,
    /// The provider's id of the answer.
    pub response_id: Option<String>,
    /// Why generation stopped, as written.
    pub finish_reason: Option<String>,
    /// Price modifiers of the rate card the answer switches on: `fast`, `us` …
    pub modifiers: Vec<String>,
    /// What was odd, by stable snake-case name.
    pub flags: Vec<String>,
    /// Counters that cannot be: the attempt cannot be priced, and this says why.
    pub problem: Option<String>,
    /// Whether the terminal event, or the whole JSON value, was seen.
    pub complete: bool,
    /// The error an answer carries inside, as `type: message`.
    pub stream_error: Option<String>,
    /// Whether anything was generated.
    pub has_output: bool,
    /// The size and quality the answer says its images have.
    pub media: Option<MediaFormat>,
    /// What was generated, if the meter was told to keep it.
    pub generated: Option<GeneratedText>,
}

impl Default for Reading {
    /// Nothing learnt.
    fn default() -> Self {
        Self {
            usage: None,
            usage_source: UsageSource::None,
            tool_calls: Usage::new(),
            free_refusal: false,
            provider_usage: None,
            provider_reported_cost: None,
            model_served: None,
            tier_served: None,
            response_id: None,
            finish_reason: None,
            modifiers: Vec::new(),
            flags: Vec::new(),
            problem: None,
            complete: false,
            stream_error: None,
            has_output: false,
            media: None,
            generated: None,
        }
    }
}
