//! The page at `/`.

use crate::html::Html;
use crate::messages::Messages;
use crate::{Language, Money, PageData};

/// The `Content-Security-Policy` to serve the page with: its own style sheet, known by its hash, its inline icon, and
/// nothing else.
pub const CONTENT_SECURITY_POLICY: &str = "default-src 'none'; img-src data:; \
    style-src 'sha256-hiefBO80QoJ7bM4lw2hNn5ls0pr8R01ka6qdkaKJv5M='; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const STYLE: &str = include_str!("page.css");
const ICON: &str = "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 16 16'%3E\
    %3Cpath d='M2 14V5l6-3 6 3v9h-3V8H5v6z' fill='%230b6e5f'/%3E%3C/svg%3E";
const REFERENCE: &str = "/api/docs";

/// Writes the page. Every value is escaped.
///
/// ```
/// use tollgate_console::{Language, PageData, page};
///
/// let data = PageData {
///     version: "0.1.0".to_owned(),
///     listen: "127.0.0.1:8787".to_owned(),
///     accounting_zone: "UTC".to_owned(),
///     money: None,
///     price_version: Some("1".to_owned()),
///     models: Some(4242),
///     journal_pending: 0,
///     unrecorded: None,
///     ready: true,
/// };
/// assert!(page(&data, Language::En).contains("127.0.0.1:8787"));
/// ```
pub fn page(data: &PageData, language: Language) -> String {
    let messages = Messages::of(language);
    let mut html = Html::default();
    html.raw("<!doctype html><html lang=\"").text(language.tag());
    html.raw("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    html.raw("<title>Tollgate</title><link rel=\"icon\" href=\"")
        .raw(ICON)
        .raw("\"><style>");
    html.raw(STYLE).raw("</style></head><body>");
    header(&mut html, data, messages);
    html.raw("<main>");
    match &data.money {
        Some(money) => today(&mut html, data, money, messages),
        None => hidden(&mut html, messages),
    }
    html.raw("<div class=\"cards\">");
    books(&mut html, data, messages);
    prices(&mut html, data, messages);
    gateway(&mut html, data, messages);
    html.raw("</div>");
    next(&mut html, messages);
    html.raw("</main><footer><a href=\"")
        .raw(REFERENCE)
        .raw("\">")
        .text(messages.reference);
    html.raw("</a><a href=\"/api/openapi.json\">OpenAPI 3.1</a></footer></body></html>");
    html.finish()
}

fn header(html: &mut Html, data: &PageData, messages: &Messages) {
    html.raw("<header><h1>Tollgate</h1><p class=\"tagline\">")
        .text(messages.tagline)
        .raw("</p>");
    if data.ready {
        html.raw("<span class=\"state\">")
            .text(messages.ready)
            .raw("</span>");
    } else {
        html.raw("<span class=\"state off\">")
            .text(messages.degraded)
            .raw("</span>");
    }
    html.raw("</header>");
}

fn today(html: &mut Html, data: &PageData, money: &Money, messages: &Messages) {
    html.raw("<section class=\"card\"><h2>")
        .text(messages.today)
        .raw(" <span>· ")
        .text(&data.accounting_zone)
        .raw("</span>");
    html.raw("</h2><div class=\"label\">")
        .text(messages.cost)
        .raw("</div><div class=\"figure\">");
    html.text(&money.cost)
        .raw(" <small>USD</small></div><div class=\"hint\">")
        .text(messages.cost_hint);
    html.raw("</div><div class=\"row\">");
    for (label, amount, hint) in [
        (messages.list_cost, &money.list_cost, messages.list_cost_hint),
        (messages.charge, &money.charge, messages.charge_hint),
    ] {
        html.raw("<div><div class=\"label\">")
            .text(label)
            .raw("</div><div class=\"sub\">")
            .text(amount);
        html.raw(" <small>USD</small></div><div class=\"hint\">")
            .text(hint)
            .raw("</div></div>");
    }
    for (label, count) in [
        (messages.attempts, money.attempts),
        (messages.unbilled, money.unbilled),
    ] {
        html.raw("<div><div class=\"label\">")
            .text(label)
            .raw("</div><div class=\"sub\">")
            .text(count);
        html.raw("</div></div>");
    }
    html.raw("</div>");
    if money.unbilled > 0 {
        html.raw("<p class=\"notice\">").text(messages.unbilled_hint);
        html.raw(" <code>GET /api/admin/request-logs?billing_status=unbilled</code></p>");
    }
    html.raw("</section>");
}

