//! Named scripts, for tests that reach the simulator only through a gateway: ask for the model
//! `sim-<name>`, or put `sim:<name>` into `user` (OpenAI), `metadata.user_id` (Anthropic) or
//! `labels.user` (Gemini).

use super::script::{Chunking, Compression, Ending, Fault, HoldPoint, Report, Script};

type Make = fn() -> Script;

const PRESETS: &[(&str, Make)] = &[
    ("ok", Script::default),
    ("echo", || Script {
        echo: true,
        ..Script::default()
    }),
    ("crlf", || Script {
        crlf: true,
        ..Script::default()
    }),
    ("split", || Script {
        chunking: Chunking::Bytes(7),
        ..Script::default()
    }),
    ("whole", || Script {
        chunking: Chunking::Whole,
        ..Script::default()
    }),
    ("no-final-blank-line", || Script {
        final_blank_line: false,
        ..Script::default()
    }),
    ("no-terminal-event", || Script {
        terminal_event: false,
        ..Script::default()
    }),
    ("no-usage", || Script {
        report: Report::Missing,
        ..Script::default()
    }),
    ("delta-output-only", || Script {
        report: Report::DeltaOutputOnly,
        ..Script::default()
    }),
    ("gzip", || Script {
        compression: Some(Compression::Gzip),
        ..Script::default()
    }),
    ("deflate", || Script {
        compression: Some(Compression::Deflate),
        ..Script::default()
    }),
    ("br", || Script {
        compression: Some(Compression::Br),
        ..Script::default()
    }),
    ("zstd", || Script {
        compression: Some(Compression::Zstd),
        ..Script::default()
    }),
    ("incomplete", || Script {
        ending: Ending::Incomplete,
        ..Script::default()
    }),
    ("failed", || Script {
        ending: Ending::Failed,
        ..Script::default()
    }),
    ("slow", || Script {
        header_delay_ms: 200,
        chunk_delay_ms: 100,
        ..Script::default()
    }),
    ("hold", || Script {
        hold: Some(HoldPoint::AfterFrames(3)),
        ..Script::default()
    }),
    ("cut", || Script::fault(Fault::Cut { after: 3 })),
    ("error-event", || Script::fault(Fault::ErrorEvent { after: 3 })),
    ("hang", || Script::fault(Fault::Hang)),
    ("drop", || Script::fault(Fault::Drop)),
    ("refuse-stream-options", || Script {
        refuse_stream_options: true,
        ..Script::default()
    }),
    ("error-400", || Script::status(400)),
    ("error-401", || Script::status(401)),
    ("error-429", || {
        Script::fault(Fault::Status {
            code: 429,
            retry_after: Some(1),
        })
    }),
    ("error-500", || Script::status(500)),
    ("error-503", || Script::status(503)),
];

pub(super) fn find(name: &str) -> Option<Script> {
    PRESETS
        .iter()
        .find(|(known, _)| *known == name)
        .map(|(_, make)| make())
}

pub(super) fn names() -> impl Iterator<Item = &'static str> {
    PRESETS.iter().map(|(name, _)| *name)
}
