use super::*;

const PRICE: &str = r#"{"input_cost_per_token": 1e-06}"#;

fn book(names: &[&str]) -> PriceBook {
    let entries: Vec<String> = names.iter().map(|name| format!("{name:?}: {PRICE}")).collect();
    PriceBook::from_litellm_json(&format!("{{{}}}", entries.join(","))).unwrap()
}

fn upstream() -> UpstreamId {
    "01890a5d-ac96-774b-bcce-b302099a8057".parse().unwrap()
}

fn found(book: &PriceBook, provider: &str, name: &str) -> Vec<(String, Vec<NearMiss>)> {
    let (provider, name) = (ProviderName::new(provider), ModelName::new(name));
    let suggestions = Suggester::new(book).suggest(upstream(), &provider, &name, 5);
    let shown = suggestions
        .into_iter()
        .map(|suggestion| (suggestion.target.name.to_string(), suggestion.differences));
    shown.collect()
}

#[test]
fn each_kind_of_near_miss_is_named() {
    use NearMiss::{
        Case, DateSuffix, DoublePrefix, PrefixAdded, PrefixChanged, PrefixRemoved, Punctuation, Variant,
    };
    for (priced, asked, expected) in [
        ("gpt-4o", "GPT-4o", vec![Case]),
        ("claude-3-5-sonnet", "claude-3.5-sonnet", vec![Punctuation]),
        ("gpt-4o", "openai/gpt-4o", vec![PrefixRemoved]),
        ("openai/gpt-4o", "openrouter/openai/gpt-4o", vec![DoublePrefix]),
        ("openai/gpt-4o", "openai/openai/gpt-4o", vec![DoublePrefix]),
        ("gpt-4o", "openrouter/openai/gpt-4o", vec![DoublePrefix]),
        ("azure/gpt-4o", "gpt-4o", vec![PrefixAdded]),
        ("azure/gpt-4o", "openai/gpt-4o", vec![PrefixChanged]),
        ("gpt-4o", "gpt-4o-2024-08-06", vec![DateSuffix]),
        ("gpt-4o-2024-05-13", "gpt-4o", vec![DateSuffix]),
        (
            "claude-sonnet-4-5",
            "claude-sonnet-4-5-20250929",
            vec![DateSuffix],
        ),
        ("gpt-4", "gpt-4-0613", vec![DateSuffix]),
        ("deepseek-r1", "deepseek-r1:free", vec![Variant]),
        ("claude-3-5-haiku", "claude-3-5-haiku-latest", vec![Variant]),
        (
            "gemini-2.5-pro",
            "Gemini-2.5-Pro-Preview-05-06",
            vec![Case, DateSuffix, Variant],
        ),
    ] {
        let book = book(&[priced, "unrelated"]);
        assert_eq!(
            found(&book, "x", asked),
            [(priced.to_owned(), expected)],
            "{asked}"
        );
    }
}

#[test]
fn a_different_model_is_never_suggested() {
    let book = book(&[
        "gpt-4o",
        "gpt-4o-mini",
        "gpt-4",
        "o1",
        "o1-pro",
        "llama-3-8b",
        "llama-3-70b",
    ]);
    for asked in [
        "gpt-4.1",
        "gpt-5",
        "o3",
        "llama-3-405b",
        "",
        "/",
        ":free",
        "-latest",
        "2024-08-06",
    ] {
        assert_eq!(found(&book, "x", asked), [], "{asked:?}");
    }
}

#[test]
fn the_name_itself_is_no_suggestion() {
    assert_eq!(found(&book(&["gpt-4o"]), "x", "gpt-4o"), []);
}

#[test]
fn near_spellings_come_before_other_versions_and_other_providers() {
    let book = book(&["azure/gpt-4o", "gpt-4o-2024-05-13", "GPT-4o", "groq/gpt-4o"]);
    let order: Vec<String> = found(&book, "groq", "gpt-4o")
        .into_iter()
        .map(|(name, _)| name)
        .collect();
    assert_eq!(
        order,
        ["GPT-4o", "groq/gpt-4o", "azure/gpt-4o", "gpt-4o-2024-05-13"]
    );
}

#[test]
fn an_alias_of_another_upstream_leads_to_its_target() {
    let elsewhere: UpstreamId = "01890a5d-ac96-774b-bcce-b302099a8058".parse().unwrap();
    let alias = tollgate_domain::PriceAlias {
        id: tollgate_domain::AliasId::new(elsewhere.uuid()),
        alias: ModelName::new("house-model"),
        target: ModelName::new("gpt-4o"),
        upstream_id: Some(elsewhere),
        note: None,
        author: "ada".to_owned(),
    };
    let book = book(&["gpt-4o"]).with_price_alias(alias);
    assert_eq!(
        found(&book, "x", "house-model"),
        [("gpt-4o".to_owned(), vec![NearMiss::Alias])]
    );
    assert_eq!(
        found(&book, "x", "House-Model"),
        [("gpt-4o".to_owned(), vec![NearMiss::Alias, NearMiss::Case])]
    );
}

#[test]
fn stable_names_are_those_that_are_written() {
    for miss in NearMiss::ALL {
        assert_eq!(serde_json::json!(miss), miss.as_str());
    }
}

#[test]
fn names_that_were_read_before_suggest_the_same() {
    let card = PriceBook::from_litellm_json(&format!("{{\"own\": {PRICE}}}")).unwrap();
    let card = card.synced_card("own").unwrap().clone();
    let book = book(&["gpt-4o", "azure/gpt-4o", "openai/gpt-4o-2024-08-06"])
        .with_override("gpt-4o", card)
        .with_alias("GPT-4o", "azure/gpt-4o");
    let names = Arc::new(NearNames::of(&book));
    let asked = ["gpt_4o", "openrouter/gpt-4o", "gpt-4o-2025-01-01", "nothing"];
    for name in asked {
        let (provider, name) = (ProviderName::new("openai"), ModelName::new(name));
        let suggested = |suggester: Suggester<'_>| {
            let found = suggester.suggest(upstream(), &provider, &name, 5);
            let shown = found
                .into_iter()
                .map(|found| (found.target.name.clone(), found.differences));
            shown.collect::<Vec<_>>()
        };
        let kept = suggested(Suggester::with_names(&book, Arc::clone(&names)));
        assert_eq!(kept, suggested(Suggester::new(&book)), "{name}");
        assert_eq!(kept.is_empty(), name.as_str() == "nothing", "{name}");
    }
}
