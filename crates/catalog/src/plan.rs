//! What a map would change in the catalog, and what of it is put in force.

use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;

use tollgate_domain::{
    CardId, CatalogWrite, HoldReason, ModelName, NewHold, PriceBookData, PricedModel, RateCard,
    ReleaseCounts, ReleaseState,
};

use crate::guard::{GuardRules, inspect};
use crate::{ParsedMap, ParsedModel};

/// What a plan is made from.
#[derive(Debug, Clone, Copy)]
pub struct PlanInput<'a> {
    /// The map.
    pub map: &'a ParsedMap,
    /// The catalog it is compared with; `None` before the first release.
    pub book: Option<&'a PriceBookData>,
    /// Catalog names seen in traffic lately.
    pub in_use: &'a HashSet<ModelName>,
    /// Prices the operator refused: they are not proposed again.
    pub refused: &'a HashSet<(ModelName, CardId)>,
    /// Prices that wait for the operator already; `None` stands for a model that would be marked stale.
    pub waiting: &'a HashMap<ModelName, Option<CardId>>,
    /// The guard's bounds.
    pub rules: GuardRules,
}

/// What a map changes.
#[derive(Debug, Clone)]
pub struct Plan {
    /// What comes of it.
    pub state: ReleaseState,
    /// What is put in force and what is held.
    pub write: CatalogWrite,
    /// Models whose price waits already and is proposed unchanged.
    pub still_held: Vec<ModelName>,
    /// What differs.
    pub counts: ReleaseCounts,
    /// Priced models in the map.
    pub models: u32,
    /// Why the release is held whole, or what else there is to say.
    pub reason: Option<String>,
    /// What should alarm the operator although it is put in force.
    pub alarm: Option<String>,
}

/// Compares a map with the catalog. Pure: it decides, it writes nothing.
///
/// Models gone from the map keep their last price, marked stale. A price the guard stops waits with the old one
/// serving. A map with far fewer models than the catalog is held whole.
pub fn plan(input: PlanInput<'_>) -> Plan {
    let mut draft = Draft::new(input);
    for model in &input.map.models {
        if let Some(card) = &model.card {
            draft.offer(model, card);
        }
    }
    let gone = draft.mark_gone();
    draft.finish(&gone)
}

struct Draft<'a> {
    input: PlanInput<'a>,
    current: HashMap<&'a ModelName, &'a PricedModel>,
    cards: HashMap<CardId, &'a Arc<RateCard>>,
    offered: HashSet<&'a ModelName>,
    put: Vec<PricedModel>,
    new_cards: BTreeMap<CardId, Arc<RateCard>>,
    holds: Vec<NewHold>,
    still_held: Vec<ModelName>,
    counts: ReleaseCounts,
}

impl<'a> Draft<'a> {
    fn new(input: PlanInput<'a>) -> Self {
        let (models, cards): (&[PricedModel], &[Arc<RateCard>]) =
            input.book.map_or((&[], &[]), |book| (&book.models, &book.cards));
        let unknown_fields = u32::try_from(input.map.unknown_fields.len()).unwrap_or(u32::MAX);
        Self {
            input,
            current: models.iter().map(|model| (&model.name, model)).collect(),
            cards: cards.iter().map(|card| (card.id(), card)).collect(),
            offered: HashSet::new(),
            put: Vec::new(),
            new_cards: BTreeMap::new(),
            holds: Vec::new(),
            still_held: Vec::new(),
            counts: ReleaseCounts {
                unknown_fields,
                ..ReleaseCounts::default()
            },
        }
    }

    /// One priced model of the map.
    fn offer(&mut self, model: &'a ParsedModel, card: &Arc<RateCard>) {
        self.offered.insert(&model.name);
        let row = PricedModel {
            name: model.name.clone(),
            card_id: card.id(),
            provider: model.provider.clone(),
            mode: model.mode.clone(),
            stale: false,
            limits: model.limits,
        };
        let current = self.current.get(&model.name).copied();
        if current == Some(&row) {
            return;
        }
        let same_card = current.is_some_and(|current| current.card_id == row.card_id);
        if !same_card {
            let key = (row.name.clone(), row.card_id);
            if self.input.refused.contains(&key) {
                self.counts.refused += 1;
                return;
            }
            let before = current.and_then(|current| self.cards.get(&current.card_id));
            let before = before.map(|card| &***card);
            let in_use = self.input.in_use.contains(&row.name);
            if let Some((reason, detail)) = inspect(before, card, in_use, self.input.rules) {
                self.hold(&row, current, reason, detail);
                self.keep_card(row.card_id, card);
                return;
            }
            self.keep_card(row.card_id, card);
        }
        match current {
            Some(current) if !current.stale => self.counts.changed += 1,
            _ => self.counts.added += 1,
        }
        self.put.push(row);
    }

    fn keep_card(&mut self, id: CardId, card: &Arc<RateCard>) {
        if !self.cards.contains_key(&id) {
            self.new_cards.entry(id).or_insert_with(|| Arc::clone(card));
        }
    }

    fn hold(&mut self, row: &PricedModel, current: Option<&PricedModel>, reason: HoldReason, detail: String) {
        self.counts.held += 1;
        if self.input.waiting.get(&row.name) == Some(&Some(row.card_id)) {
            self.still_held.push(row.name.clone());
            return;
        }
        self.holds.push(NewHold {
            model: row.name.clone(),
            card_id: Some(row.card_id),
            provider: row.provider.clone(),
            mode: row.mode.clone(),
            limits: row.limits,
            current_card_id: current.map(|current| current.card_id),
            reason,
            detail,
        });
    }

