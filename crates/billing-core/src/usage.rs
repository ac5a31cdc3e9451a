//! From an answer's bytes to its usage.

use tollgate_domain::{Protocol, Usage};
use tollgate_metering::Reading;

use crate::{PriceError, Request};

/// The usage a whole JSON answer reports, read as the wire protocol defines it. Vendors that depart from the
/// protocol they speak are read by [`Request::read`], which knows the provider.
///
/// # Errors
/// [`PriceError::UsageMissing`] where the answer has no counters (or only zeros), [`PriceError::Calculation`] where
/// a counter cannot be: negative, fractional, above 2^40, no number. It is named.
///
/// ```
/// use billing_core::{Meter, Protocol, usage_from_response};
///
/// let answer = br#"{"usage": {"prompt_tokens": 12, "completion_tokens": 3, "total_tokens": 15}}"#;
/// let usage = usage_from_response(Protocol::OpenaiChat, answer)?;
/// assert_eq!((usage.get(Meter::Input).get(), usage.get(Meter::Output).get()), (12, 3));
/// # Ok::<(), billing_core::PriceError>(())
/// ```
pub fn usage_from_response(protocol: Protocol, body: &[u8]) -> Result<Usage, PriceError> {
    let reading = Request::new("", "").read(protocol, body);
    of_reading(&reading).cloned()
}

/// The usage of a reading, or why it has none.
pub(crate) fn of_reading(reading: &Reading) -> Result<&Usage, PriceError> {
    if let Some(problem) = &reading.problem {
        return Err(PriceError::Calculation {
            detail: problem.clone(),
        });
    }
    reading.usage.as_ref().ok_or_else(|| {
        let detail = match (&reading.stream_error, reading.flags.as_slice()) {
            (Some(error), _) => format!("the answer is an error: {error}"),
            (None, []) => "the answer carries no usage".to_owned(),
            (None, flags) => format!("the answer carries no usage ({})", flags.join(", ")),
        };
        PriceError::UsageMissing { detail }
    })
}
