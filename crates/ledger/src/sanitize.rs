//! Text from outside, made fit to store: no NUL (PostgreSQL text cannot hold it), bounded length. A hostile
//! model name must never make an entry impossible to write.

use std::collections::BTreeMap;
use std::sync::Arc;

use tollgate_domain::{AttemptContext, CallerRef, MediaFormat, ModelName};

const MAX_CHARS: usize = 512;

/// Removes NUL and clips to 512 characters; borrows when nothing changes.
pub(crate) fn text(value: String) -> String {
    let clean = !value.contains('\0') && value.len() <= MAX_CHARS;
    if clean {
        value
    } else {
        value.chars().filter(|c| *c != '\0').take(MAX_CHARS).collect()
    }
}

pub(crate) fn optional(value: Option<String>) -> Option<String> {
    value.map(text)
}

pub(crate) fn model(name: Option<ModelName>) -> Option<ModelName> {
    name.map(|name| {
        let clean = !name.as_str().contains('\0') && name.as_str().len() <= MAX_CHARS;
        if clean {
            name
        } else {
            ModelName::new(text(name.as_str().to_owned()))
        }
    })
}

pub(crate) fn context(mut context: AttemptContext) -> AttemptContext {
    context.model_requested = model(context.model_requested);
    context.model_sent = model(context.model_sent);
    context.tier_requested = optional(context.tier_requested);
    context.facts.format = context.facts.format.map(format);
    if needs_cleaning(&context.caller) {
        context.caller = Arc::new(caller((*context.caller).clone()));
    }
    context
}

pub(crate) fn format(format: MediaFormat) -> MediaFormat {
    let clean = |part: Option<Box<str>>| part.map(|part| text(part.into_string()).into_boxed_str());
    MediaFormat {
        size: clean(format.size),
        quality: clean(format.quality),
    }
}

pub(crate) fn caller(caller: CallerRef) -> CallerRef {
    let metadata: BTreeMap<_, _> = caller
        .metadata
        .into_iter()
        .map(|(key, value)| (text(key), text(value)))
        .collect();
    CallerRef {
        request_id: optional(caller.request_id),
        idempotency_key: optional(caller.idempotency_key),
        sdk_retry_count: caller.sdk_retry_count,
        end_user: optional(caller.end_user),
        metadata,
    }
}

fn needs_cleaning(caller: &CallerRef) -> bool {
    let dirty = |value: &String| value.contains('\0') || value.len() > MAX_CHARS;
    let fields = [&caller.request_id, &caller.idempotency_key, &caller.end_user];
    fields.into_iter().flatten().any(dirty)
        || caller
            .metadata
            .iter()
            .any(|(key, value)| dirty(key) || dirty(value))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nul_is_removed_and_length_is_bounded() {
        assert_eq!(text("a\0b".to_owned()), "ab");
        assert_eq!(text("é".repeat(600)).chars().count(), 512);
        assert_eq!(text("plain".to_owned()), "plain");
    }
}
