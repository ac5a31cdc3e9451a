//! `DeepSeek`: cached input as `prompt_cache_hit_tokens`, beside `prompt_cache_miss_tokens`; both are parts of
//! `prompt_tokens`.
//!
//! # Source
//! <https://api-docs.deepseek.com/guides/kv_cache>

use super::Variant;

pub(super) static VARIANT: Variant = Variant {
    cached: &[&["prompt_cache_hit_tokens"]],
    ..Variant::standard()
};
