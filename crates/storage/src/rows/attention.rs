//! What wants attention, and what people say of it.

use diesel::prelude::*;
use diesel::sql_types::{BigInt, Nullable, Text};
use tollgate_domain::ports::{AttentionRow, AttentionState};
use tollgate_domain::{
    AttentionId, AttentionKind, AttentionSubject, AttentionValues, JournalId, Timestamp, UnbilledReason,
    UpstreamId, Usd,
};

use crate::error::Corrupt;
use crate::pending::Gathered;
use crate::schema::{attention_days, attention_states};
use crate::sql_type::{Instant, UniqueId};
use crate::sum_columns::with_columns;
use crate::value::{At, Id, Money};

/// Declares the rows that sum what is gathered.
macro_rules! rows {
    ($($count:ident),+; $($amount:ident),+) => {
        /// A row of `attention_days`, or what is added to one.
        #[derive(Debug, Insertable)]
        #[diesel(table_name = attention_days, treat_none_as_default_value = false)]
        pub(crate) struct SeenRow {
            pub(crate) day: At,
            pub(crate) writer: Id,
            pub(crate) id: String,
            kind: &'static str,
            upstream_id: Option<Id>,
            upstream_name: Option<String>,
            provider: Option<String>,
            model_sent: Option<String>,
            model_served: Option<String>,
            journal_id: Option<Id>,
            $($count: i64,)+
            $($amount: Money,)+
            first_at: At,
            last_at: At,
        }

        impl SeenRow {
            /// What is added for a subject on a day.
            pub(crate) fn new(
                (day, writer): (Timestamp, JournalId),
                subject: &AttentionSubject,
                gathered: &Gathered,
            ) -> Self {
                let (upstream_name, provider) = gathered.upstream.clone().unzip();
                Self {
                    day: At(day),
                    writer: Id(writer.uuid()),
                    id: subject.id().to_string(),
                    kind: subject.kind.as_str(),
                    upstream_id: subject.upstream_id.map(|id| Id(id.uuid())),
                    upstream_name,
                    provider,
                    model_sent: subject.model_sent.clone(),
                    model_served: subject.model_served.clone(),
                    journal_id: subject.journal_id.map(|id| Id(id.uuid())),
                    $($count: gathered.values.$count,)+
                    $($amount: Money(gathered.values.$amount),)+
                    first_at: At(gathered.first_at),
                    last_at: At(gathered.last_at),
                }
            }
        }

        /// A row of `attention_days`, as it is read.
        #[derive(Debug, Queryable, Selectable)]
        #[diesel(table_name = attention_days)]
        pub(crate) struct SeenDayRow {
            day: At,
            writer: Id,
            kind: String,
            upstream_id: Option<Id>,
            upstream_name: Option<String>,
            provider: Option<String>,
            model_sent: Option<String>,
            model_served: Option<String>,
            journal_id: Option<Id>,
            $($count: i64,)+
            $($amount: Money,)+
            first_at: At,
            last_at: At,
        }

        impl SeenDayRow {
            /// As it was gathered.
            pub(crate) fn into_gathered(
                self,
            ) -> Result<((Timestamp, JournalId, AttentionSubject), Gathered), Corrupt> {
                let subject = AttentionSubject {
                    kind: known_kind(&self.kind)?,
                    upstream_id: self.upstream_id.map(|id| UpstreamId::new(id.0)),
                    model_sent: self.model_sent,
                    model_served: self.model_served,
                    journal_id: self.journal_id.map(|id| JournalId::new(id.0)),
                    release_id: None,
                };
                let gathered = Gathered {
                    upstream: self.upstream_name.zip(self.provider),
                    values: AttentionValues {
                        $($count: self.$count,)+
                        $($amount: self.$amount.0,)+
                    },
                    first_at: self.first_at.0,
                    last_at: self.last_at.0,
                };
                Ok(((self.day.0, JournalId::new(self.writer.0), subject), gathered))
            }
        }

        /// One thing over some days; money as text, for neither database's sum fits a column of the other.
        #[derive(Debug, QueryableByName)]
        pub(crate) struct AttentionSumRow {
            #[diesel(sql_type = Text)]
            id: String,
            #[diesel(sql_type = Text)]
            kind: String,
            #[diesel(sql_type = Nullable<UniqueId>)]
            upstream_id: Option<Id>,
            #[diesel(sql_type = Nullable<Text>)]
            upstream_name: Option<String>,
            #[diesel(sql_type = Nullable<Text>)]
            provider: Option<String>,
            #[diesel(sql_type = Nullable<Text>)]
            model_sent: Option<String>,
            #[diesel(sql_type = Nullable<Text>)]
            model_served: Option<String>,
            #[diesel(sql_type = Nullable<UniqueId>)]
            journal_id: Option<Id>,
            $(#[diesel(sql_type = BigInt)]
            $count: i64,)+
            $(#[diesel(sql_type = Text)]
            $amount: String,)+
            #[diesel(sql_type = Instant)]
            first_at: At,
            #[diesel(sql_type = Instant)]
            last_at: At,
        }

        impl AttentionSumRow {
            /// The columns that are counts.
            pub(crate) const COUNTS: [&'static str; [$(stringify!($count)),+].len()] = [$(stringify!($count)),+];
            /// The columns that are amounts.
            pub(crate) const AMOUNTS: [&'static str; [$(stringify!($amount)),+].len()] = [$(stringify!($amount)),+];

            /// The thing, its amounts read by the database's own reader.
            pub(crate) fn into_row(
                self,
                usd: impl Fn(&str) -> Result<Usd, Corrupt>,
            ) -> Result<AttentionRow, Corrupt> {
                let id: AttentionId = self.id.parse().map_err(Corrupt::of("attention id"))?;
                let kind = known_kind(&self.kind)?;
                Ok(AttentionRow {
                    id,
                    subject: AttentionSubject {
                        kind,
                        upstream_id: self.upstream_id.map(|id| UpstreamId::new(id.0)),
                        model_sent: self.model_sent,
                        model_served: self.model_served,
                        journal_id: self.journal_id.map(|id| JournalId::new(id.0)),
                        release_id: None,
                    },
                    upstream_name: self.upstream_name,
                    provider: self.provider,
                    values: AttentionValues {
                        $($count: self.$count,)+
                        $($amount: usd(&self.$amount)?,)+
                    },
                    first_seen: self.first_at.0,
                    last_seen: self.last_at.0,
                })
            }
        }
    };
}

with_columns!(attention rows!);

/// The kind of a name.
///
/// # Errors
/// One that is not known.
pub(crate) fn known_kind(name: &str) -> Result<AttentionKind, Corrupt> {
    AttentionKind::from_name(name)
        .ok_or_else(|| Corrupt::new("attention kind", format!("{name:?} is not known")))
}

/// Unbilled attempts that agree in reason, upstream and models.
#[derive(Debug, QueryableByName)]
pub(crate) struct UnbilledRow {
    #[diesel(sql_type = BigInt)]
    pub(crate) stretch: i64,
    #[diesel(sql_type = Text)]
    reason: String,
    #[diesel(sql_type = UniqueId)]
    upstream_id: Id,
    #[diesel(sql_type = Text)]
    upstream_name: String,
    #[diesel(sql_type = Text)]
    provider: String,
    #[diesel(sql_type = Nullable<Text>)]
    model_sent: Option<String>,
    #[diesel(sql_type = Nullable<Text>)]
    model_served: Option<String>,
    #[diesel(sql_type = BigInt)]
    count: i64,
    #[diesel(sql_type = BigInt)]
    input_tokens: i64,
    #[diesel(sql_type = BigInt)]
    cache_read_tokens: i64,
    #[diesel(sql_type = BigInt)]
    cache_write_tokens: i64,
    #[diesel(sql_type = BigInt)]
    output_tokens: i64,
    #[diesel(sql_type = BigInt)]
    reasoning_tokens: i64,
    #[diesel(sql_type = Instant)]
    first_at: At,
    #[diesel(sql_type = Instant)]
    last_at: At,
}

/// A row of `attention_states`.
#[derive(Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = attention_states, treat_none_as_default_value = false, treat_none_as_null = true)]
pub(crate) struct StateRow {
    pub(crate) id: String,
    pub(crate) owner: Option<String>,
    pub(crate) snoozed_until: Option<At>,
    pub(crate) note: Option<String>,
    pub(crate) updated_at: At,
    pub(crate) updated_by: String,
    pub(crate) revision: i64,
}

impl TryFrom<UnbilledRow> for AttentionRow {
    type Error = Corrupt;

    fn try_from(row: UnbilledRow) -> Result<Self, Corrupt> {
        let known = UnbilledReason::ALL
            .into_iter()
            .find(|reason| reason.as_str() == row.reason);
        let reason =
            known.ok_or_else(|| Corrupt::new("unbilled reason", format!("{:?} is not known", row.reason)))?;
        let subject = AttentionSubject {
            upstream_id: Some(UpstreamId::new(row.upstream_id.0)),
            model_sent: row.model_sent,
            model_served: row.model_served,
            ..AttentionSubject::bare(AttentionKind::of(reason))
        };
        Ok(Self {
            id: subject.id(),
            subject,
            upstream_name: Some(row.upstream_name),
            provider: Some(row.provider),
            values: AttentionValues {
                count: row.count,
                input_tokens: row.input_tokens,
                cache_read_tokens: row.cache_read_tokens,
                cache_write_tokens: row.cache_write_tokens,
                output_tokens: row.output_tokens,
                reasoning_tokens: row.reasoning_tokens,
                ..AttentionValues::default()
            },
            first_seen: row.first_at.0,
            last_seen: row.last_at.0,
        })
    }
}

impl TryFrom<StateRow> for AttentionState {
    type Error = Corrupt;

    fn try_from(row: StateRow) -> Result<Self, Corrupt> {
        Ok(Self {
            id: row.id.parse().map_err(Corrupt::of("attention id"))?,
            owner: row.owner,
            snoozed_until: row.snoozed_until.map(|at| at.0),
            note: row.note,
            updated_at: row.updated_at.0,
            updated_by: row.updated_by,
            revision: row.revision,
        })
    }
}

impl From<&AttentionState> for StateRow {
    fn from(state: &AttentionState) -> Self {
        Self {
            id: state.id.to_string(),
            owner: state.owner.clone(),
            snoozed_until: state.snoozed_until.map(At),
            note: state.note.clone(),
            updated_at: At(state.updated_at),
            updated_by: state.updated_by.clone(),
            revision: state.revision,
        }
    }
}
