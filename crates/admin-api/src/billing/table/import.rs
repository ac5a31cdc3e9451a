//! From a table to rules in force: all rows or none.

use std::collections::{BTreeMap, HashMap, HashSet};

use billing_core::PriceBook;
use serde_json::Value;
use tollgate_domain::{Actor, ModelName, Upstream, UpstreamId};
use utoipa::IntoParams;

use super::body::TableBody;
use super::csv_text::RawRow;
use super::report::{ImportFault, ImportResponse, ImportRow, RowOutcome};
use super::row::{PlannedRow, RuleRow, Scene};
use crate::AdminState;
use crate::billing::effect::{current_book, upstreams};
use crate::billing::rule_change::{Outcome, Planned, Step};
use crate::extract::{QueryReader, message, parse_bool};
use crate::field::{FieldError, FieldErrors};
use crate::problem::Problem;

/// Rows of one import.
const ROWS_MAX: usize = 2_000;

/// How to import.
#[derive(Debug, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "documents what QueryReader takes")]
pub(in crate::billing) struct ImportParams {
    /// Whether only to say what would be done, which is what happens unless this is `false`.
    #[param(default = true)]
    dry_run: Option<bool>,
    /// Set it when the effect is wanted although the guard asks.
    #[param(default = false)]
    confirm: Option<bool>,
}

/// How to import.
#[derive(Debug, Clone, Copy)]
struct ImportOptions {
    dry_run: bool,
    confirm: bool,
}

/// The rules in force, by what they are for.
type InForce<V> = HashMap<(ModelName, Option<UpstreamId>), V>;

/// Reads rows one after the other.
struct Importer<'a, R: RuleRow> {
    state: &'a AdminState,
    actor: &'a Actor,
    in_force: InForce<R::Version>,
    upstreams: BTreeMap<UpstreamId, Upstream>,
    /// With the rows so far in force.
    book: PriceBook,
    seen: HashSet<(ModelName, Option<UpstreamId>)>,
    steps: Vec<Step>,
}

impl ImportOptions {
    /// Takes the parameters.
    fn take(query: &mut QueryReader) -> Self {
        Self {
            dry_run: query.take("dry_run", parse_bool).unwrap_or(true),
            confirm: query.take("confirm", parse_bool).unwrap_or(false),
        }
    }
}

/// Puts every rule of a table in force with one price version; or, on a dry run, says what that would do.
///
/// # Errors
/// `validation_failed` naming rows and fields, `confirmation_required` beyond the guard.
pub(in crate::billing) async fn import<R: RuleRow>(
    state: &AdminState,
    actor: &Actor,
    table: &TableBody,
    mut query: QueryReader,
) -> Result<ImportResponse, Problem> {
    let options = ImportOptions::take(&mut query);
    query.finish()?;
    let versions = R::in_force(&*state.store).await?.into_iter();
    let in_force: InForce<R::Version> = versions
        .map(|version| {
            let (name, upstream_id) = R::key(&version);
            ((name.clone(), upstream_id), version)
        })
        .collect();
    let rows = table.rows(R::COLUMNS)?;
    if rows.is_empty() || rows.len() > ROWS_MAX {
        let message = format!("has {} rows; allowed are 1..={ROWS_MAX}", rows.len());
        return Err(Problem::invalid_field("body", message));
    }
    let mut importer = Importer::<R> {
        state,
        actor,
        in_force,
        upstreams: upstreams(state).await?,
        book: (*current_book(state).await).clone(),
        seen: HashSet::new(),
        steps: Vec::new(),
    };
    let mut items: Vec<ImportRow> = (1..)
        .zip(rows)
        .map(|(number, row)| importer.row(number, row))
        .collect();
    let steps = importer.steps;
    let refused = items
        .iter()
        .filter(|row| row.outcome == RowOutcome::Refused)
        .count();
    let (mut version, mut effect) = (None, None);
    if options.dry_run {
        if refused == 0 && !steps.is_empty() {
            effect = Planned::new(state, &steps).await?.beyond_guard(state).await?;
        }
        for item in items.iter_mut().filter(|row| row.outcome == RowOutcome::Created) {
            item.id = None;
        }
    } else if refused > 0 {
        return Err(Problem::invalid(faults(items)));
    } else if !steps.is_empty() {
        let plan = Planned::new(state, &steps).await?;
        version = match plan.put_in_force(state, actor, None, options.confirm).await? {
            Outcome::Done(version) => Some(version),
            Outcome::Stale(version) => return Err(Problem::stale(version)),
            Outcome::Missing { .. } => return Err(Problem::stale(0)),
        };
    }
    let count = |outcome| items.iter().filter(|row| row.outcome == outcome).count();
    Ok(ImportResponse {
        dry_run: options.dry_run,
        price_version: version,
        created: count(RowOutcome::Created),
        changed: count(RowOutcome::Changed),
        unchanged: count(RowOutcome::Unchanged),
        refused,
        items,
        effect,
    })
}

