//! Alibaba Cloud Model Studio (Qwen). Writing to an explicit cache is counted within the prompt, by lifetime in
//! `cache_creation`, and `cache_type` tells reads of an explicit cache from those of the implicit one.
//!
//! # Source
//! <https://www.alibabacloud.com/help/en/model-studio/context-cache>

use super::Variant;

pub(super) static VARIANT: Variant = Variant {
    explicit_caches: true,
    ..Variant::standard()
};
