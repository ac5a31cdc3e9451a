//! `models` or `all`: nobody decides on everything by leaving something out.

use tollgate_domain::ModelName;

use crate::field::FieldErrors;
use crate::problem::Problem;

/// As many as a catalog may hold.
const MAX_MODELS: usize = 10_000;
const MAX_NAME: usize = 500;

/// The models chosen; `None` for all of them.
pub(crate) fn choice(
    models: Option<Vec<String>>,
    all: Option<bool>,
) -> Result<Option<Vec<ModelName>>, Problem> {
    let mut errors = FieldErrors::default();
    let chosen = match (models, all) {
        (Some(_), Some(true)) => {
            errors.push("all", "is true beside models; give one of the two");
            None
        }
        (None, Some(true)) => None,
        (None, _) => {
            errors.push("models", "is missing; give names, or \"all\": true");
            None
        }
        (Some(models), _) => {
            if models.is_empty() || models.len() > MAX_MODELS {
                errors.push(
                    "models",
                    format!("has {} items; allowed are 1..={MAX_MODELS}", models.len()),
                );
            }
            for (at, model) in models.iter().enumerate().take(MAX_MODELS) {
                errors.text(&format!("models[{at}]"), model, MAX_NAME);
            }
            let mut names: Vec<ModelName> = models.into_iter().map(ModelName::new).collect();
            names.sort();
            names.dedup();
            Some(names)
        }
    };
    errors.into_result().map_err(Problem::invalid)?;
    Ok(chosen)
}