/// The faults of all rows, as of one body.
fn faults(items: Vec<ImportRow>) -> Vec<FieldError> {
    let of_row = |item: ImportRow| {
        let place = move |field: &str| match field {
            "row" => format!("rows[{}]", item.row),
            field => format!("rows[{}].{field}", item.row),
        };
        item.errors.into_iter().map(move |fault| FieldError {
            field: place(&fault.field),
            message: fault.message,
        })
    };
    items.into_iter().flat_map(of_row).collect()
}

impl<R: RuleRow> Importer<'_, R> {
    fn row(&mut self, number: usize, raw: RawRow) -> ImportRow {
        let mut item = ImportRow {
            row: number,
            line: raw.line,
            name: None,
            upstream_id: None,
            outcome: RowOutcome::Refused,
            id: None,
            errors: Vec::new(),
            warnings: Vec::new(),
        };
        let mut errors = FieldErrors::default();
        let planned = if raw.faults.is_empty() {
            self.plan(&raw.value, &mut item, &mut errors)
        } else {
            None
        };
        let mut faults = raw.faults;
        faults.extend(errors.into_result().err().into_iter().flatten());
        let Some((planned, new)) = planned.filter(|_| faults.is_empty()) else {
            let faults = faults.into_iter().map(|fault| ImportFault {
                value: value_at(&raw.value, &fault.field),
                field: fault.field,
                message: fault.message,
            });
            item.errors = faults.collect();
            return item;
        };
        item.id = Some(planned.id);
        item.warnings = planned.warnings;
        item.outcome = match (&planned.step, new) {
            (None, _) => RowOutcome::Unchanged,
            (Some(_), true) => RowOutcome::Created,
            (Some(_), false) => RowOutcome::Changed,
        };
        if let Some(step) = planned.step {
            self.book = step.onto(std::mem::replace(&mut self.book, PriceBook::from_cards([])));
            self.steps.push(step);
        }
        item
    }

    /// What the row comes to, and whether its rule is new.
    fn plan(
        &mut self,
        value: &Value,
        item: &mut ImportRow,
        errors: &mut FieldErrors,
    ) -> Option<(PlannedRow, bool)> {
        let row: R = match serde_path_to_error::deserialize(value) {
            Ok(row) => row,
            Err(error) => {
                let path = error.path().to_string();
                let field = if path == "." { "row".to_owned() } else { path };
                errors.push(field, message(&error.into_inner()));
                return None;
            }
        };
        item.name = Some(row.name().to_owned());
        let upstream_id = match self.upstream(row.upstream()) {
            Ok(upstream_id) => upstream_id,
            Err(fault) => {
                errors.push(fault.field, fault.message);
                return None;
            }
        };
        item.upstream_id = upstream_id;
        let key = (ModelName::new(row.name()), upstream_id);
        let before = self.in_force.get(&key);
        if self.seen.contains(&key) {
            errors.push("row", "is for the same name and upstream as a row before it");
            return None;
        }
        let scene = Scene {
            book: &self.book,
            now: self.state.clock.now(),
            author: &self.actor.name,
            new_id: self.state.ids.new_id(self.state.clock.now()),
        };
        let planned = row.plan(upstream_id, before, &scene, errors);
        let new = before.is_none();
        self.seen.insert(key);
        let planned = planned?;
        // What is in force already may be for an upstream that is gone.
        let gone = upstream_id.filter(|id| planned.step.is_some() && !self.upstreams.contains_key(id));
        if let Some(id) = gone {
            errors.push("upstream_id", format!("there is no upstream {id}"));
        }
        Some((planned, new))
    }

    /// The upstream a row is for, by id, by name or by both; an error is noted where they do not fit.
    fn upstream(
        &self,
        (id, name): (Option<uuid::Uuid>, Option<&str>),
    ) -> Result<Option<UpstreamId>, FieldError> {
        let fault = |field: &str, message: String| FieldError {
            field: field.to_owned(),
            message,
        };
        let id = id.map(UpstreamId::new);
        let Some(name) = name else { return Ok(id) };
        let named = self.upstreams.values().find(|upstream| upstream.name == name);
        let Some(named) = named.map(|upstream| upstream.id) else {
            return Err(fault("upstream_name", format!("there is no upstream {name:?}")));
        };
        match id {
            Some(id) if id != named => {
                let message = format!("{id} is another upstream than the one that is named, {named}");
                Err(fault("upstream_id", message))
            }
            _ => Ok(Some(named)),
        }
    }
}

/// What a row has at a path such as `bands[0].above_tokens`.
fn value_at(row: &Value, path: &str) -> Value {
    let mut at = Some(row);
    for part in path.split(['.', '[']) {
        let part = part.trim_end_matches(']');
        at = at.and_then(|value| match part.parse::<usize>() {
            Ok(index) if value.is_array() => value.get(index),
            _ => value.get(part),
        });
    }
    at.cloned().unwrap_or(Value::Null)
}