fn hidden(html: &mut Html, messages: &Messages) {
    html.raw("<section class=\"card\"><h2>")
        .text(messages.today)
        .raw("</h2><p>")
        .text(messages.money_hidden);
    html.raw("</p><pre>GATEWAY=http://…   # ")
        .text(messages.page_address);
    html.raw(
        "\ncurl -H \"authorization: Bearer $TOKEN\" \"$GATEWAY/api/admin/billing/overview\"</pre></section>",
    );
}

fn books(html: &mut Html, data: &PageData, messages: &Messages) {
    html.raw("<section class=\"card\"><h2>")
        .text(messages.books)
        .raw("</h2><p>");
    let state = match (data.ready, data.journal_pending) {
        (true, 0) if data.unrecorded.is_some() => messages.books_caught_up,
        (true, 0) => messages.books_complete,
        (true, _) => messages.books_catching_up,
        (false, _) => messages.degraded_hint,
    };
    html.text(state).raw("</p>");
    if data.unrecorded.is_some() {
        html.raw("<p class=\"notice\">")
            .text(messages.unrecorded_hint)
            .raw("</p>");
    }
    html.raw("<dl>");
    field(html, messages.pending, &data.journal_pending.to_string());
    if let Some(unrecorded) = &data.unrecorded {
        field(html, messages.unrecorded, &unrecorded.attempts.to_string());
        field(html, messages.unrecorded_from, &unrecorded.from);
        field(html, messages.unrecorded_until, &unrecorded.until);
    }
    html.raw("</dl></section>");
}

fn prices(html: &mut Html, data: &PageData, messages: &Messages) {
    html.raw("<section class=\"card\"><h2>")
        .text(messages.prices)
        .raw("</h2>");
    match &data.price_version {
        Some(version) => {
            let models = data
                .models
                .map_or_else(|| messages.unknown.to_owned(), |models| models.to_string());
            html.raw("<dl>");
            field(html, messages.price_version, version);
            field(html, messages.models, &models);
            html.raw("</dl>");
        }
        None => {
            html.raw("<p class=\"notice\">")
                .text(messages.no_prices)
                .raw("</p>");
        }
    }
    html.raw("</section>");
}

fn gateway(html: &mut Html, data: &PageData, messages: &Messages) {
    html.raw("<section class=\"card\"><h2>")
        .text(messages.gateway)
        .raw("</h2><dl>");
    field(html, messages.listen, &data.listen);
    field(html, messages.accounting_zone, &data.accounting_zone);
    field(html, messages.version, &data.version);
    html.raw("</dl></section>");
}

fn next(html: &mut Html, messages: &Messages) {
    html.raw("<section class=\"card\"><h2>")
        .text(messages.next)
        .raw("</h2><ol>");
    for (step, endpoint) in [
        (messages.next_upstream, "POST /api/admin/upstreams"),
        (messages.next_key, "POST /api/admin/keys"),
        (
            messages.next_receipt,
            "GET /api/admin/billing/requests/{id}/receipt",
        ),
    ] {
        html.raw("<li>")
            .text(step)
            .raw(" <code>")
            .text(endpoint)
            .raw("</code></li>");
    }
    html.raw("</ol><p class=\"hint\">")
        .text(messages.token_hint)
        .raw("</p></section>");
}

fn field(html: &mut Html, label: &str, value: &str) {
    html.raw("<div><dt>")
        .text(label)
        .raw("</dt><dd>")
        .text(value)
        .raw("</dd></div>");
}
