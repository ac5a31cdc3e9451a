//! Every text of the page, in every language. A missing one does not compile.

use crate::Language;

/// The texts of one language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Messages {
    pub(crate) tagline: &'static str,
    pub(crate) ready: &'static str,
    pub(crate) degraded: &'static str,
    pub(crate) degraded_hint: &'static str,
    pub(crate) today: &'static str,
    pub(crate) cost: &'static str,
    pub(crate) cost_hint: &'static str,
    pub(crate) list_cost: &'static str,
    pub(crate) list_cost_hint: &'static str,
    pub(crate) charge: &'static str,
    pub(crate) charge_hint: &'static str,
    pub(crate) attempts: &'static str,
    pub(crate) unbilled: &'static str,
    pub(crate) unbilled_hint: &'static str,
    pub(crate) money_hidden: &'static str,
    pub(crate) page_address: &'static str,
    pub(crate) books: &'static str,
    pub(crate) books_complete: &'static str,
    pub(crate) books_caught_up: &'static str,
    pub(crate) books_catching_up: &'static str,
    pub(crate) pending: &'static str,
    pub(crate) unrecorded: &'static str,
    pub(crate) unrecorded_from: &'static str,
    pub(crate) unrecorded_until: &'static str,
    pub(crate) unrecorded_hint: &'static str,
    pub(crate) prices: &'static str,
    pub(crate) price_version: &'static str,
    pub(crate) models: &'static str,
    pub(crate) no_prices: &'static str,
    pub(crate) unknown: &'static str,
    pub(crate) gateway: &'static str,
    pub(crate) listen: &'static str,
    pub(crate) accounting_zone: &'static str,
    pub(crate) version: &'static str,
    pub(crate) next: &'static str,
    pub(crate) next_upstream: &'static str,
    pub(crate) next_key: &'static str,
    pub(crate) next_receipt: &'static str,
    pub(crate) token_hint: &'static str,
    pub(crate) reference: &'static str,
}

const EN: Messages = Messages {
    tagline: "A bill that can be proven.",
    ready: "Ready",
    degraded: "Degraded",
    degraded_hint: "The database is away, or the journal is short of room or meets a slow disk; the gateway's log says which. Requests are served from memory, and attempts wait in the journal.",
    today: "Today",
    cost: "Cost",
    cost_hint: "what the upstreams charge",
    list_cost: "List cost",
    list_cost_hint: "at the price list, before multipliers",
    charge: "Charge",
    charge_hint: "what the keys' owners pay",
    attempts: "Attempts",
    unbilled: "Unbilled",
    unbilled_hint: "Their cost is not known, so it is not in the sums. The list says why:",
    money_hidden: "Amounts are shown here only on a loopback address. With an admin token you see them from anywhere:",
    page_address: "this page's address",
    books: "Books",
    books_complete: "Complete: every settled attempt is in the ledger.",
    books_caught_up: "Every attempt that could be recorded is in the ledger.",
    books_catching_up: "Catching up: the journal holds entries that are on their way to the ledger.",
    pending: "On their way",
    unrecorded: "Unrecorded attempts",
    unrecorded_from: "The first",
    unrecorded_until: "The last",
    unrecorded_hint: "Some attempts were served while the journal had no room. They have no entry and are in no sum.",
    prices: "Prices",
    price_version: "Price version",
    models: "Models with a price",
    no_prices: "No price version yet; what is served now cannot be billed.",
    unknown: "not known at the moment",
    gateway: "Gateway",
    listen: "Clients connect to",
    accounting_zone: "Accounting zone",
    version: "Version",
    next: "What to do next",
    next_upstream: "Add an upstream: where requests go.",
    next_key: "Make a key: who may send them.",
    next_receipt: "Send a request with that key, then read its receipt.",
    token_hint: "The first start wrote an admin token to the data directory, into the file admin-token.",
    reference: "API reference",
};

const ZH_CN: Messages = Messages {
    tagline: "可以验证的账单。",
    ready: "就绪",
    degraded: "降级",
    degraded_hint: "数据库暂时不可用，或者本地日志空间不足、磁盘响应缓慢；具体原因见网关的运行日志。请求由内存中的配置继续服务，尝试记录在本地日志中等待入账。",
    today: "今天",
    cost: "成本",
    cost_hint: "上游向我们收取的费用",
    list_cost: "目录成本",
    list_cost_hint: "按价目表计算，未乘倍率",
    charge: "应收",
    charge_hint: "密钥所有者支付的费用",
    attempts: "尝试次数",
    unbilled: "未计费",
    unbilled_hint: "这些尝试的成本未知，因此不在合计之内。原因见列表：",
    money_hidden: "金额只在本机回环地址上显示。持有管理令牌时，可从任何地方查看：",
    page_address: "本页面的地址",
    books: "账本",
    books_complete: "完整：所有已结算的尝试都已入账。",
    books_caught_up: "所有能够记录的尝试都已入账。",
    books_catching_up: "追赶中：本地日志中还有条目正在写入账本。",
    pending: "待入账",
    unrecorded: "未记录的尝试",
    unrecorded_from: "最早",
    unrecorded_until: "最晚",
    unrecorded_hint: "有些尝试是在本地日志没有空间时提供服务的。它们没有账目，也不在任何合计之内。",
    prices: "价格",
    price_version: "价格版本",
    models: "有价格的模型",
    no_prices: "尚无价格版本；现在的请求无法计费。",
    unknown: "暂时未知",
    gateway: "网关",
    listen: "客户端连接到",
    accounting_zone: "记账时区",
    version: "版本",
    next: "下一步",
    next_upstream: "添加上游：请求发往哪里。",
    next_key: "创建密钥：谁可以发送请求。",
    next_receipt: "用该密钥发送请求，然后查看它的收据。",
    token_hint: "首次启动时，管理令牌已写入数据目录中的 admin-token 文件。",
    reference: "API 参考",
};

impl Messages {
    /// The texts of a language.
    pub(crate) const fn of(language: Language) -> &'static Self {
        match language {
            Language::En => &EN,
            Language::ZhCn => &ZH_CN,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Field names and texts, from the derived `Debug`.
    fn texts(messages: &Messages) -> Vec<(String, String)> {
        let debug = format!("{messages:#?}");
        let lines = debug.lines().filter_map(|line| line.trim().split_once(": \""));
        lines
            .map(|(name, text)| (name.to_owned(), text.trim_end_matches("\",").to_owned()))
            .collect()
    }

    #[test]
    fn every_text_is_there_in_every_language_and_is_translated() {
        let english = texts(&EN);
        assert!(english.len() > 30, "{}", english.len());
        for language in Language::ALL.into_iter().skip(1) {
            let other = texts(Messages::of(language));
            assert_eq!(english.len(), other.len());
            for ((name, text), (other_name, translated)) in english.iter().zip(other) {
                assert_eq!(*name, other_name);
                assert!(!translated.trim().is_empty(), "{name} is empty");
                assert_ne!(*text, translated, "{name} is not translated");
                assert_eq!(
                    text.ends_with(':'),
                    translated.ends_with('：'),
                    "{name} leads on in one language only"
                );
            }
        }
    }
}
