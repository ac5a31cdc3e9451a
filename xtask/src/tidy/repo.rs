//! Everything the checks look at, read once.

use std::{collections::BTreeSet, fs, path::Path};

use anyhow::Context;
use cargo_metadata::{DependencyKind, Metadata, semver::Version};

use super::policy::Policy;
use crate::{cargo, git, migrations::Lock, process};

/// Larger files are data; nobody writes them by hand.
const LARGEST_TEXT: u64 = 512 * 1024;

/// The repository as the checks see it.
#[derive(Debug, Default)]
pub(crate) struct Repo {
    pub(crate) files: Vec<SourceFile>,
    pub(crate) members: Vec<Member>,
    /// Every package built for the supported platforms, workspace members included.
    pub(crate) packages: Vec<Package>,
    /// `Cargo.lock`.
    pub(crate) lockfile: String,
    pub(crate) policy: Policy,
    /// Names in `billing-core`'s normal dependency tree, itself included.
    pub(crate) billing_tree: BTreeSet<String>,
    /// `migrations.lock` as the main branch has it.
    pub(crate) merged_migrations: Lock,
}

/// A file git tracks or would track.
#[derive(Debug)]
pub(crate) struct SourceFile {
    /// Relative to the root, with slashes.
    pub(crate) path: String,
    /// Empty for binary files and for large ones.
    pub(crate) text: String,
}

/// A crate of the workspace.
#[derive(Debug)]
pub(crate) struct Member {
    pub(crate) name: String,
    /// Relative to the root, with slashes: `crates/domain`.
    pub(crate) directory: String,
    pub(crate) manifest: String,
    pub(crate) dependencies: Vec<Dependency>,
}

/// A declared dependency, optional ones included.
#[derive(Debug)]
pub(crate) struct Dependency {
    pub(crate) name: String,
    /// The name it has in code, where the manifest renames it.
    pub(crate) rename: Option<String>,
    pub(crate) kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Normal,
    Dev,
    Build,
}

/// A package of the resolved graph.
#[derive(Debug)]
pub(crate) struct Package {
    pub(crate) name: String,
    pub(crate) version: Version,
    /// The SPDX expression of its manifest.
    pub(crate) licence: Option<String>,
}

impl Repo {
    /// Reads the repository at `root`.
    pub(crate) fn load(root: &Path) -> anyhow::Result<Self> {
        let policy = fs::read_to_string(root.join("deny.toml")).context("cannot read deny.toml")?;
        let policy = Policy::parse(&policy).context("deny.toml is not valid")?;
        let metadata = cargo::metadata(root)?;
        Ok(Self {
            files: files(root)?,
            members: members(root, &metadata)?,
            packages: packages(root, &policy.graph.targets)?,
            lockfile: fs::read_to_string(root.join("Cargo.lock")).context("cannot read Cargo.lock")?,
            billing_tree: billing_tree(root)?,
            merged_migrations: crate::migrations::merged(root),
            policy,
        })
    }

    /// The files of one extension.
    pub(crate) fn with_extension<'a>(&'a self, extension: &'a str) -> impl Iterator<Item = &'a SourceFile> {
        self.files
            .iter()
            .filter(move |file| file.extension() == extension)
    }
}

impl SourceFile {
    /// What follows the last dot of the file's name; empty without one.
    pub(crate) fn extension(&self) -> &str {
        Path::new(&self.path)
            .extension()
            .and_then(|e| e.to_str())
            .unwrap_or_default()
    }

    /// Whether the file says of itself that a program wrote it.
    pub(crate) fn is_generated(&self) -> bool {
        self.text.lines().take(5).any(|line| line.contains("@generated"))
    }
}

impl Member {
    /// The manifest's path.
    pub(crate) fn manifest_path(&self) -> String {
        format!("{}/Cargo.toml", self.directory)
    }
}

fn files(root: &Path) -> anyhow::Result<Vec<SourceFile>> {
    let mut files = Vec::new();
    for path in git::files(root)? {
        let full = root.join(&path);
        // Listed but deleted in the working tree, or a link to elsewhere.
        let Ok(metadata) = fs::symlink_metadata(&full) else {
            continue;
        };
        if !metadata.is_file() {
            continue;
        }
        let text = if metadata.len() > LARGEST_TEXT {
            String::new()
        } else {
            let bytes = fs::read(&full).with_context(|| format!("cannot read {path}"))?;
            String::from_utf8(bytes).unwrap_or_default()
        };
        files.push(SourceFile { path, text });
    }
    Ok(files)
}

