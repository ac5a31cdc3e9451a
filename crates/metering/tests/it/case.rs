//! A corpus file: a TOML head, `---`, and the body as the provider sends it.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use serde::Deserialize;
use tollgate_domain::{MediaFormat, Meter, ModelName, Protocol, ProviderName, Usage, UsageSource};
use tollgate_metering::{BodyKind, ContentCoding, MeterSpec, Reading, ResponseMeter};

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Head {
    /// Where the shape is documented, or what it stands for.
    source: String,
    protocol: Protocol,
    provider: ProviderName,
    kind: Kind,
    /// What line ends in the file stand for.
    line_end: Option<LineEnd>,
    /// Files of one exchange must read alike, streamed or not.
    exchange: Option<String>,
    usage: Option<BTreeMap<Meter, u64>>,
    expect: Expect,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Kind {
    Json,
    Sse,
    JsonArray,
    Opaque,
}

#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(rename_all = "snake_case")]
enum LineEnd {
    Crlf,
    Cr,
}

/// What is not said is expected to be absent; a complete answer with output is the rule.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Expect {
    model: Option<String>,
    tier: Option<String>,
    id: Option<String>,
    finish: Option<String>,
    error: Option<String>,
    problem: Option<String>,
    cost: Option<String>,
    size: Option<String>,
    quality: Option<String>,
    #[serde(default)]
    tool_calls: BTreeMap<Meter, u64>,
    #[serde(default)]
    free_refusal: bool,
    #[serde(default)]
    flags: Vec<String>,
    #[serde(default)]
    modifiers: Vec<String>,
    usage_source: Option<UsageSource>,
    complete: Option<bool>,
    has_output: Option<bool>,
}

pub(crate) struct Case {
    pub(crate) name: String,
    pub(crate) spec: MeterSpec,
    pub(crate) kind: BodyKind,
    pub(crate) exchange: Option<String>,
    pub(crate) body: Vec<u8>,
    /// All but `provider_usage`, which the body shows.
    pub(crate) expected: Reading,
}

impl Case {
    /// Every file of the corpus, by name.
    pub(crate) fn all() -> &'static [Self] {
        static CASES: LazyLock<Vec<Case>> = LazyLock::new(Case::load);
        &CASES
    }

    pub(crate) fn named(name: &str) -> &'static Self {
        Self::all().iter().find(|case| case.name == name).unwrap()
    }

    fn load() -> Vec<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/corpus");
        let mut cases = Vec::new();
        for folder in fs::read_dir(root).unwrap() {
            let folder = folder.unwrap().path();
            for file in fs::read_dir(&folder).unwrap() {
                let file = file.unwrap().path();
                let name = format!(
                    "{}/{}",
                    folder.file_name().unwrap().to_string_lossy(),
                    file.file_stem().unwrap().to_string_lossy()
                );
                cases.push(Self::parse(name, &fs::read_to_string(&file).unwrap()));
            }
        }
        cases.sort_by(|a, b| a.name.cmp(&b.name));
        cases
    }

    fn parse(name: String, text: &str) -> Self {
        let (head, body) = text
            .split_once("\n---\n")
            .unwrap_or_else(|| panic!("{name}: no ---"));
        let head: Head = toml::from_str(head).unwrap_or_else(|error| panic!("{name}: {error}"));
        assert!(!head.source.is_empty(), "{name}: no source");
        let body = match head.line_end {
            None => body.to_owned(),
            Some(LineEnd::Crlf) => body.replace('\n', "\r\n"),
            Some(LineEnd::Cr) => body.replace('\n', "\r"),
        };
        let expect = head.expect;
        let vector = |counts: BTreeMap<Meter, u64>| {
            let with = |usage: Usage, (meter, count)| usage.with(meter, count).unwrap();
            counts.into_iter().fold(Usage::new(), with)
        };
        let usage = head.usage.map(vector);
        let natural = if usage.is_some() {
            UsageSource::Reported
        } else {
            UsageSource::None
        };
        let expected = Reading {
            usage_source: expect.usage_source.unwrap_or(natural),
            usage,
            tool_calls: vector(expect.tool_calls),
            free_refusal: expect.free_refusal,
            provider_usage: None,
            provider_reported_cost: expect.cost.map(|cost| cost.parse().unwrap()),
            model_served: expect.model.map(ModelName::new),
            tier_served: expect.tier,
            response_id: expect.id,
            finish_reason: expect.finish,
            modifiers: expect.modifiers,
            flags: expect.flags,
            problem: expect.problem,
            complete: expect.complete.unwrap_or(true),
            stream_error: expect.error,
            has_output: expect.has_output.unwrap_or(true),
            media: expect
                .size
                .is_some()
                .then_some(())
                .or(expect.quality.is_some().then_some(()))
                .map(|()| MediaFormat {
                    size: expect.size.map(Into::into),
                    quality: expect.quality.map(Into::into),
                }),
            generated: None,
        };
        Self {
            name,
            spec: MeterSpec {
                protocol: head.protocol,
                provider: head.provider,
            },
            kind: match head.kind {
                Kind::Json => BodyKind::Json,
                Kind::Sse => BodyKind::Sse,
                Kind::JsonArray => BodyKind::JsonArray,
                Kind::Opaque => BodyKind::Opaque,
            },
            exchange: head.exchange,
            body: body.into_bytes(),
            expected,
        }
    }

    pub(crate) fn meter(&self, coding: ContentCoding) -> ResponseMeter {
        ResponseMeter::new(&self.spec, self.kind, coding)
    }

    /// Reads the body in pieces of `step` bytes.
    pub(crate) fn read_by(&self, step: usize) -> Reading {
        let mut meter = self.meter(ContentCoding::Identity);
        for piece in self.body.chunks(step.max(1)) {
            meter.push(piece);
        }
        meter.finish()
    }

    pub(crate) fn read(&self) -> Reading {
        self.read_by(self.body.len())
    }
}
