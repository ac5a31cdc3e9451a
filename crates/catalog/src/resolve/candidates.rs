//! Every place a price may come from, strongest first. `resolve` and `explain` walk the same list.

use tollgate_domain::{ModelName, NameForm, NameRole, PriceRule};

use super::sized::SizedName;
use crate::book::{AliasScope, Priced, joined};
use crate::{PriceBook, PricingContext};

const RULES: [PriceRule; 3] = [
    PriceRule::UpstreamOverride,
    PriceRule::GlobalOverride,
    PriceRule::SyncedCard,
];

const SPELLINGS: [Spelling; 4] = [
    Spelling::Prefixed,
    Spelling::Plain,
    Spelling::Alias(AliasScope::Upstream),
    Spelling::Alias(AliasScope::Global),
];

/// One place to look: a source, one of the request's names, and how to spell it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Candidate<'a> {
    pub(crate) rule: PriceRule,
    pub(crate) role: NameRole,
    pub(crate) name: &'a ModelName,
    pub(crate) spelling: Spelling,
    pub(crate) sized: SizedName<'a>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Spelling {
    Prefixed,
    Plain,
    Alias(AliasScope),
}

/// All places, in the order that decides.
pub(crate) fn candidates<'a>(context: &PricingContext<'a>) -> impl Iterator<Item = Candidate<'a>> {
    let context = *context;
    let sizes = SizedName::all(context.format);
    RULES.into_iter().flat_map(move |rule| {
        context.names().flat_map(move |(role, name)| {
            SPELLINGS.into_iter().flat_map(move |spelling| {
                sizes.into_iter().flatten().map(move |sized| Candidate {
                    rule,
                    role,
                    name,
                    spelling,
                    sized,
                })
            })
        })
    })
}

/// The first place that has a price: what walking [`candidates`] comes to, in plain loops and without those sources
/// that hold nothing. Every request asks this; adapters within adapters took most of its time.
pub(super) fn first_hit<'b, 'c>(
    book: &'b PriceBook,
    context: &PricingContext<'c>,
) -> Option<(Candidate<'c>, &'b Priced)> {
    let sizes = SizedName::all(context.format);
    for rule in RULES {
        if book.holds_nothing(rule, context.upstream_id) {
            continue;
        }
        for (role, name) in context.names() {
            for spelling in SPELLINGS {
                for sized in sizes.into_iter().flatten() {
                    let candidate = Candidate {
                        rule,
                        role,
                        name,
                        spelling,
                        sized,
                    };
                    if let Some(priced) = candidate.look_up(book, context) {
                        return Some((candidate, priced));
                    }
                }
            }
        }
    }
    None
}

impl Candidate<'_> {
    /// What the book has there.
    pub(crate) fn look_up<'b>(
        &self,
        book: &'b PriceBook,
        context: &PricingContext<'_>,
    ) -> Option<&'b Priced> {
        self.sized.with_parts(|[quality, size]| {
            let (prefix, name) = self.words(book, context)?;
            book.named(self.rule, context.upstream_id, &[prefix, quality, size, name])
        })
    }

    /// The name looked for; `None` where there is no such alias.
    pub(crate) fn text(&self, book: &PriceBook, context: &PricingContext<'_>) -> Option<String> {
        self.sized.with_parts(|[quality, size]| {
            let (prefix, name) = self.words(book, context)?;
            Some(joined(&[prefix, quality, size, name]))
        })
    }

    /// The form as the receipt names it.
    pub(crate) const fn form(&self) -> NameForm {
        match self.spelling {
            Spelling::Prefixed => NameForm::Prefixed,
            Spelling::Plain => NameForm::Plain,
            Spelling::Alias(_) => NameForm::Alias,
        }
    }

    /// The provider in front, or nothing, and the name itself.
    fn words<'w>(
        &'w self,
        book: &'w PriceBook,
        context: &'w PricingContext<'_>,
    ) -> Option<(&'w str, &'w str)> {
        let name = self.name.as_str();
        match self.spelling {
            Spelling::Prefixed => Some((context.provider.as_str(), name)),
            Spelling::Plain => Some(("", name)),
            Spelling::Alias(scope) => Some(("", book.alias(scope, context.upstream_id, name)?.as_str())),
        }
    }
}
