//! What a key may use.

use serde::{Deserialize, Serialize};

use crate::{ModelName, UpstreamId};

/// Which upstreams and models a key may use. What is `None` is not restricted; what is restricted stays so when the
/// upstream it names is deleted.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(default)]
pub struct KeyGrants {
    /// Only these upstreams.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub upstreams: Option<Vec<UpstreamId>>,
    /// Only models that one of these names matches; a trailing `*` matches any ending, as in an upstream's rules. It
    /// is the name the caller asks for that counts, not the one that is sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub models: Option<Vec<ModelName>>,
}

impl KeyGrants {
    /// Whether everything may be used.
    pub const fn is_unlimited(&self) -> bool {
        self.upstreams.is_none() && self.models.is_none()
    }

    /// Whether requests may go to an upstream.
    pub fn allows_upstream(&self, upstream: UpstreamId) -> bool {
        self.upstreams
            .as_ref()
            .is_none_or(|granted| granted.contains(&upstream))
    }

    /// Whether a model may be asked for. A request that names none could be for any, so only a key without
    /// restriction may send it.
    pub fn allows_model(&self, model: Option<&ModelName>) -> bool {
        let Some(granted) = &self.models else { return true };
        model.is_some_and(|model| granted.iter().any(|pattern| model.is_matched_by(pattern)))
    }
}

#[cfg(test)]
mod tests {
    use uuid::Uuid;

    use super::*;

    fn models(patterns: &[&str]) -> KeyGrants {
        KeyGrants {
            models: Some(patterns.iter().map(|pattern| ModelName::new(*pattern)).collect()),
            upstreams: None,
        }
    }

    #[test]
    fn a_pattern_grants_any_ending_and_a_name_itself_alone() {
        let grants = models(&["gpt-5*", "o3"]);
        for (model, granted) in [
            ("gpt-5", true),
            ("gpt-5-mini", true),
            ("gpt-4o", false),
            ("o3", true),
            ("o3-pro", false),
        ] {
            assert_eq!(
                grants.allows_model(Some(&ModelName::new(model))),
                granted,
                "{model}"
            );
        }
    }

    #[test]
    fn a_request_without_a_model_needs_a_key_without_restriction() {
        assert!(!models(&["*"]).allows_model(None));
        assert!(KeyGrants::default().allows_model(None));
    }

    #[test]
    fn only_named_upstreams_are_granted_where_any_are_named() {
        let id = |n| UpstreamId::new(Uuid::from_u128(n));
        let grants = KeyGrants {
            upstreams: Some(vec![id(1)]),
            models: None,
        };
        assert!(grants.allows_upstream(id(1)) && !grants.allows_upstream(id(2)));
        assert!(KeyGrants::default().allows_upstream(id(2)));
    }
}
