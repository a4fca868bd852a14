//! The documentation page of all settings, made from the table.

use std::fmt::Write as _;

use super::SETTINGS;

/// `docs/settings.md`.
#[must_use]
pub fn page() -> String {
    let mut page = String::from(
        "# Settings\n\nFlags win over the environment, the environment over the TOML file named by `--config`.\n\
         This page is made from the table in `crates/server/src/config/settings.rs`.\n\n\
         | flag | environment | TOML | default | what it does |\n|---|---|---|---|---|\n",
    );
    for setting in SETTINGS {
        let flag = match (setting.secret, setting.value) {
            (true, _) => "–".to_owned(),
            (false, Some(value)) => format!("`--{} {value}`", setting.name),
            (false, None) => format!("`--{}`", setting.name),
        };
        let default = if setting.default.is_empty() {
            "–".to_owned()
        } else {
            format!("`{}`", setting.default)
        };
        let _ = writeln!(
            page,
            "| {flag} | `{}` | `{}` | {default} | {} |",
            setting.environment(),
            setting.key(),
            setting.help
        );
    }
    page
}
