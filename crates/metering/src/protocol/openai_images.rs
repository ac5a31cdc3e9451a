//! `OpenAI` images: generations, edits and variations. Models metered by tokens report them; of others the images are
//! counted. A stream gives previews and ends with a `completed` event for each image.
//!
//! # Source
//! <https://platform.openai.com/docs/api-reference/images>, the SDK's `ImagesResponse` and `ImageGenCompletedEvent`

use tollgate_domain::Meter;

use super::Wire;
use super::openai_counters::{Names, input_parts};
use crate::counters::{OutputParts, Reader};
use crate::flags;
use crate::scan::{Needle, Slot, present, value};
use crate::tools::ToolCalls;
use crate::variant::Variant;

const NAMES: Names = Names {
    input: &["input_tokens"],
    input_details: "input_tokens_details",
    output: &["output_tokens"],
    output_details: "output_tokens_details",
};

pub(super) static WIRE: Wire = Wire {
    fields: &[
        value(&["usage"], Slot::PartUsage),
        value(&["model"], Slot::Model),
        value(&["id"], Slot::ResponseId),
        value(&["error"], Slot::Error),
        value(&["message"], Slot::ErrorText),
        value(&["type"], Slot::EventType),
        value(&["size"], Slot::Size),
        value(&["quality"], Slot::Quality),
        present(&["svg_usage"], Slot::OtherModel),
        present(&["b64_json"], Slot::Content),
        present(&["data"], Slot::Content),
        present(&["data", "b64_json"], Slot::ImageData),
        present(&["data", "url"], Slot::ImageUrl),
    ],
    needles: &[
        Needle::Set("\"usage\""),
        Needle::Text(".completed\""),
        Needle::Text("\"error\""),
    ],
    done_marker: true,
    closing_types: &["image_generation.completed", "image_edit.completed"],
    extract,
    ..Wire::silent()
};

fn extract(reader: &mut Reader<'_>, variant: &Variant, tools: &ToolCalls) {
    let (input, output, total) = (
        reader.count(NAMES.input),
        reader.count(NAMES.output),
        reader.count(&["total_tokens"]),
    );
    if input.or(output).or(total).unwrap_or(0) > 0 {
        tokens(reader, variant, [input, output, total]);
    } else if tools.images() > 0 {
        reader.tally.counted = true;
        reader.add(Meter::ImagesOut, tools.images());
    }
    (variant.extras)(reader);
    tools.flag(reader);
}

/// What is generated is an image, but for what the details say is text.
fn tokens(reader: &mut Reader<'_>, variant: &Variant, [input, output, total]: [Option<u64>; 3]) {
    let input = input.unwrap_or_else(|| {
        reader.flag(flags::INPUT_MISSING);
        0
    });
    let output = output.unwrap_or_else(|| {
        reader.flag(flags::OUTPUT_FROM_TOTAL);
        total.unwrap_or(0).saturating_sub(input)
    });
    input_parts(reader, &NAMES, variant, input).settle(reader);
    let text = reader.count(&[NAMES.output_details, "text_tokens"]).unwrap_or(0);
    let image = reader.count(&[NAMES.output_details, "image_tokens"]);
    let parts = OutputParts {
        total: output,
        image: image.unwrap_or_else(|| output.saturating_sub(text)),
        ..OutputParts::default()
    };
    parts.settle(reader);
    if total.is_some_and(|total| total != input + output) {
        reader.flag(flags::TOTAL_MISMATCH);
    }
}
