//! Which script a request gets.

use std::collections::{BTreeMap, VecDeque};

use super::presets;
use super::script::Script;

/// Stands for every model.
pub(super) const ANY_MODEL: &str = "*";

/// Before the name of a preset in a model name.
const MODEL_PREFIX: &str = "sim-";
/// Before the name of a preset in a user field.
const MARKER_PREFIX: &str = "sim:";

/// Scripts by model: one-shot queues first, then standing orders.
#[derive(Debug, Default)]
pub(super) struct Scripts {
    next: BTreeMap<String, VecDeque<(Script, usize)>>,
    standing: BTreeMap<String, Script>,
}

impl Scripts {
    pub(super) fn set(&mut self, model: &str, script: Script) {
        self.standing.insert(model.to_owned(), script);
    }

    pub(super) fn push(&mut self, model: &str, script: Script, times: usize) {
        if times > 0 {
            self.next
                .entry(model.to_owned())
                .or_default()
                .push_back((script, times));
        }
    }

    pub(super) fn clear(&mut self) {
        *self = Self::default();
    }

    /// The script of the next request for `model`, whose user field says `marker`.
    pub(super) fn take(&mut self, model: &str, marker: Option<&str>) -> Script {
        self.take_next(model)
            .or_else(|| self.take_next(ANY_MODEL))
            .or_else(|| {
                marker
                    .and_then(|text| text.strip_prefix(MARKER_PREFIX))
                    .and_then(presets::find)
            })
            .or_else(|| self.standing.get(model).cloned())
            .or_else(|| model.strip_prefix(MODEL_PREFIX).and_then(presets::find))
            .or_else(|| self.standing.get(ANY_MODEL).cloned())
            .unwrap_or_default()
    }

    fn take_next(&mut self, model: &str) -> Option<Script> {
        let queue = self.next.get_mut(model)?;
        let (script, left) = queue.front_mut()?;
        *left -= 1;
        if *left > 0 {
            return Some(script.clone());
        }
        queue.pop_front().map(|(script, _)| script)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with_chunks(chunks: usize) -> Script {
        Script {
            chunks,
            ..Script::default()
        }
    }

    #[test]
    fn one_shot_scripts_come_before_standing_ones_and_are_used_up() {
        let mut scripts = Scripts::default();
        scripts.set("m", with_chunks(1));
        scripts.push("m", with_chunks(2), 2);
        scripts.push(ANY_MODEL, with_chunks(3), 1);
        let taken: Vec<_> = (0..5).map(|_| scripts.take("m", None).chunks).collect();
        assert_eq!(taken, [2, 2, 3, 1, 1]);
    }

    #[test]
    fn a_preset_is_chosen_by_model_name_or_user_field() {
        let mut scripts = Scripts::default();
        assert!(scripts.take("sim-crlf", None).crlf);
        assert!(scripts.take("gpt-4o", Some("sim:crlf")).crlf);
        assert!(!scripts.take("gpt-4o", Some("crlf")).crlf);
        assert_eq!(scripts.take("sim-unknown", None), Script::default());
    }
}
