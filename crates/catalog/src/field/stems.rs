//! Which field stem is which meter.

use tollgate_domain::Meter;

/// A field name without band and tier, and what it prices. The unit is the meter's
/// ([`Meter::unit`]); the number is USD per one of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Stem {
    /// LiteLLM's name.
    pub field: &'static str,
    /// Our meter.
    pub meter: Meter,
}

const fn stem(field: &'static str, meter: Meter) -> Stem {
    Stem { field, meter }
}

/// Every stem with a meter. Where two fields of one entry mean the same place, the first in the entry counts
/// and a second that differs is listed as unknown.
///
/// # Source
/// `docs/adr/0007-litellm-as-single-source.md`.
pub const STEMS: &[Stem] = &[
    stem("input_cost_per_token", Meter::Input),
    stem("cache_read_input_token_cost", Meter::CacheRead),
    stem("explicit_cache_read_input_token_cost", Meter::ExplicitCacheRead),
    stem("cache_creation_input_token_cost", Meter::CacheWrite5m),
    stem("cache_creation_input_token_cost_above_1hr", Meter::CacheWrite1h),
    stem("input_cost_per_audio_token", Meter::AudioInput),
    stem("cache_read_input_audio_token_cost", Meter::AudioCacheRead),
    stem("cache_creation_input_audio_token_cost", Meter::AudioCacheWrite),
    stem("input_cost_per_image_token", Meter::ImageInput),
    stem("cache_read_input_image_token_cost", Meter::ImageCacheRead),
    stem("input_cost_per_video_token", Meter::VideoInput),
    stem("output_cost_per_token", Meter::Output),
    stem("output_cost_per_reasoning_token", Meter::Reasoning),
    stem("output_cost_per_audio_token", Meter::AudioOutput),
    stem("output_cost_per_image_token", Meter::ImageOutput),
    stem("output_cost_per_video_token", Meter::VideoOutput),
    stem("citation_cost_per_token", Meter::Citation),
    stem("input_cost_per_image", Meter::ImagesIn),
    stem("output_cost_per_image", Meter::ImagesOut),
    stem("input_cost_per_pixel", Meter::PixelsIn),
    stem("output_cost_per_pixel", Meter::PixelsOut),
    stem("input_cost_per_second", Meter::SecondsIn),
    stem("cost_per_second", Meter::SecondsIn),
    stem("input_cost_per_audio_per_second", Meter::SecondsIn),
    stem("input_cost_per_video_per_second", Meter::VideoSecondsIn),
    stem("output_cost_per_second", Meter::SecondsOut),
    stem("output_cost_per_video_per_second", Meter::SecondsOut),
    stem("input_cost_per_character", Meter::CharactersIn),
    stem("output_cost_per_character", Meter::CharactersOut),
    stem("ocr_cost_per_page", Meter::Pages),
    stem("annotation_cost_per_page", Meter::AnnotationPages),
    stem("google_maps_grounding_cost_per_query", Meter::MapsGrounding),
    stem("code_interpreter_cost_per_session", Meter::CodeInterpreter),
    stem("input_cost_per_query", Meter::Queries),
    stem("input_cost_per_request", Meter::Requests),
    stem("input_cost_per_text_message", Meter::TextMessages),
    stem("ocr_cost_per_credit", Meter::Credits),
];
