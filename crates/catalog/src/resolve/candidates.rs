//! Every place a price may come from, strongest first. `resolve` and `explain` walk the same list.

use tollgate_domain::{ModelName, NameForm, NameRole, PriceRule};

use crate::book::{AliasScope, Priced};
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
    RULES.into_iter().flat_map(move |rule| {
        context.names().flat_map(move |(role, name)| {
            SPELLINGS.into_iter().map(move |spelling| Candidate {
                rule,
                role,
                name,
                spelling,
            })
        })
    })
}

impl Candidate<'_> {
    /// What the book has there.
    pub(crate) fn look_up<'b>(
        &self,
        book: &'b PriceBook,
        context: &PricingContext<'_>,
    ) -> Option<&'b Priced> {
        let upstream = context.upstream_id;
        match self.spelling {
            Spelling::Prefixed => {
                book.prefixed(self.rule, upstream, context.provider.as_str(), self.name.as_str())
            }
            Spelling::Plain => book.plain(self.rule, upstream, self.name.as_str()),
            Spelling::Alias(scope) => {
                let target = book.alias(scope, upstream, self.name.as_str())?;
                book.plain(self.rule, upstream, target.as_str())
            }
        }
    }

    /// The form as the receipt names it.
    pub(crate) const fn form(&self) -> NameForm {
        match self.spelling {
            Spelling::Prefixed => NameForm::Prefixed,
            Spelling::Plain => NameForm::Plain,
            Spelling::Alias(_) => NameForm::Alias,
        }
    }
}
