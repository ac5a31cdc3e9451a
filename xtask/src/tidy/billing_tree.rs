//! `billing-core` is the one crate another service adds, so what it brings along is a closed list.

use super::{repo::Repo, violation::Violation};

const RULE: &str = "billing tree";
const MANIFEST: &str = "crates/billing-core/Cargo.toml";

/// Every package in its normal tree, itself included. No runtime, no HTTP, no database, no clock, no randomness: whoever
/// adds a line says in an ADR why everyone who embeds the crate should build that too.
const ALLOWED: &[&str] = &[
    // Ours.
    "billing-core",
    "tollgate-catalog",
    "tollgate-domain",
    "tollgate-metering",
    // Types: dates, ids, decimals.
    "arrayvec",
    "chrono",
    "num-traits",
    "rust_decimal",
    "uuid",
    // JSON.
    "itoa",
    "memchr",
    "serde",
    "serde_core",
    "serde_json",
    "zmij",
    // Content addresses.
    "block-buffer",
    "cfg-if",
    "const-oid",
    "cpufeatures",
    "crypto-common",
    "digest",
    "hex",
    "hybrid-array",
    "libc",
    "sha2",
    "typenum",
    // Compressed answers.
    "adler2",
    "alloc-no-stdlib",
    "alloc-stdlib",
    "brotli-decompressor",
    "crc32fast",
    "flate2",
    "miniz_oxide",
    "ruzstd",
    "simd-adler32",
    // Errors, and what derives need at build time.
    "proc-macro2",
    "quote",
    "serde_derive",
    "syn",
    "thiserror",
    "thiserror-impl",
    "unicode-ident",
];

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let brought = repo
        .billing_tree
        .iter()
        .filter(|name| !ALLOWED.contains(&name.as_str()));
    brought
        .map(|name| {
            let problem = format!("`billing-core` pulls in `{name}`");
            let fix = format!(
                "`cargo tree -p billing-core -e normal -i {name}` shows the way it came; drop the dependency or the \
                 feature, or argue for it in an ADR and list it in xtask/src/tidy/billing_tree.rs"
            );
            Violation::new(RULE, MANIFEST, 1, problem, fix)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(tree: &[&str]) -> usize {
        check(&Repo {
            billing_tree: tree.iter().map(|name| (*name).to_owned()).collect(),
            ..Repo::default()
        })
        .len()
    }

    #[test]
    fn only_listed_packages_pass() {
        assert_eq!(found(&["serde", "thiserror"]), 0);
        assert_eq!(found(&["serde", "tokio"]), 1);
        assert_eq!(found(&["iana-time-zone", "getrandom"]), 2);
    }
}
