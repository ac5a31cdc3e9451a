//! Crates that must not be in `Cargo.lock`, by `bans.deny` of `deny.toml`.

use super::{repo::Repo, scan, violation::Violation};

const RULE: &str = "banned crates";

pub(super) fn check(repo: &Repo) -> Vec<Violation> {
    let mut violations = Vec::new();
    for ban in &repo.policy.bans.deny {
        let entry = format!("name = \"{}\"", ban.spec);
        if !repo.lockfile.lines().any(|line| line == entry) {
            continue;
        }
        let line = scan::line_where(&repo.lockfile, |line| line == entry);
        let problem = format!("`{}` is banned: {}", ban.spec, ban.reason);
        let fix = format!(
            "`cargo tree --workspace -i {}` shows who pulls it in; switch that feature off",
            ban.spec
        );
        violations.push(Violation::new(RULE, "Cargo.lock", line, problem, fix));
    }
    violations
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tidy::policy::Policy;

    #[test]
    fn a_banned_crate_in_the_lockfile_is_found_and_one_with_a_longer_name_is_not() {
        let policy = "[bans]\ndeny = [{ crate = \"openssl\", reason = \"rustls\" }]";
        let found = |lockfile: &str| {
            let policy = Policy::parse(policy).unwrap();
            check(&Repo {
                lockfile: lockfile.to_owned(),
                policy,
                ..Repo::default()
            })
        };
        assert_eq!(found("[[package]]\nname = \"openssl-probe\"\n"), []);
        let wrong = found("[[package]]\nname = \"openssl\"\n");
        assert_eq!(wrong.len(), 1);
        assert_eq!(wrong[0].line, 2);
    }
}
