//! `gateway export`

use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};

use super::api::Query;
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::resolve;

const PATH: &str = "billing/export";
/// The last line's beginning in either form: without it a download was cut.
const COMPLETE: [&str; 2] = ["# complete", "{\"export\":\"complete\""];
/// More of a last line than any trailer is long.
const TAIL: usize = 8 << 10;

#[derive(Debug, Args)]
pub(crate) struct ExportArgs {
    #[command(flatten)]
    pub(super) connect: Connect,
    /// In which form.
    #[arg(long, value_enum, default_value_t = Format::Csv)]
    format: Format,
    /// Dispatched at or after, as 2026-11-01T00:00:00Z.
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Dispatched before.
    #[arg(long, value_name = "TIME")]
    until: Option<String>,
    /// As the ledger stood then.
    #[arg(long, value_name = "TIME")]
    as_of: Option<String>,
    /// Of this key, by name or id.
    #[arg(long)]
    key: Option<String>,
    /// Of this team's keys.
    #[arg(long)]
    team: Option<String>,
    /// At this upstream, by name or id.
    #[arg(long)]
    upstream: Option<String>,
    /// With exactly this model.
    #[arg(long)]
    model: Option<String>,
    /// `billed`, `unbilled` or `no_charge`.
    #[arg(long, value_name = "STATUS")]
    billing_status: Option<String>,
    /// Where to write; - is standard output.
    #[arg(long, short, value_name = "FILE", default_value = "-")]
    output: PathBuf,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
}

/// What has been written.
struct Written {
    bytes: u64,
    /// The end of it.
    tail: Vec<u8>,
}

/// Writes the export as it comes. A file gets its name only once it is complete.
pub(super) async fn run(context: &Context, args: ExportArgs) -> Result<()> {
    let query = args.query(context).await?;
    let accept = match args.format {
        Format::Csv => "text/csv",
        Format::Jsonl => "application/x-ndjson",
    };
    if args.output == Path::new("-") {
        let written = copy(context, &query, accept, &mut std::io::stdout().lock()).await?;
        return written.check("what was written");
    }
    let partial = partial_name(&args.output);
    let file = File::create(&partial)
        .map_err(|error| Failure::usage(format!("{} cannot be written: {error}", partial.display())))?;
    let mut file = BufWriter::new(file);
    let copied = copy(context, &query, accept, &mut file).await;
    file.flush().context("writing the file")?;
    let what = partial.display().to_string();
    let written = match copied {
        Ok(written) => written,
        Err(error) => {
            // Nothing came: there is nothing worth keeping.
            if file
                .get_ref()
                .metadata()
                .is_ok_and(|metadata| metadata.len() == 0)
            {
                std::fs::remove_file(&partial).ok();
            }
            return Err(error);
        }
    };
    written.check(&what)?;
    std::fs::rename(&partial, &args.output)
        .with_context(|| format!("naming the file {}", args.output.display()))?;
    let mut err = std::io::stderr().lock();
    writeln!(
        err,
        "{} bytes in {}, complete",
        written.bytes,
        args.output.display()
    )
    .ok();
    Ok(())
}

async fn copy(context: &Context, query: &Query, accept: &str, out: &mut impl Write) -> Result<Written> {
    let mut response = context.api.stream(PATH, query, accept, None).await?;
    let mut written = Written {
        bytes: 0,
        tail: Vec::new(),
    };
    loop {
        let piece = response
            .chunk()
            .await
            .map_err(|error| context.api.unreachable(&error))?;
        let Some(piece) = piece else { break };
        out.write_all(&piece).context("writing the export")?;
        written.push(&piece);
    }
    out.flush().context("writing the export")?;
    Ok(written)
}

impl Written {
    fn push(&mut self, piece: &[u8]) {
        self.bytes += u64::try_from(piece.len()).unwrap_or(u64::MAX);
        self.tail.extend_from_slice(piece);
        let surplus = self.tail.len().saturating_sub(TAIL);
        self.tail.drain(..surplus);
    }

    /// Whether the last line says that this is all.
    fn check(&self, what: &str) -> Result<()> {
        let tail = String::from_utf8_lossy(&self.tail);
        let last = tail.trim_end().rsplit('\n').next().unwrap_or_default();
        let plain: String = last.split(": ").collect::<Vec<_>>().join(":");
        if COMPLETE.iter().any(|trailer| plain.starts_with(trailer)) {
            return Ok(());
        }
        let text = format!("the export was cut: {what} has no last line that says it is complete; ask again");
        Err(Failure::Unreachable(text).into())
    }
}

fn partial_name(file: &Path) -> PathBuf {
    let mut name = file.file_name().unwrap_or_default().to_owned();
    name.push(".part");
    file.with_file_name(name)
}

impl ExportArgs {
    async fn query(&self, context: &Context) -> Result<Query> {
        let format = match self.format {
            Format::Csv => "csv",
            Format::Jsonl => "jsonl",
        };
        let mut query: Query = vec![("format".into(), format.to_owned())];
        for (name, value) in [
            ("from", &self.from),
            ("until", &self.until),
            ("as_of", &self.as_of),
            ("team", &self.team),
            ("model", &self.model),
            ("billing_status", &self.billing_status),
        ] {
            query.extend(value.clone().map(|value| (name.into(), value)));
        }
        if let Some(key) = &self.key {
            query.push(("key_id".into(), resolve::id(context, "keys", key).await?));
        }
        if let Some(upstream) = &self.upstream {
            query.push((
                "upstream_id".into(),
                resolve::id(context, "upstreams", upstream).await?,
            ));
        }
        Ok(query)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_export_without_its_last_line_was_cut() {
        let check = |text: &str| {
            let mut written = Written {
                bytes: 0,
                tail: Vec::new(),
            };
            for piece in text.as_bytes().chunks(7) {
                written.push(piece);
            }
            written.check("it").is_ok()
        };
        assert!(check("a,b\n1,2\n# complete entries=1 cost_usd=2\n"));
        assert!(check("{\"a\":1}\n{\"export\": \"complete\", \"entries\": 1}\n"));
        assert!(check("{\"export\":\"complete\",\"entries\":0}"));
        assert!(!check("a,b\n1,2\n"));
        assert!(!check("a,b\n# complete entries=1\n1,2"));
        assert!(!check(""));
    }
}
