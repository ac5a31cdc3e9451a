//! The document at every path of the console.

use crate::Language;
use crate::asset;
use crate::html::Html;
use crate::messages::Messages;

/// Stands in the built document where the nonce goes.
const NONCE_MARK: &str = "__CSP_NONCE__";

const STYLE: &str = "body{font:16px/1.6 system-ui,sans-serif;max-width:44rem;margin:12vh auto;padding:0 1.5rem;\
    color-scheme:light dark}code,pre{font:14px/1.6 ui-monospace,monospace}pre{padding:1rem;border:1px solid;\
    border-radius:8px;overflow-x:auto}a{color:#0f8a76}";

/// Writes the document. The nonce is the one of the policy it is served with.
///
/// In a binary without the console it is a page that says how to get it, in the reader's language.
pub fn document(nonce: &str, language: Language) -> String {
    match asset::index() {
        Some(index) => index.replace(NONCE_MARK, nonce),
        None => without_console(nonce, Messages::of(language), language),
    }
}

fn without_console(nonce: &str, messages: &Messages, language: Language) -> String {
    let mut html = Html::default();
    html.raw("<!doctype html><html lang=\"").text(language.tag());
    html.raw("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">");
    html.raw("<title>Tollgate</title><style nonce=\"")
        .text(nonce)
        .raw("\">")
        .raw(STYLE);
    html.raw("</style></head><body><main><h1>Tollgate</h1><p>")
        .text(messages.running);
    html.raw("</p><h2>").text(messages.no_console).raw("</h2><p>");
    html.text(messages.how_to_get_it).raw("</p>");
    html.raw("<pre>apt-get install nodejs npm\ncargo build --release</pre><p>");
    html.text(messages.meanwhile).raw("</p><p><a href=\"/api/docs\">");
    html.text(messages.reference)
        .raw("</a> · <a href=\"/api/openapi.json\">OpenAPI 3.1</a></p></main></body></html>");
    html.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_page_without_the_console_says_how_to_get_it_in_both_languages() {
        let english = without_console("n0", Messages::of(Language::En), Language::En);
        assert!(english.contains("<html lang=\"en\">"), "{english}");
        assert!(english.contains("<style nonce=\"n0\">"), "{english}");
        assert!(english.contains("apt-get install nodejs npm"), "{english}");
        assert!(english.contains("href=\"/api/docs\""), "{english}");
        let chinese = without_console("n0", Messages::of(Language::ZhCn), Language::ZhCn);
        assert!(chinese.contains("<html lang=\"zh-CN\">"), "{chinese}");
        assert!(chinese.contains("控制台"), "{chinese}");
    }

    #[test]
    fn the_built_document_carries_the_nonce_and_no_mark() {
        let text = document("n0nce", Language::En);
        assert!(text.contains("n0nce"), "{text}");
        assert!(!text.contains(NONCE_MARK), "{text}");
    }
}
