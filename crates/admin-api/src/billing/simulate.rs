//! `POST /api/admin/billing/simulate`

mod json;
mod run;

use axum::Json;
use axum::extract::State;
use serde::Deserialize;
use tollgate_domain::{BillBy, MediaFormat, Meter, ModelName, ProviderName, ServiceTier, Timestamp, Usage};
use utoipa::ToSchema;
use uuid::Uuid;

use json::SimulationResponse;
use run::{Question, places};

use crate::AdminState;
use crate::extract::JsonBody;
use crate::field::FieldErrors;
use crate::problem::{Problem, QuestionProblems};
use crate::schema::TimestampSchema;
use crate::time_text::TimeText;

const NAME_MAX: usize = 256;
const MODIFIERS_MAX: usize = 20;

/// A request that is only imagined.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
#[schema(examples(
    json!({"model": "gpt-5-mini", "usage": {"input": 1000, "output": 1000}}),
    json!({
        "model": "gpt-5-mini",
        "upstream_id": "0198f0a0-0000-7000-8000-000000000001",
        "usage": {"input": 200_000, "cache_read": 100_000, "output": 5000},
        "tier": "flex",
    }),
))]
pub(super) struct SimulatePriceRequest {
    /// The model a caller would name.
    #[schema(min_length = 1, max_length = 256)]
    model: String,
    /// The model the answer would say it came from; the one sent if not given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 256)]
    model_served: Option<String>,
    /// At this upstream; if neither it nor a provider is given, at every upstream that serves the model.
    #[serde(default)]
    upstream_id: Option<Uuid>,
    /// At an imagined upstream of this provider, without multipliers. Not together with `upstream_id`.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    provider: Option<String>,
    /// What would be used, by meter; each unit counted once (`input` is what is not cached).
    #[schema(value_type = BTreeMap<String, u64>)]
    usage: std::collections::BTreeMap<String, u64>,
    /// The service tier that would be served; the standard one if not given.
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    tier: Option<String>,
    /// When it would be dispatched; now if not given. Prices may differ by the hour.
    #[serde(default)]
    #[schema(value_type = Option<TimestampSchema>)]
    at: Option<TimeText>,
    /// The size of the images or video (`1024x1024`, `720p` …).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    size: Option<String>,
    /// The quality of the images or video (`hd`, `low` …).
    #[serde(default)]
    #[schema(min_length = 1, max_length = 64)]
    quality: Option<String>,
    /// Price modifiers the answer would switch on (`fast` …).
    #[serde(default)]
    #[schema(max_items = 20)]
    modifiers: Vec<String>,
}

/// Says what a request would cost and why, without sending one: the receipt, the rule that would win and those that
/// would lose. Without an upstream it answers for each one that serves the model.
#[utoipa::path(
    post, path = "/api/admin/billing/simulate", tag = "prices",
    request_body = SimulatePriceRequest,
    responses((status = 200, description = "What it would cost", body = SimulationResponse), QuestionProblems),
    security(("admin_token" = [])),
)]
pub(super) async fn simulate_price(
    State(state): State<AdminState>,
    JsonBody(request): JsonBody<SimulatePriceRequest>,
) -> Result<Json<SimulationResponse>, Problem> {
    let mut errors = FieldErrors::default();
    let question = request.read(state.clock.now(), &mut errors);
    let upstreams = state.store.upstreams().await?;
    if let Some(id) = request.upstream_id
        && !upstreams.iter().any(|upstream| upstream.id.uuid() == id)
    {
        errors.push("upstream_id", format!("there is no upstream {id}"));
    }
    errors.into_result().map_err(Problem::invalid)?;
    let provider = request.provider.map(ProviderName::new);
    let book = state.prices.book();
    let places = places(&question, upstreams, request.upstream_id, provider);
    let results = places.iter().map(|place| question.ask(&book, place)).collect();
    Ok(Json(SimulationResponse::new(book.version(), results)))
}

impl SimulatePriceRequest {
    fn read(&self, now: Timestamp, errors: &mut FieldErrors) -> Question {
        errors.text("model", &self.model, NAME_MAX);
        for (field, value) in [
            ("model_served", &self.model_served),
            ("provider", &self.provider),
            ("tier", &self.tier),
            ("size", &self.size),
            ("quality", &self.quality),
        ] {
            if let Some(value) = value {
                errors.text(field, value, if field == "model_served" { NAME_MAX } else { 64 });
            }
        }
        if self.upstream_id.is_some() && self.provider.is_some() {
            errors.push(
                "provider",
                "is not for a request at a given upstream; leave one of the two out",
            );
        }
        if self.modifiers.len() > MODIFIERS_MAX {
            let count = self.modifiers.len();
            errors.push(
                "modifiers",
                format!("has {count} modifiers; allowed are 0..={MODIFIERS_MAX}"),
            );
        }
        Question {
            model: ModelName::new(self.model.as_str()),
            model_served: self.model_served.as_deref().map(ModelName::new),
            bill_by: BillBy::Served,
            usage: self.usage(errors),
            tier: ServiceTier::from_name(self.tier.as_deref().unwrap_or_default()),
            at: self.at.map_or(now, |at| at.0),
            format: (self.size.is_some() || self.quality.is_some()).then(|| MediaFormat {
                size: self.size.as_deref().map(Into::into),
                quality: self.quality.as_deref().map(Into::into),
            }),
            modifiers: self.modifiers.clone(),
        }
    }

    fn usage(&self, errors: &mut FieldErrors) -> Usage {
        let mut usage = Usage::new();
        for (name, count) in &self.usage {
            let field = format!("usage.{name}");
            match name.parse::<Meter>() {
                Ok(meter) => drop(errors.keep(&field, usage.set(meter, *count))),
                Err(message) => {
                    let known: Vec<&str> = Meter::ALL.iter().map(|meter| meter.as_str()).collect();
                    errors.push(field, format!("{message}; known are {}", known.join(", ")));
                }
            }
        }
        usage
    }
}
