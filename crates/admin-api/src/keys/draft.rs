//! A key as asked for, before it is known to be valid.

use std::collections::HashSet;

use tollgate_domain::{ApiKey, KeyRef, OnUnpriced, Timestamp, Upstream};
use uuid::Uuid;

use super::grants;

use crate::field::FieldErrors;
use crate::problem::Problem;
use crate::time_text::TimeText;

const NAME_MAX: usize = 100;
const OWNER_MAX: usize = 200;
const TAG_MAX: usize = 100;
const TAGS_MAX: usize = 50;

/// All that an operator sets, as sent or as it is.
#[derive(Debug, Clone)]
pub(super) struct KeyDraft {
    pub(super) name: String,
    pub(super) owner: Option<String>,
    pub(super) team: Option<String>,
    pub(super) tags: Vec<String>,
    pub(super) on_unpriced: Option<OnUnpriced>,
    pub(super) allowed_upstreams: Option<Vec<Uuid>>,
    pub(super) allowed_models: Option<Vec<String>>,
    pub(super) enabled: bool,
    pub(super) expires_at: Option<Timestamp>,
}

impl KeyDraft {
    /// What a key is now.
    pub(super) fn of(key: &ApiKey) -> Self {
        Self {
            name: key.name.clone(),
            owner: key.owner.clone(),
            team: key.team.clone(),
            tags: key.tags.clone(),
            on_unpriced: key.on_unpriced,
            allowed_upstreams: key
                .grants
                .upstreams
                .as_ref()
                .map(|ids| ids.iter().map(|id| id.uuid()).collect()),
            allowed_models: key
                .grants
                .models
                .as_ref()
                .map(|names| names.iter().map(ToString::to_string).collect()),
            enabled: key.enabled,
            expires_at: key.expires_at,
        }
    }

    /// Puts the draft onto a key, or names every field at fault. `expiry` is the new one, if there is one: an old one
    /// may have passed, a new one must lie ahead. `upstreams` are the living ones where the key's are new: those it had
    /// may be gone.
    pub(super) fn onto(
        self,
        base: ApiKey,
        expiry: Option<TimeText>,
        upstreams: Option<&[Upstream]>,
        now: Timestamp,
    ) -> Result<ApiKey, Problem> {
        let mut errors = FieldErrors::default();
        errors.text("name", &self.name, NAME_MAX);
        for (field, value) in [("owner", &self.owner), ("team", &self.team)] {
            if let Some(value) = value {
                errors.text(field, value, OWNER_MAX);
            }
        }
        if self.name == KeyRef::CONSOLE_NAME && base.name != self.name {
            let message = format!(
                "{:?} stands for the operator's own test calls; choose another name",
                self.name
            );
            errors.push("name", message);
        }
        check_tags(&mut errors, &self.tags);
        if let (Some(ids), Some(living)) = (&self.allowed_upstreams, upstreams) {
            grants::check_upstreams(&mut errors, ids, living);
        }
        if let Some(models) = &self.allowed_models {
            grants::check_models(&mut errors, models);
        }
        if let Some(TimeText(expiry)) = expiry.filter(|expiry| expiry.0 <= now) {
            let expiry = expiry.to_rfc3339_opts(chrono::SecondsFormat::AutoSi, true);
            errors.push(
                "expires_at",
                format!("{expiry} must lie in the future; to stop a key now, set enabled to false"),
            );
        }
        errors.into_result().map_err(Problem::invalid)?;
        Ok(ApiKey {
            name: self.name,
            owner: self.owner,
            team: self.team,
            tags: self.tags,
            on_unpriced: self.on_unpriced,
            grants: grants::grants(self.allowed_upstreams, self.allowed_models),
            enabled: self.enabled,
            expires_at: self.expires_at,
            updated_at: now,
            ..base
        })
    }
}

fn check_tags(errors: &mut FieldErrors, tags: &[String]) {
    if tags.len() > TAGS_MAX {
        errors.push(
            "tags",
            format!("has {} tags; allowed are 0..={TAGS_MAX}", tags.len()),
        );
        return;
    }
    let mut seen = HashSet::new();
    for (index, tag) in tags.iter().enumerate() {
        let field = format!("tags[{index}]");
        errors.text(&field, tag, TAG_MAX);
        if !seen.insert(tag) {
            errors.push(field, format!("{tag:?} is there twice"));
        }
    }
}