    /// Marks what the map does not have any more; those models.
    fn mark_gone(&mut self) -> Vec<&'a PricedModel> {
        let mut gone: Vec<&PricedModel> = self
            .current
            .values()
            .filter(|model| !model.stale && !self.offered.contains(&model.name))
            .copied()
            .collect();
        gone.sort_by(|a, b| a.name.cmp(&b.name));
        self.counts.removed = count(gone.len());
        self.put.extend(gone.iter().map(|model| PricedModel {
            stale: true,
            ..(*model).clone()
        }));
        gone
    }

    fn finish(mut self, gone: &[&PricedModel]) -> Plan {
        let live = self.current.values().filter(|model| !model.stale).count();
        let (models, min) = (self.offered.len(), self.input.rules.min_models_percent);
        let mut reason = None;
        if models * 100 < live * usize::from(min) {
            reason = Some(format!(
                "the map has {models} priced models where the catalog has {live}: fewer than {min} %, so it is \
                 probably not whole; nothing of it is in force"
            ));
            self.hold_all();
        }
        let held_whole = reason.is_some();
        let alarm = alarm(gone, &self.current, live, self.input.rules.alarm_gone_percent);
        let alarm = alarm.filter(|_| !held_whole);
        let waits = self.holds.len() + self.still_held.len();
        let state = match (self.put.is_empty(), self.holds.is_empty()) {
            _ if held_whole => ReleaseState::Held,
            (false, _) if waits > 0 => ReleaseState::Partial,
            (false, _) => ReleaseState::Success,
            (true, false) => ReleaseState::Held,
            (true, true) => ReleaseState::Unchanged,
        };
        if !held_whole {
            reason = remark(waits, self.counts.refused);
        }
        let used: HashSet<CardId> = self
            .put
            .iter()
            .map(|model| model.card_id)
            .chain(self.holds.iter().filter_map(|hold| hold.card_id))
            .collect();
        self.new_cards.retain(|id, _| used.contains(id));
        Plan {
            state,
            write: CatalogWrite {
                put: self.put,
                cards: self.new_cards.into_values().collect(),
                holds: self.holds,
            },
            still_held: self.still_held,
            counts: self.counts,
            models: count(models),
            reason,
            alarm,
        }
    }

    /// Everything waits: what would be put in force becomes a held price too.
    fn hold_all(&mut self) {
        let detail = "the release is held whole";
        for row in std::mem::take(&mut self.put) {
            let current = self.current.get(&row.name).copied();
            let card_id = (!row.stale).then_some(row.card_id);
            if self.input.waiting.get(&row.name) == Some(&card_id) {
                self.still_held.push(row.name.clone());
                continue;
            }
            self.holds.push(NewHold {
                card_id,
                current_card_id: current.map(|current| current.card_id),
                model: row.name,
                provider: row.provider,
                mode: row.mode,
                limits: row.limits,
                reason: HoldReason::Release,
                detail: detail.to_owned(),
            });
        }
        self.counts.held = count(self.holds.len() + self.still_held.len());
    }
}

fn remark(waits: usize, refused: u32) -> Option<String> {
    let waiting = match waits {
        0 => None,
        1 => Some("1 price waits for a decision, the old one serves".to_owned()),
        more => Some(format!("{more} prices wait for a decision, the old ones serve")),
    };
    let refused = match refused {
        0 => None,
        1 => Some("1 price stays as it is: the map's was rejected before".to_owned()),
        more => Some(format!(
            "{more} prices stay as they are: the map's were rejected before"
        )),
    };
    let parts: Vec<String> = waiting.into_iter().chain(refused).collect();
    (!parts.is_empty()).then(|| parts.join("; "))
}

/// What should alarm about models that are gone.
fn alarm(
    gone: &[&PricedModel],
    current: &HashMap<&ModelName, &PricedModel>,
    live: usize,
    percent: u8,
) -> Option<String> {
    let mut parts = Vec::new();
    if gone.len() * 100 > live * usize::from(percent) {
        parts.push(format!(
            "{} of {live} models are gone from the map, more than {percent} %",
            gone.len()
        ));
    }
    let gone: HashSet<&ModelName> = gone.iter().map(|model| &model.name).collect();
    for (what, group_of) in [
        ("with the prefix", prefix as fn(&PricedModel) -> Option<&str>),
        ("of the provider", provider),
    ] {
        let mut left: BTreeMap<&str, (usize, bool)> = BTreeMap::new();
        for model in current.values().filter(|model| !model.stale) {
            if let Some(group) = group_of(model) {
                let (size, stays) = left.entry(group).or_default();
                *size += 1;
                *stays |= !gone.contains(&model.name);
            }
        }
        let whole: BTreeSet<String> = left
            .into_iter()
            .filter(|(_, (_, stays))| !stays)
            .map(|(group, (size, _))| format!("{group} ({size})"))
            .collect();
        if !whole.is_empty() {
            let groups: Vec<String> = whole.into_iter().collect();
            parts.push(format!("every model {what} {} is gone", groups.join(", ")));
        }
    }
    (!parts.is_empty()).then(|| format!("{}; their last prices serve on, marked stale", parts.join("; ")))
}

fn prefix(model: &PricedModel) -> Option<&str> {
    model.name.as_str().split_once('/').map(|(prefix, _)| prefix)
}

fn provider(model: &PricedModel) -> Option<&str> {
    model.provider.as_ref().map(tollgate_domain::ProviderName::as_str)
}

fn count(count: usize) -> u32 {
    u32::try_from(count).unwrap_or(u32::MAX)
}