fn members(root: &Path, metadata: &Metadata) -> anyhow::Result<Vec<Member>> {
    let mut members = Vec::new();
    for package in metadata.workspace_packages() {
        let manifest_path = package.manifest_path.as_std_path();
        let directory = manifest_path.parent().and_then(|d| d.strip_prefix(root).ok());
        let directory = directory.with_context(|| format!("{} is outside the workspace", package.name))?;
        let dependencies = package.dependencies.iter().map(|dependency| Dependency {
            name: dependency.name.clone(),
            rename: dependency.rename.clone(),
            kind: match dependency.kind {
                DependencyKind::Development => Kind::Dev,
                DependencyKind::Build => Kind::Build,
                _ => Kind::Normal,
            },
        });
        members.push(Member {
            name: package.name.to_string(),
            directory: directory.to_string_lossy().replace('\\', "/"),
            manifest: fs::read_to_string(manifest_path)
                .with_context(|| format!("cannot read {}", package.manifest_path))?,
            dependencies: dependencies.collect(),
        });
    }
    Ok(members)
}

/// What is really built for the supported platforms, with all features. From `cargo tree`: the resolve graph of the
/// metadata and `Cargo.lock` also hold what no feature in use ever reaches.
fn packages(root: &Path, targets: &[String]) -> anyhow::Result<Vec<Package>> {
    let mut command = cargo::command(root, "tree");
    command.args([
        "--workspace",
        "--all-features",
        "--edges",
        "normal,build,dev",
        "--prefix",
        "none",
    ]);
    for target in targets {
        command.args(["--target", target]);
    }
    let tree = process::capture(command.args(["--format", "{p}|{l}"]))?;
    let lines: BTreeSet<&str> = tree.lines().map(|line| line.trim_end_matches(" (*)")).collect();
    lines
        .into_iter()
        .filter(|line| !line.is_empty())
        .map(package)
        .collect()
}

/// Reads `name v1.2.3 (remark)|licence`.
fn package(line: &str) -> anyhow::Result<Package> {
    let (description, licence) = line
        .rsplit_once('|')
        .context("cargo tree wrote an unexpected line")?;
    let mut words = description.split_whitespace();
    let name = words.next().unwrap_or_default().to_owned();
    let version = words.next().unwrap_or_default().trim_start_matches('v');
    let version = Version::parse(version).with_context(|| format!("`{description}` names no version"))?;
    Ok(Package {
        name,
        version,
        licence: (!licence.is_empty()).then(|| licence.to_owned()),
    })
}

/// Of that package alone, not of the workspace: what the server
/// switches on in a crate is not what another service gets that adds `billing-core` alone.
fn billing_tree(root: &Path) -> anyhow::Result<BTreeSet<String>> {
    let mut command = cargo::command(root, "tree");
    command.args([
        "-p",
        "billing-core",
        "--edges",
        "normal",
        "--prefix",
        "none",
        "--format",
        "{p}",
    ]);
    let tree = process::capture(&mut command)?;
    Ok(tree
        .lines()
        .filter_map(|line| line.split_whitespace().next())
        .map(str::to_owned)
        .collect())
}

#[cfg(test)]
mod tests {
    use super::package;

    #[test]
    fn a_line_of_the_tree_is_read_with_and_without_a_licence() {
        let read = package("serde_derive v1.0.229 (proc-macro)|MIT OR Apache-2.0").unwrap();
        assert_eq!(
            (read.name.as_str(), read.version.to_string().as_str()),
            ("serde_derive", "1.0.229")
        );
        assert_eq!(read.licence.as_deref(), Some("MIT OR Apache-2.0"));
        assert_eq!(package("odd v0.1.0|").unwrap().licence, None);
    }
}

#[cfg(test)]
pub(super) mod fixture {
    //! Repositories made up for the checks' own tests.

    use super::{Dependency, Kind, Member, Package, Repo, SourceFile};

    impl Repo {
        /// A repository of these files.
        pub(in crate::tidy) fn of_files(files: &[(&str, &str)]) -> Self {
            let files = files.iter().map(|(path, text)| SourceFile {
                path: (*path).into(),
                text: (*text).into(),
            });
            Self {
                files: files.collect(),
                ..Self::default()
            }
        }

        /// A workspace of one crate with this manifest and these dependencies.
        pub(in crate::tidy) fn of_member(name: &str, manifest: &str, uses: &[(&str, Kind)]) -> Self {
            let dependencies = uses.iter().map(|(name, kind)| Dependency {
                name: (*name).into(),
                rename: None,
                kind: *kind,
            });
            let member = Member {
                name: name.into(),
                directory: format!("crates/{name}"),
                manifest: manifest.into(),
                dependencies: dependencies.collect(),
            };
            Self {
                members: vec![member],
                ..Self::default()
            }
        }

        /// A resolved graph of these packages: name, version, licence.
        pub(in crate::tidy) fn of_packages(packages: &[(&str, &str, Option<&str>)]) -> Self {
            let packages = packages.iter().map(|(name, version, licence)| Package {
                name: (*name).into(),
                version: version.parse().unwrap(),
                licence: licence.map(Into::into),
            });
            Self {
                packages: packages.collect(),
                ..Self::default()
            }
        }
    }
}
