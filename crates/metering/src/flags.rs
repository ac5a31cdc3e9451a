//! Names of what was odd about an answer. Stable: they are stored and filtered by.

/// The provider's total is not the sum of its parts.
pub(crate) const TOTAL_MISMATCH: &str = "total_mismatch";
/// More tokens cached than sent.
pub(crate) const CACHED_EXCEEDS_INPUT: &str = "cached_exceeds_input";
/// Audio, image and video parts exceed the input.
pub(crate) const DETAILS_EXCEED_INPUT: &str = "details_exceed_input";
/// Reasoning, audio and image parts exceed the output; they were clamped to it.
pub(crate) const DETAILS_EXCEED_OUTPUT: &str = "details_exceed_output";
/// Cached audio or images follow only from the sums: the provider gave no breakdown of its cached tokens.
pub(crate) const CACHED_MODALITY_INFERRED: &str = "cached_modality_inferred";
/// The total proves reasoning beside the output, in a protocol that documents it inside.
pub(crate) const REASONING_BESIDE_OUTPUT: &str = "reasoning_beside_output";
/// No input counter.
pub(crate) const INPUT_MISSING: &str = "input_missing";
/// No output counter.
pub(crate) const OUTPUT_MISSING: &str = "output_missing";
/// No input counter; it is the total less the output.
pub(crate) const INPUT_FROM_TOTAL: &str = "input_from_total";
/// No output counter; it is the total less the input.
pub(crate) const OUTPUT_FROM_TOTAL: &str = "output_from_total";
/// Cache writes by lifetime do not add up to the writes.
pub(crate) const CACHE_WRITE_BREAKDOWN_MISMATCH: &str = "cache_write_breakdown_mismatch";
/// A counter given as JSON text.
pub(crate) const COUNT_AS_TEXT: &str = "count_as_text";
/// Every counter is zero: treated as no usage.
pub(crate) const ZERO_USAGE: &str = "zero_usage";
/// A usage object without any counter that is known.
pub(crate) const UNKNOWN_COUNTERS: &str = "unknown_counters";
/// Usage that is no JSON object.
pub(crate) const USAGE_NOT_AN_OBJECT: &str = "usage_not_an_object";
/// The stream ended in order without its final counters.
pub(crate) const FINAL_USAGE_MISSING: &str = "final_usage_missing";
/// A counter fell during the stream. The latest value counts, but for a zero, which is no news.
pub(crate) const COUNTER_FELL: &str = "counter_fell";
/// More tokens than any context window holds; they count as reported.
pub(crate) const ABSURD_COUNT: &str = "absurd_count";
/// The stream gave the counters of several parts, which were added up.
pub(crate) const PARTS_ADDED_UP: &str = "parts_added_up";
/// Two sets of counters for the same answer disagree; the protocol's own count.
pub(crate) const SECOND_COUNTERS_DIFFER: &str = "second_counters_differ";
/// Reasoning is what the total leaves beside input and output; there is no counter of its own.
pub(crate) const REASONING_FROM_TOTAL: &str = "reasoning_from_total";
/// Input whose kind is not told; it counts as the kind the protocol is for.
pub(crate) const MODALITY_ASSUMED: &str = "modality_assumed";
/// The size of a web search is not told; it counts as medium.
pub(crate) const SEARCH_SIZE_ASSUMED: &str = "search_size_assumed";
/// Nothing was counted; the end of the last subtitle is how much was heard at least.
pub(crate) const COUNTED_FROM_SUBTITLES: &str = "counted_from_subtitles";
/// Refused before anything was generated, which the provider does not bill.
pub(crate) const REFUSED_WITHOUT_OUTPUT: &str = "refused_without_output";
/// The provider charges this answer at other rates than its counters say (a credit for a refused first attempt).
pub(crate) const FALLBACK_CREDIT: &str = "fallback_credit";
/// Tool calls that providers bill and no counter here carries.
pub(crate) const UNMETERED_TOOL_CALLS: &str = "unmetered_tool_calls";
/// Part of the work was done by another model at another price.
pub(crate) const ITERATION_OF_ANOTHER_MODEL: &str = "iteration_of_another_model";
/// A reported cost that is no amount.
pub(crate) const REPORTED_COST_INVALID: &str = "reported_cost_invalid";
/// The body is not what its content type says.
pub(crate) const MISLABELLED_BODY: &str = "mislabelled_body";
/// A content coding the meter cannot decode.
pub(crate) const UNSUPPORTED_ENCODING: &str = "unsupported_encoding";
/// The compressed body is damaged.
pub(crate) const UNDECODABLE_BODY: &str = "undecodable_body";

/// A set that keeps the order of discovery.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Flags(Vec<&'static str>);

impl Flags {
    pub(crate) fn raise(&mut self, flag: &'static str) {
        if !self.0.contains(&flag) {
            self.0.push(flag);
        }
    }

    pub(crate) fn extend(&mut self, other: &Self) {
        for flag in &other.0 {
            self.raise(flag);
        }
    }

    pub(crate) fn into_names(self) -> Vec<String> {
        self.0.into_iter().map(ToOwned::to_owned).collect()
    }
}
