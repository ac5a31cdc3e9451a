//! Each distinct field name is read once, however many entries carry it.

use std::collections::HashMap;

use crate::FieldClass;

/// What a field name meant and how often it occurred.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldUse {
    /// The name; `tiered_pricing.<name>` for a column of a price table, `off_peak_pricing.<name>` for a price by the
    /// hour.
    pub field: String,
    /// What it meant.
    pub class: FieldClass,
    /// How many entries (or table rows) have it.
    pub count: u32,
}

/// The names seen so far.
#[derive(Debug, Default)]
pub(super) struct Fields {
    seen: HashMap<String, FieldUse>,
}

impl Fields {
    /// What a field name means; counts it.
    pub(super) fn class(&mut self, field: &str) -> FieldClass {
        if let Some(seen) = self.seen.get_mut(field) {
            seen.count += 1;
            return seen.class.clone();
        }
        let nested = ["tiered_pricing.", "off_peak_pricing."];
        let own = nested.iter().find_map(|table| field.strip_prefix(table));
        let class = FieldClass::of(own.unwrap_or(field));
        let seen = FieldUse {
            field: field.to_owned(),
            class: class.clone(),
            count: 1,
        };
        self.seen.insert(field.to_owned(), seen);
        class
    }

    pub(super) fn into_uses(self) -> Vec<FieldUse> {
        let mut uses: Vec<FieldUse> = self
            .seen
            .into_values()
            .filter(|seen| seen.class != FieldClass::NotAPrice)
            .collect();
        uses.sort_by(|a, b| a.field.cmp(&b.field));
        uses
    }
}
