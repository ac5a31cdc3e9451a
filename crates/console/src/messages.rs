//! The texts of the page that stands in for the console, in every language. A missing one does not compile.

use crate::Language;

/// The texts of one language.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Messages {
    pub(crate) running: &'static str,
    pub(crate) no_console: &'static str,
    pub(crate) how_to_get_it: &'static str,
    pub(crate) meanwhile: &'static str,
    pub(crate) reference: &'static str,
}

const EN: Messages = Messages {
    running: "The gateway is running, and its API answers.",
    no_console: "This binary was built without its web console",
    how_to_get_it: "The build makes the console with npm and did not find it, or npm failed; the build's warning says \
        which. Install Node.js 18 or later with npm, then build again:",
    meanwhile: "Meanwhile everything the console does can be done through the admin API.",
    reference: "API reference",
};

const ZH_CN: Messages = Messages {
    running: "网关正在运行，API 可以使用。",
    no_console: "此程序在构建时未包含网页控制台",
    how_to_get_it: "控制台由 npm 构建，而构建时没有找到 npm，或者 npm 执行失败；具体原因见构建时的警告。请安装 Node.js 18 \
        或更高版本及 npm，然后重新构建：",
    meanwhile: "在此期间，控制台的所有功能都可以通过管理 API 完成。",
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
