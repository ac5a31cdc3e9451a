//! An upstream as asked for, before it is known to be valid.

use std::collections::{BTreeSet, HashSet};

use secrecy::ExposeSecret;
use tollgate_domain::{BillBy, OnUnpriced, Protocol, ProviderName, ReportedCostPolicy, Upstream};
use url::{Host, Url};

use super::json::{Credential, ModelRule};
use crate::billing::{ModelMultipliersJson, check_model_multipliers, checked_multiplier};
use crate::field::FieldErrors;
use crate::problem::Problem;

const NAME_MAX: usize = 100;
const PROVIDER_MAX: usize = 64;
const BASE_URL_MAX: usize = 2048;
const LABEL_MAX: usize = 200;
const CREDENTIAL_MAX: usize = 4096;
pub(super) const MODEL_MAX: usize = 256;
const RULES_MAX: usize = 1000;
const MODIFIERS_MAX: usize = 20;
const MODIFIER_MAX: usize = 64;

/// All that an operator sets, as sent or as it is.
#[derive(Debug, Clone)]
pub(super) struct UpstreamDraft {
    pub(super) name: String,
    pub(super) provider: String,
    pub(super) protocols: Vec<Protocol>,
    pub(super) base_url: String,
    pub(super) account_label: Option<String>,
    pub(super) priority: i64,
    pub(super) weight: i64,
    pub(super) models: Vec<ModelRule>,
    pub(super) bill_by: BillBy,
    pub(super) reported_cost: ReportedCostPolicy,
    pub(super) input_multiplier: String,
    pub(super) output_multiplier: String,
    pub(super) allow_free: bool,
    pub(super) model_multipliers: Vec<ModelMultipliersJson>,
    pub(super) price_modifiers: Vec<String>,
    pub(super) on_unpriced: Option<OnUnpriced>,
    pub(super) estimate_missing_usage: Option<bool>,
    pub(super) enabled: bool,
}

impl UpstreamDraft {
    /// What an upstream is now.
    pub(super) fn of(upstream: &Upstream) -> Self {
        Self {
            name: upstream.name.clone(),
            provider: upstream.provider.to_string(),
            protocols: upstream.protocols.iter().copied().collect(),
            base_url: upstream.base_url.clone(),
            account_label: upstream.account_label.clone(),
            priority: i64::from(upstream.priority),
            weight: i64::from(upstream.weight),
            models: upstream.models.iter().map(Into::into).collect(),
            bill_by: upstream.bill_by,
            reported_cost: upstream.reported_cost,
            input_multiplier: upstream.input_multiplier.to_string(),
            output_multiplier: upstream.output_multiplier.to_string(),
            allow_free: upstream.allow_free,
            model_multipliers: upstream.model_multipliers.iter().map(Into::into).collect(),
            price_modifiers: upstream.price_modifiers.clone(),
            on_unpriced: upstream.on_unpriced,
            estimate_missing_usage: upstream.estimate_missing_usage,
            enabled: upstream.enabled,
        }
    }

