//! Which request logs, as parameters: of the list, the live stream and the export alike.

use tollgate_domain::ports::LogFilter;
use tollgate_domain::{ErrorOrigin, Protocol, RequestStatus, StatusClass, Timestamp, UnbilledReason, Usd};
use utoipa::IntoParams;
use uuid::Uuid;

use crate::extract::{QueryReader, parse_bool};
use crate::schema::{
    ErrorOriginSchema, ProtocolSchema, RequestStatusSchema, StatusClassSchema, TimestampSchema,
    UnbilledReasonSchema, UsdSchema,
};
use crate::time_text::{parse_time, told};

/// The longest duration that may be asked for, in milliseconds: a day.
const MAX_MS: u64 = 86_400_000;

/// Which request logs.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
pub(super) struct LogFilterParams {
    /// Admitted at or after.
    #[param(value_type = Option<TimestampSchema>)]
    from: Option<Timestamp>,
    /// Admitted before.
    #[param(value_type = Option<TimestampSchema>)]
    until: Option<Timestamp>,
    /// Of this key.
    key_id: Option<Uuid>,
    /// Whose key was of this team then.
    #[param(min_length = 1)]
    team: Option<String>,
    /// Whose key was of this owner then.
    #[param(min_length = 1)]
    owner: Option<String>,
    /// Answered last by this upstream.
    upstream_id: Option<Uuid>,
    /// In this wire protocol.
    #[param(value_type = Option<ProtocolSchema>)]
    protocol: Option<String>,
    /// Whether a stream was asked for.
    stream: Option<bool>,
    /// Naming exactly this model, or served by it.
    #[param(min_length = 1)]
    model: Option<String>,
    /// Answered with a status of this class; `none` where the end was never seen.
    #[param(value_type = Option<StatusClassSchema>, inline)]
    status_class: Option<String>,
    /// Ended with an error of this origin. An error inside a stream comes after a 2xx status.
    #[param(value_type = Option<ErrorOriginSchema>)]
    error_origin: Option<String>,
    /// With this billing status.
    #[param(value_type = Option<RequestStatusSchema>)]
    billing_status: Option<String>,
    /// With this unbilled reason on an attempt.
    #[param(value_type = Option<UnbilledReasonSchema>)]
    reason: Option<String>,
    /// Of at least this `cost`. What is not known is in no range.
    #[param(value_type = Option<UsdSchema>)]
    min_cost_usd: Option<String>,
    /// Of at most this `cost`.
    #[param(value_type = Option<UsdSchema>)]
    max_cost_usd: Option<String>,
    /// First content after at least so many milliseconds.
    #[param(maximum = 86_400_000)]
    min_ttft_ms: Option<u64>,
    /// First content after at most so many milliseconds.
    #[param(maximum = 86_400_000)]
    max_ttft_ms: Option<u64>,
    /// Over after at least so many milliseconds.
    #[param(maximum = 86_400_000)]
    min_duration_ms: Option<u64>,
    /// Over after at most so many milliseconds.
    #[param(maximum = 86_400_000)]
    max_duration_ms: Option<u64>,
    /// The caller's own request id, or its beginning; case counts.
    #[param(min_length = 1)]
    caller_request_id: Option<String>,
    /// This request, by the id the gateway gave it.
    request_id: Option<Uuid>,
}

/// Takes the filter's parameters; faults are noted in the reader.
pub(super) fn read(query: &mut QueryReader) -> LogFilter {
    let filter = LogFilter {
        from: query.take("from", parse_time),
        until: query.take("until", parse_time),
        key_id: query.take("key_id", parse_id),
        team: query.take_text("team"),
        owner: query.take_text("owner"),
        upstream_id: query.take("upstream_id", parse_id),
        protocol: query.take("protocol", |text| {
            text.parse::<Protocol>()
                .map_err(|_| one_of(text, &Protocol::ALL.map(Protocol::as_str)))
        }),
        stream: query.take("stream", parse_bool),
        model: query.take_text("model"),
        class: query.take("status_class", |text| {
            StatusClass::from_name(text)
                .ok_or_else(|| one_of(text, &StatusClass::ALL.map(StatusClass::as_str)))
        }),
        origin: query.take("error_origin", |text| {
            ErrorOrigin::from_name(text)
                .ok_or_else(|| one_of(text, &ErrorOrigin::ALL.map(ErrorOrigin::as_str)))
        }),
        status: query.take("billing_status", |text| {
            RequestStatus::from_name(text)
                .ok_or_else(|| one_of(text, &RequestStatus::ALL.map(RequestStatus::as_str)))
        }),
        reason: query.take("reason", |text| {
            let names = UnbilledReason::ALL.map(UnbilledReason::as_str);
            let known = names.contains(&text).then(|| text.to_owned());
            known.ok_or_else(|| one_of(text, &names))
        }),
        min_cost: query.take("min_cost_usd", parse_cost),
        max_cost: query.take("max_cost_usd", parse_cost),
        min_ttft_us: query.take("min_ttft_ms", parse_millis),
        max_ttft_us: query.take("max_ttft_ms", parse_millis),
        min_duration_us: query.take("min_duration_ms", parse_millis),
        max_duration_us: query.take("max_duration_ms", parse_millis),
        caller_request_id: query.take_text("caller_request_id"),
        request_id: query.take("request_id", parse_id),
    };
    refuse_empty_ranges(query, &filter);
    filter
}

fn refuse_empty_ranges(query: &mut QueryReader, filter: &LogFilter) {
    if let (Some(from), Some(until)) = (filter.from, filter.until)
        && from >= until
    {
        query.refuse("until", format!("must be later than from, {}", told(from)));
    }
    if let (Some(least), Some(most)) = (filter.min_cost, filter.max_cost)
        && least > most
    {
        query.refuse("max_cost_usd", format!("{most} is below min_cost_usd, {least}"));
    }
    for (name, least, most) in [
        ("max_ttft_ms", filter.min_ttft_us, filter.max_ttft_us),
        ("max_duration_ms", filter.min_duration_us, filter.max_duration_us),
    ] {
        if let (Some(least), Some(most)) = (least, most)
            && least > most
        {
            query.refuse(
                name,
                format!("{} is below the least, {}", most / 1_000, least / 1_000),
            );
        }
    }
}

/// Reads a number of milliseconds, as microseconds.
fn parse_millis(text: &str) -> Result<u64, String> {
    let millis = text.parse::<u64>().ok().filter(|millis| *millis <= MAX_MS);
    millis
        .map(|millis| millis * 1_000)
        .ok_or_else(|| format!("{text:?} is outside 0..={MAX_MS}"))
}

/// Reads an amount as the API writes it; other spellings of a number are none.
fn parse_cost(text: &str) -> Result<Usd, String> {
    let plain = text.strip_prefix('-').unwrap_or(text);
    let (whole, decimals) = plain.split_once('.').unwrap_or((plain, "0"));
    let digits =
        |part: &str, most| (1..=most).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit());
    let amount = (digits(whole, 12) && digits(decimals, 12))
        .then(|| text.parse().ok())
        .flatten();
    amount.ok_or_else(|| {
        format!("{text:?} is not a decimal amount in USD with at most 12 decimals, such as \"0.05\"")
    })
}

/// Reads an id; the error is a message for the caller.
pub(crate) fn parse_id<T: std::str::FromStr>(text: &str) -> Result<T, String> {
    text.parse().map_err(|_| format!("{text:?} is no UUID"))
}

/// Says what would have been right.
pub(crate) fn one_of(text: &str, names: &[&str]) -> String {
    format!("{text:?} is none of {}", names.join(", "))
}
