//! `OpenAI` itself, and Azure: a chat answer that cites the web was searched for, which is billed each time.
//!
//! # Source
//! <https://platform.openai.com/docs/guides/tools-web-search>, <https://platform.openai.com/docs/pricing>

use super::Variant;
use crate::scan::{Slot, present};

pub(super) static VARIANT: Variant = Variant {
    fields: &[
        present(
            &["choices", "message", "annotations", "url_citation"],
            Slot::Cited,
        ),
        present(&["choices", "delta", "annotations", "url_citation"], Slot::Cited),
    ],
    ..Variant::standard()
};