    /// Puts the draft onto an upstream, or names every field at fault. `credential` is the new one, if there is one.
    pub(super) fn onto(self, base: Upstream, credential: Option<&Credential>) -> Result<Upstream, Problem> {
        let mut errors = FieldErrors::default();
        errors.text("name", &self.name, NAME_MAX);
        check_provider(&mut errors, &self.provider);
        if self.protocols.is_empty() {
            errors.push("protocols", "must name at least one protocol");
        }
        let base_url = errors.keep("base_url", checked_base_url(&self.base_url));
        if let Some(label) = &self.account_label {
            errors.text("account_label", label, LABEL_MAX);
        }
        if let Some(credential) = credential {
            check_credential(&mut errors, credential);
        }
        check_models(&mut errors, &self.models);
        let priority = errors.number("priority", self.priority, 0..=1000);
        let weight = errors.number("weight", self.weight, 1..=1000);
        let free = self.allow_free;
        let input = checked_multiplier(&mut errors, "input_multiplier", &self.input_multiplier, free);
        let output = checked_multiplier(&mut errors, "output_multiplier", &self.output_multiplier, free);
        let model_multipliers =
            check_model_multipliers("model_multipliers", &self.model_multipliers, &mut errors);
        check_price_modifiers(&mut errors, &self.price_modifiers);
        errors.into_result().map_err(Problem::invalid)?;
        Ok(Upstream {
            name: self.name,
            provider: ProviderName::new(self.provider),
            protocols: self.protocols.into_iter().collect::<BTreeSet<_>>(),
            base_url: base_url.unwrap_or_default(),
            account_label: self.account_label,
            priority: priority.unwrap_or_default(),
            weight: weight.unwrap_or_default(),
            models: self.models.into_iter().map(Into::into).collect(),
            bill_by: self.bill_by,
            reported_cost: self.reported_cost,
            input_multiplier: input.unwrap_or_default(),
            output_multiplier: output.unwrap_or_default(),
            allow_free: self.allow_free,
            model_multipliers,
            price_modifiers: self.price_modifiers,
            on_unpriced: self.on_unpriced,
            estimate_missing_usage: self.estimate_missing_usage,
            enabled: self.enabled,
            ..base
        })
    }
}

fn check_provider(errors: &mut FieldErrors, provider: &str) {
    errors.text("provider", provider, PROVIDER_MAX);
    let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "_-.".contains(c);
    if !provider.chars().all(allowed) {
        let message =
            format!("{provider:?} may only hold a-z, 0-9, \"_\", \"-\" and \".\" (for example \"openai\")");
        errors.push("provider", message);
    }
}

/// An absolute http(s) URL without credentials or fragment; without the slash at its end. Azure's version of the API is
/// the one thing its query may hold.
pub(super) fn checked_base_url(text: &str) -> Result<String, String> {
    // A URL with credentials or a query may hold a secret, so these messages do not repeat it.
    if text.len() > BASE_URL_MAX {
        return Err(format!(
            "has {} bytes; allowed are 1..={BASE_URL_MAX}",
            text.len()
        ));
    }
    let example = "for example \"https://api.openai.com\"";
    let url = Url::parse(text).map_err(|error| format!("is not an absolute URL ({error}); {example}"))?;
    if !matches!(url.scheme(), "http" | "https") {
        return Err(format!(
            "has the scheme {:?}; allowed are http and https; {example}",
            url.scheme()
        ));
    }
    if !url.username().is_empty() || url.password().is_some() {
        return Err("must hold no user name or password; use the field credential".to_owned());
    }
    if is_link_local(&url) {
        return Err("is a link-local address, where clouds hand out a machine's own credentials".to_owned());
    }
    let version = url.query().map(api_version);
    if version == Some(None) || url.fragment().is_some() {
        return Err("must have neither a fragment nor a query other than Azure's api-version".to_owned());
    }
    let version = version.flatten().map(|version| format!("?api-version={version}"));
    let mut bare = url.clone();
    bare.set_query(None);
    let trimmed = bare.as_str().trim_end_matches('/');
    for version in ["/v1", "/v1beta"] {
        if trimmed.ends_with(version) {
            return Err(format!(
                "{trimmed:?} ends in {version}, which the gateway appends itself; leave it off"
            ));
        }
    }
    Ok(format!("{trimmed}{}", version.unwrap_or_default()))
}

/// Whether a URL's host is an address that only a machine itself is meant to ask. Private addresses are fine: models may
/// be served from them.
fn is_link_local(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_link_local(),
        Some(Host::Ipv6(address)) => match address.to_ipv4_mapped() {
            Some(address) => address.is_link_local(),
            // EC2's address for IPv6 lies outside the link-local range.
            None => {
                address.is_unicast_link_local() || address.segments() == [0xfd00, 0xec2, 0, 0, 0, 0, 0, 0x254]
            }
        },
        Some(Host::Domain(name)) => name
            .trim_end_matches('.')
            .eq_ignore_ascii_case("metadata.google.internal"),
        None => false,
    }
}

