//! The list of the console's files, as Rust.

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::Result;
use crate::sources::{collect, write_if_changed};

/// A built file and its path below the root.
pub(crate) struct File {
    path: String,
    source: PathBuf,
}

/// What the build made, by path; the compressed forms go with their file.
pub(crate) fn list(dist: &Path) -> Result<Vec<File>> {
    let mut sources = Vec::new();
    collect(dist, &mut sources)?;
    sources.sort();
    let mut files = Vec::new();
    for source in sources {
        let path = source.strip_prefix(dist)?.to_string_lossy().into_owned();
        // The build's own notes are hidden files; the compressed forms are listed with what they are forms of.
        let kind = path.rsplit('.').next().unwrap_or_default();
        if !path.starts_with('.') && kind != "br" && kind != "gz" {
            files.push(File { path, source });
        }
    }
    Ok(files)
}

/// Writes a Rust expression: a slice of `Asset`.
pub(crate) fn write(target: &Path, files: &[File]) -> Result<()> {
    let mut text = String::from("&[\n");
    for file in files {
        let include = |suffix: &str| {
            let path = PathBuf::from(format!("{}{suffix}", file.source.display()));
            path.is_file()
                .then(|| format!("include_bytes!({:?})", path.display().to_string()))
        };
        let whole = include("").ok_or("a built file is gone")?;
        let some =
            |bytes: Option<String>| bytes.map_or_else(|| "None".to_owned(), |bytes| format!("Some({bytes})"));
        writeln!(
            text,
            "    Asset {{ path: {:?}, content_type: {:?}, identity: {whole}, gzip: {}, brotli: {} }},",
            file.path,
            content_type(&file.path)?,
            some(include(".gz")),
            some(include(".br")),
        )?;
    }
    text.push(']');
    write_if_changed(target, &text)
}

fn content_type(path: &str) -> Result<&'static str> {
    let kind = match path.rsplit('.').next().unwrap_or_default() {
        "html" => "text/html; charset=utf-8",
        "js" => "text/javascript; charset=utf-8",
        "css" => "text/css; charset=utf-8",
        "json" => "application/json",
        "svg" => "image/svg+xml",
        "png" => "image/png",
        "txt" => "text/plain; charset=utf-8",
        "woff2" => "font/woff2",
        _ => return Err(format!("no content type is known for {path}").into()),
    };
    Ok(kind)
}
