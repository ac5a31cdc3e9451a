//! What an attempt without usage is held to have cost. The one documented table:
//!
//! | how it ended | without usage |
//! |---|---|
//! | error status, except 504 and 524 | `no_charge` (`rejected`): providers bill no refused request |
//! | 504, 524 | `unbilled` (`usage_missing`): an intermediary gave up, the model may have answered |
//! | error event in a stream before any output | `no_charge` (`rejected`) |
//! | error event after output | `unbilled` (`usage_missing`) |
//! | complete answer | `unbilled` (`usage_missing`) |
//! | cut, connection lost, timed out, caller gone | `unbilled` (`usage_missing`) |
//! | the gateway stopped | `unbilled` (`interrupted`) |
//! | refused before any output, where the provider documents that as not billed | `no_charge` (`rejected`), whatever the counters say |
//! | any, at an endpoint the provider documents as free | `no_charge` (`free_endpoint`), unless refused as above |
//! | any, at an endpoint that is carried but not metered | `unbilled` (`not_metered`), unless refused or interrupted |
//!
//! OpenAI, Anthropic and Gemini document that failed requests are not billed; resellers follow them.

use tollgate_domain::{EndpointBilling, NoChargeReason, OutcomeKind, UnbilledReason, Verdict};

/// Status codes with which an intermediary says that it stopped waiting for an answer.
const GAVE_UP_WAITING: [u16; 2] = [504, 524];

/// What an endpoint's own billing says, whatever the answer reports; `None` where the answer decides.
pub(crate) fn of_endpoint(
    billing: EndpointBilling,
    kind: OutcomeKind,
    http_status: Option<u16>,
) -> Option<Verdict> {
    let free = Verdict::NoCharge(NoChargeReason::FreeEndpoint);
    let unknown = Verdict::Unbilled(UnbilledReason::NotMetered);
    match (billing, without_usage(kind, http_status, false)) {
        (EndpointBilling::Metered, _) => None,
        (_, rejected @ Verdict::NoCharge(_)) => Some(rejected),
        (EndpointBilling::Free, _) => Some(free),
        (EndpointBilling::NotMetered, stopped @ Verdict::Unbilled(UnbilledReason::Interrupted)) => {
            Some(stopped)
        }
        (EndpointBilling::NotMetered, _) => Some(unknown),
    }
}

/// Whether an attempt that tells no usage would be left unbilled for the want of it: it may have cost something, and
/// nothing says how much.
pub fn lacks_usage(kind: OutcomeKind, http_status: Option<u16>, has_output: bool) -> bool {
    without_usage(kind, http_status, has_output) == Verdict::Unbilled(UnbilledReason::UsageMissing)
}

pub(crate) fn without_usage(kind: OutcomeKind, http_status: Option<u16>, has_output: bool) -> Verdict {
    let rejected = Verdict::NoCharge(NoChargeReason::Rejected);
    let missing = Verdict::Unbilled(UnbilledReason::UsageMissing);
    match kind {
        OutcomeKind::UpstreamError => match http_status {
            Some(status) if GAVE_UP_WAITING.contains(&status) => missing,
            _ => rejected,
        },
        OutcomeKind::StreamError if !has_output => rejected,
        OutcomeKind::Interrupted => Verdict::Unbilled(UnbilledReason::Interrupted),
        _ => missing,
    }
}