/// The version in a query that holds nothing else.
fn api_version(query: &str) -> Option<&str> {
    let version = query.strip_prefix("api-version=")?;
    let plain = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.');
    ((1..=32).contains(&version.len()) && version.bytes().all(plain)).then_some(version)
}

fn check_credential(errors: &mut FieldErrors, credential: &Credential) {
    let text = credential.0.expose_secret();
    if text.is_empty() || text.len() > CREDENTIAL_MAX {
        let message = format!("has {} bytes; allowed are 1..={CREDENTIAL_MAX}", text.len());
        errors.push("credential", message);
    } else if !text.bytes().all(|byte| byte.is_ascii_graphic()) {
        errors.push("credential", "may only hold visible ASCII characters, no blanks");
    }
}

fn check_models(errors: &mut FieldErrors, rules: &[ModelRule]) {
    if rules.len() > RULES_MAX {
        errors.push(
            "models",
            format!("has {} rules; allowed are 0..={RULES_MAX}", rules.len()),
        );
        return;
    }
    let mut seen = HashSet::new();
    for (index, rule) in rules.iter().enumerate() {
        let field = format!("models[{index}].model");
        errors.text(&field, &rule.model, MODEL_MAX);
        let literal = rule.model.strip_suffix('*').unwrap_or(&rule.model);
        if literal.contains('*') {
            errors.push(
                &field,
                format!("{:?} has a \"*\" that is not its last character", rule.model),
            );
        }
        if !seen.insert(&rule.model) {
            errors.push(
                &field,
                format!("{:?} is named twice; only the first rule would count", rule.model),
            );
        }
        if let Some(name) = &rule.send_as {
            errors.text(&format!("models[{index}].send_as"), name, MODEL_MAX);
        }
    }
}

fn check_price_modifiers(errors: &mut FieldErrors, names: &[String]) {
    if names.len() > MODIFIERS_MAX {
        let message = format!("has {} modifiers; allowed are 0..={MODIFIERS_MAX}", names.len());
        return errors.push("price_modifiers", message);
    }
    let mut seen = HashSet::new();
    for (index, name) in names.iter().enumerate() {
        let field = format!("price_modifiers[{index}]");
        errors.text(&field, name, MODIFIER_MAX);
        if !seen.insert(name) {
            errors.push(field, format!("{name:?} is there twice"));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_url_is_absolute_http_and_loses_its_last_slash() {
        for (given, kept) in [
            ("https://api.openai.com", "https://api.openai.com"),
            ("https://api.openai.com/", "https://api.openai.com"),
            ("http://127.0.0.1:9000/openai/", "http://127.0.0.1:9000/openai"),
            ("HTTPS://Example.COM/a", "https://example.com/a"),
            (
                "https://r.openai.azure.com/?api-version=2024-10-21",
                "https://r.openai.azure.com?api-version=2024-10-21",
            ),
        ] {
            assert_eq!(checked_base_url(given).as_deref(), Ok(kept));
        }
        for wrong in [
            "",
            "api.openai.com",
            "/v1",
            "ftp://example.com",
            "https://",
            "https://user@example.com",
            "https://example.com/?key=1",
            "https://example.com/#a",
            "https://example.com/?api-version=1&key=s3cret",
            "https://example.com/v1?api-version=1",
            "https://api.openai.com/v1/",
            "https://example.com/v1beta",
            "http://169.254.169.254/latest",
            "http://[fe80::1]/",
            "http://[::ffff:169.254.169.254]",
            "http://[fd00:ec2::254]",
            "http://metadata.google.internal./x",
        ] {
            assert!(checked_base_url(wrong).is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn a_refused_url_never_repeats_the_secret_it_holds() {
        for url in [
            "https://user:s3cret@example.com",
            "https://example.com?key=s3cret",
            "s3cret://x?key=s3cret",
        ] {
            let message = checked_base_url(url).unwrap_err();
            assert!(
                !message.contains("key=s3cret") && !message.contains(":s3cret@"),
                "{message}"
            );
        }
    }
}
