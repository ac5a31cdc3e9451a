//! The OpenAPI document as one HTML page.

use std::borrow::Cow;

use serde_json::Value;

/// The page's only style sheet.
pub(super) const STYLE: &str = include_str!("style.css");

/// A piece of HTML under construction; everything that is not a literal goes through [`Html::text`].
#[derive(Debug, Default)]
struct Html(String);

/// Renders the whole reference.
pub(super) fn page(document: &Value) -> String {
    let mut html = Html::default();
    let title = text(document, "/info/title");
    html.raw("<!doctype html><html lang=\"en\"><head><meta charset=\"utf-8\">");
    html.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\"><title>");
    html.text(title)
        .raw("</title><style>")
        .raw(STYLE)
        .raw("</style></head><body><nav><strong>");
    html.text(title).raw("</strong>");
    let tags: Vec<&Value> = list(document, "/tags").collect();
    for tag in &tags {
        let name = text(tag, "/name");
        html.raw("<a href=\"#")
            .text(&anchor(name))
            .raw("\">")
            .text(name)
            .raw("</a>");
    }
    html.raw(
        "<a href=\"#schemas\">schemas</a><a href=\"/api/openapi.json\">openapi.json</a></nav><main><h1>",
    );
    html.text(title)
        .raw("</h1>")
        .prose(text(document, "/info/description"));
    for tag in &tags {
        let name = text(tag, "/name");
        html.raw("<section id=\"")
            .text(&anchor(name))
            .raw("\"><h2>")
            .text(name)
            .raw("</h2>");
        html.prose(text(tag, "/description"));
        for (path, method, operation) in operations(document) {
            if list(operation, "/tags").any(|tag| tag == name) {
                html.operation(path, method, operation);
            }
        }
        html.raw("</section>");
    }
    html.raw("<section id=\"schemas\"><h2>schemas</h2>");
    for (name, schema) in entries(document, "/components/schemas") {
        html.schema(name, schema);
    }
    html.raw("</section></main></body></html>");
    html.0
}

impl Html {
    fn raw(&mut self, markup: &str) -> &mut Self {
        self.0.push_str(markup);
        self
    }

    fn text(&mut self, text: &str) -> &mut Self {
        for c in text.chars() {
            match c {
                '&' => self.0.push_str("&amp;"),
                '<' => self.0.push_str("&lt;"),
                '>' => self.0.push_str("&gt;"),
                '"' => self.0.push_str("&quot;"),
                '\'' => self.0.push_str("&#39;"),
                c => self.0.push(c),
            }
        }
        self
    }

    /// Paragraphs, with `code` in back quotes.
    fn prose(&mut self, text: &str) -> &mut Self {
        for paragraph in text.split("\n\n").filter(|paragraph| !paragraph.is_empty()) {
            self.raw("<p>").inline(paragraph).raw("</p>");
        }
        self
    }

    fn inline(&mut self, text: &str) -> &mut Self {
        for (index, part) in text.split('`').enumerate() {
            if index % 2 == 1 {
                self.raw("<code>").text(part).raw("</code>");
            } else {
                self.text(part);
            }
        }
        self
    }

    fn operation(&mut self, path: &str, method: &str, operation: &Value) {
        let id = text(operation, "/operationId");
        self.raw("<article id=\"")
            .text(id)
            .raw("\"><h3><span class=\"verb ")
            .text(method)
            .raw("\">");
        self.text(method)
            .raw("</span> <code>")
            .text(path)
            .raw("</code></h3>");
        self.prose(text(operation, "/summary"))
            .prose(text(operation, "/description"));
        if operation.pointer("/security").is_some() {
            self.raw("<p class=\"note\">Needs an admin token.</p>");
        }
        let parameters: Vec<&Value> = list(operation, "/parameters").collect();
        if !parameters.is_empty() {
            self.raw("<h4>Parameters</h4><table>");
            for parameter in parameters {
                let name = text(parameter, "/name");
                let schema = parameter.pointer("/schema").unwrap_or(&Value::Null);
                self.row(
                    name,
                    Some(text(parameter, "/in")),
                    schema,
                    text(parameter, "/description"),
                );
            }
            self.raw("</table>");
        }
        if let Some(schema) = operation.pointer("/requestBody/content/application~1json/schema") {
            self.raw("<h4>Body</h4><p>").kind(schema).raw("</p>");
        }
        self.raw("<h4>Answers</h4><table>");
        for (status, response) in entries(operation, "/responses") {
            self.raw("<tr><th><code>").text(status).raw("</code></th><td>");
            for (_, content) in entries(response, "/content") {
                self.kind(content.pointer("/schema").unwrap_or(&Value::Null));
            }
            self.raw("</td><td>")
                .inline(text(response, "/description"))
                .raw("</td></tr>");
        }
        self.raw("</table></article>");
    }

