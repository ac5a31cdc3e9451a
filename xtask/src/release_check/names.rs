//! The names a crate exports at its root. cargo-semver-checks does not follow a re-export into another crate, and those
//! are most of what `billing-core` offers.

use std::collections::BTreeSet;
use std::path::Path;

use anyhow::{Context, bail};
use syn::{Item, UseTree, Visibility};

use super::PUBLISHED;
use crate::{git, out};

/// Fails where a name that the tagged release exports is gone, unless the version says that it may be.
pub(super) fn check(root: &Path, tag: &str) -> anyhow::Result<()> {
    let manifest = std::fs::read_to_string(root.join("Cargo.toml")).context("cannot read Cargo.toml")?;
    let tagged = git::show(root, tag, "Cargo.toml").context("the tag has no Cargo.toml")?;
    let (before, now) = (version(&tagged)?, version(&manifest)?);
    let mut gone = Vec::new();
    for name in PUBLISHED {
        let path = format!("crates/{}/src/lib.rs", name.trim_start_matches("tollgate-"));
        // A crate that is new since has nothing to lose.
        let Some(tagged) = git::show(root, tag, &path) else {
            continue;
        };
        let current =
            std::fs::read_to_string(root.join(&path)).with_context(|| format!("cannot read {path}"))?;
        let lost = missing(&exported(&tagged)?, &exported(&current)?);
        gone.extend(lost.into_iter().map(|lost| format!("{name}: {lost}")));
    }
    let gone = gone.join(", ");
    if gone.is_empty() {
        out::line(format_args!("every name exported at {tag} is still there"))?;
    } else if may_break(&before, &now) {
        out::line(format_args!("gone since {tag}, as {now} allows: {gone}"))?;
    } else {
        bail!("gone since {tag}, which {now} must not break: {gone}");
    }
    Ok(())
}

fn missing(before: &BTreeSet<String>, now: &BTreeSet<String>) -> Vec<String> {
    before.difference(now).cloned().collect()
}

/// What `pub use` exports, under the names users write.
fn exported(source: &str) -> anyhow::Result<BTreeSet<String>> {
    let file = syn::parse_file(source).context("cannot parse the root of a crate")?;
    let mut names = BTreeSet::new();
    for item in file.items {
        if let Item::Use(item) = item
            && matches!(item.vis, Visibility::Public(_))
        {
            collect(&item.tree, &mut names)?;
        }
    }
    Ok(names)
}

fn collect(tree: &UseTree, names: &mut BTreeSet<String>) -> anyhow::Result<()> {
    match tree {
        UseTree::Path(path) => collect(&path.tree, names)?,
        UseTree::Name(name) => drop(names.insert(name.ident.to_string())),
        UseTree::Rename(rename) => drop(names.insert(rename.rename.to_string())),
        UseTree::Group(group) => {
            for tree in &group.items {
                collect(tree, names)?;
            }
        }
        UseTree::Glob(_) => bail!("a glob exports names that cannot be compared: name them one by one"),
    }
    Ok(())
}

fn version(manifest: &str) -> anyhow::Result<String> {
    let manifest: toml::Table = manifest.parse().context("Cargo.toml is not TOML")?;
    let version = manifest
        .get("workspace")
        .and_then(|workspace| workspace.get("package"))
        .and_then(|package| package.get("version"))
        .and_then(toml::Value::as_str);
    Ok(version
        .context("Cargo.toml names no version of the workspace")?
        .to_owned())
}

/// Whether going from one version to the other announces a break: another major version, or below 1.0 another minor.
fn may_break(before: &str, now: &str) -> bool {
    let significant = |version: &str| {
        let mut parts = version.split('.').map(str::to_owned);
        let major = parts.next();
        let minor = if major.as_deref() == Some("0") {
            parts.next()
        } else {
            None
        };
        (major, minor)
    };
    significant(before) != significant(now)
}

#[cfg(test)]
mod tests {
    use super::{exported, may_break, missing};

    #[test]
    fn names_are_those_users_write() {
        let root = "pub use a::{b::C, D as E};\n#[cfg(feature = \"x\")]\npub use f::G;\nuse h::I;\npub(crate) use j::K;\n";
        let names: Vec<String> = exported(root).unwrap().into_iter().collect();
        assert_eq!(names, ["C", "E", "G"]);
    }

    #[test]
    fn a_glob_cannot_be_compared() {
        let error = exported("pub use a::*;").unwrap_err();
        assert!(error.to_string().contains("one by one"), "{error}");
    }

    #[test]
    fn an_export_taken_back_is_missing_and_an_added_one_is_not() {
        let before = exported("pub use a::{B, C};").unwrap();
        let now = exported("pub use a::{C, D};").unwrap();
        assert_eq!(missing(&before, &now), ["B"]);
    }

    #[test]
    fn only_a_version_that_announces_it_may_break() {
        assert!(!may_break("0.1.0", "0.1.9"));
        assert!(may_break("0.1.0", "0.2.0"));
        assert!(!may_break("1.1.0", "1.2.0"));
        assert!(may_break("1.9.0", "2.0.0"));
    }
}
