//! `gateway export`

mod csv;
mod part;
mod reader;
mod totals;

use std::fs::File;
use std::io::{BufWriter, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};

use anyhow::{Context as _, Result};
use clap::{Args, ValueEnum};
use reqwest::Response;

use part::{Part, Reopened};
use reader::Reader;

use super::api::Query;
use super::connect::{Connect, Context};
use super::failure::Failure;
use super::resolve;

const PATH: &str = "billing/export";
/// Says as of when the ledger is exported, before the first row.
const AS_OF: &str = "x-tollgate-as-of";

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
    /// Continue what an earlier export left in FILE.part; begin where nothing is left.
    #[arg(long)]
    resume: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
enum Format {
    Csv,
    Jsonl,
}

/// Writes the export as it comes. A file gets its name only once it is complete.
pub(super) async fn run(context: &Context, args: ExportArgs) -> Result<()> {
    let query = args.query(context).await?;
    if args.output == Path::new("-") {
        if args.resume {
            return Err(Failure::usage("--resume continues a file; name it with --output"));
        }
        let mut reader = Reader::new(args.format);
        let response = args.ask(context, query).await?;
        let copied = copy(context, response, &mut reader, &mut std::io::stdout().lock()).await;
        return copied.map_err(|error| broken_off(error, "the export was cut; ask again"));
    }
    let part = Part::of(&args.output);
    let reopened = if args.resume {
        part.reopen(&query, args.format)?
    } else {
        None
    };
    let (mut reader, mut file, response) = match reopened {
        Some(there) if there.reader.is_complete() => (there.reader, there.file, None),
        Some(there) => continued(context, &args, query, there).await?,
        None => {
            let response = args.ask(context, query.clone()).await?;
            let as_of = response
                .headers()
                .get(AS_OF)
                .and_then(|value| value.to_str().ok());
            let file = part.create(&query, as_of)?;
            (Reader::new(args.format), file, Some(response))
        }
    };
    if let Some(response) = response {
        let copied = copy(context, response, &mut reader, &mut file).await;
        copied.map_err(|error| {
            let advice = if part.can_go_on() {
                "--resume continues it"
            } else {
                "ask again"
            };
            let kept = format!(
                "{} entries are in {}; {advice}",
                reader.rows(),
                part.path().display()
            );
            broken_off(error, &kept)
        })?;
    }
    part.finish(file)?;
    let mut err = std::io::stderr().lock();
    let output = args.output.display();
    writeln!(err, "{} entries in {output}, complete", reader.rows()).ok();
    Ok(())
}

/// Goes on after the last whole row that is there; from the beginning where there is none.
async fn continued(
    context: &Context,
    args: &ExportArgs,
    mut query: Query,
    there: Reopened,
) -> Result<(Reader, File, Option<Response>)> {
    let Reopened {
        mut reader,
        mut file,
        as_of,
    } = there;
    query.retain(|(name, _)| name != "as_of");
    query.push(("as_of".into(), as_of));
    match reader.last() {
        Some(last) => {
            query.push(("after".into(), last));
            reader.go_on()?;
        }
        None => reader = Reader::new(args.format),
    }
    let response = args.ask(context, query).await?;
    file.set_len(reader.whole()).context("continuing the file")?;
    file.seek(SeekFrom::End(0)).context("continuing the file")?;
    Ok((reader, file, Some(response)))
}

/// Writes whole rows as they come, and the last line in the end: that of the whole export, also where it was continued.
async fn copy(
    context: &Context,
    mut response: Response,
    reader: &mut Reader,
    out: &mut impl Write,
) -> Result<()> {
    let (mut held, mut written) = (Vec::new(), reader.whole());
    let mut out = BufWriter::new(out);
    while let Some(piece) = response
        .chunk()
        .await
        .map_err(|error| context.api.unreachable(&error))?
    {
        reader.push(&piece)?;
        held.extend_from_slice(&piece);
        let rows = usize::try_from(reader.whole() - written).context("counting what came")?;
        let rest = held.split_off(rows.min(held.len()));
        out.write_all(&held).context("writing the export")?;
        (held, written) = (rest, reader.whole());
    }
    let last = reader.last_line()?.ok_or_else(|| {
        Failure::Unreachable("the last line that says it is complete is missing".to_owned())
    })?;
    out.write_all(last.as_bytes()).context("writing the export")?;
    out.flush().context("writing the export")
}

/// The failure of a download, with what can be done.
fn broken_off(error: anyhow::Error, advice: &str) -> anyhow::Error {
    if error.is::<std::io::Error>() {
        return error.context(advice.to_owned());
    }
    Failure::Unreachable(format!("{error:#}; {advice}")).into()
}

impl ExportArgs {
    async fn ask(&self, context: &Context, query: Query) -> Result<Response> {
        let accept = match self.format {
            Format::Csv => "text/csv",
            Format::Jsonl => "application/x-ndjson",
        };
        context.api.stream(PATH, &query, accept, None).await
    }

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