    fn schema(&mut self, name: &str, schema: &Value) {
        self.raw("<article id=\"schema-")
            .text(name)
            .raw("\"><h3><code>")
            .text(name)
            .raw("</code></h3>");
        self.prose(text(schema, "/description"));
        let required: Vec<&Value> = list(schema, "/required").collect();
        let mut properties = entries(schema, "/properties").peekable();
        if properties.peek().is_some() {
            self.raw("<table>");
            for (field, property) in properties {
                let mark = required.iter().any(|name| *name == field).then_some("required");
                self.row(field, mark, property, text(property, "/description"));
            }
            self.raw("</table>");
        } else {
            self.raw("<p>").kind(schema).raw("</p>");
        }
        if let Some(example) = list(schema, "/examples").next() {
            let json = serde_json::to_string_pretty(example).unwrap_or_default();
            self.raw("<details><summary>Example</summary><pre>")
                .text(&json)
                .raw("</pre></details>");
        }
        self.raw("</article>");
    }

    fn row(&mut self, name: &str, mark: Option<&str>, schema: &Value, description: &str) {
        self.raw("<tr><th><code>").text(name).raw("</code>");
        if let Some(mark) = mark {
            self.raw(" <small>").text(mark).raw("</small>");
        }
        self.raw("</th><td>")
            .kind(schema)
            .raw("</td><td>")
            .inline(description)
            .raw("</td></tr>");
    }

    /// What values a schema allows, in a few words.
    fn kind(&mut self, schema: &Value) -> &mut Self {
        if let Some(target) = schema.pointer("/$ref").and_then(Value::as_str) {
            let name = target.rsplit('/').next().unwrap_or(target);
            return self
                .raw("<a href=\"#schema-")
                .text(name)
                .raw("\">")
                .text(name)
                .raw("</a>");
        }
        if let Some(item) = schema.pointer("/items") {
            return self.raw("list of ").kind(item);
        }
        let choices = list(schema, "/oneOf")
            .chain(list(schema, "/anyOf"))
            .chain(list(schema, "/allOf"));
        for (index, choice) in choices.enumerate() {
            if index > 0 {
                self.raw(" or ");
            }
            self.kind(choice);
        }
        match schema.pointer("/type") {
            Some(Value::String(kind)) => _ = self.text(kind),
            Some(Value::Array(kinds)) => {
                let kinds: Vec<&str> = kinds.iter().filter_map(Value::as_str).collect();
                self.text(&kinds.join(" or "));
            }
            _ => {}
        }
        let values: Vec<Cow<'_, str>> = list(schema, "/enum").map(plain).collect();
        if !values.is_empty() {
            self.raw(": ").text(&values.join(", "));
        }
        for (key, word) in [
            ("/format", "format"),
            ("/minimum", "from"),
            ("/maximum", "to"),
            ("/minLength", "at least"),
            ("/maxLength", "at most"),
            ("/default", "default"),
        ] {
            if let Some(bound) = schema.pointer(key) {
                self.raw(" <small>")
                    .text(word)
                    .raw(" ")
                    .text(&plain(bound))
                    .raw("</small>");
            }
        }
        self
    }
}

fn operations(document: &Value) -> impl Iterator<Item = (&str, &str, &Value)> {
    entries(document, "/paths")
        .flat_map(|(path, item)| entries(item, "").map(move |(method, operation)| (path, method, operation)))
}

fn text<'v>(value: &'v Value, pointer: &str) -> &'v str {
    value.pointer(pointer).and_then(Value::as_str).unwrap_or_default()
}

fn list<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = &'v Value> {
    value
        .pointer(pointer)
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
}

fn entries<'v>(value: &'v Value, pointer: &str) -> impl Iterator<Item = (&'v str, &'v Value)> {
    let object = value.pointer(pointer).and_then(Value::as_object);
    object
        .into_iter()
        .flatten()
        .map(|(key, value)| (key.as_str(), value))
}

fn plain(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

fn anchor(tag: &str) -> String {
    tag.replace(' ', "-")
}
