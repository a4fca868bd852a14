//! The licences of the console's packages, as the lock files and the installed packages name them.

use anyhow::{Context as _, Result};
use serde_json::{Map, Value};

use super::super::{Finding, House};
use super::licences::satisfied;
use super::policy::Policy;
use crate::tree::Tree;

/// Licences of tools that build or test the console and are not shipped with it (`"dev": true` in the lock file).
const OF_TOOLS: [&str; 3] = ["MPL-2.0", "Python-2.0", "BlueOak-1.0.0"];

/// Finds packages in any `package-lock.json` whose licence the policy does not allow.
pub(super) fn findings(tree: &Tree, house: &House, policy: &Policy) -> Result<Vec<Finding>> {
    let mut findings = Vec::new();
    for (path, text) in house.sources(&["package-lock.json"]) {
        let lock: Value = serde_json::from_str(text).with_context(|| path.to_owned())?;
        let packages = lock
            .get("packages")
            .and_then(Value::as_object)
            .with_context(|| format!("{path} names no packages"))?;
        let folder = path.trim_end_matches("package-lock.json");
        let judged = judge(packages, policy, |package| {
            installed(tree, &format!("{folder}{package}/package.json"))
        });
        println!(
            "{path}: {} packages, {} of them without a known licence (not installed here)",
            packages.len(),
            judged.unknown
        );
        findings.extend(judged.refused);
    }
    Ok(findings)
}

#[derive(Default)]
struct Judged {
    refused: Vec<Finding>,
    /// Packages whose licence stands neither in the lock file nor on this machine.
    unknown: usize,
}

fn judge(packages: &Map<String, Value>, policy: &Policy, installed: impl Fn(&str) -> Option<String>) -> Judged {
    let mut judged = Judged::default();
    for (path, package) in packages.iter().filter(|(path, _)| !path.is_empty()) {
        let name = path.rsplit("node_modules/").next().unwrap_or(path);
        let Some(licence) = licence(package).or_else(|| installed(path)) else {
            judged.unknown += 1;
            continue;
        };
        let is_tool = package.get("dev").and_then(Value::as_bool) == Some(true);
        if !satisfied(&licence, &|own| {
            policy.allows(name, own) || is_tool && OF_TOOLS.contains(&own)
        }) {
            let message = format!("has the licence {licence}, which deny.toml does not allow");
            judged.refused.push(Finding::at(&format!("npm {name}"), message));
        }
    }
    judged
}

fn licence(package: &Value) -> Option<String> {
    package.get("license").and_then(Value::as_str).map(str::to_owned)
}

fn installed(tree: &Tree, manifest: &str) -> Option<String> {
    licence(&serde_json::from_str(&tree.read(manifest).ok()?).ok()?)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::super::policy::SAMPLE;
    use super::*;

    #[test]
    fn a_tool_may_have_a_licence_that_what_is_shipped_may_not() {
        let lock =
            json!({"node_modules/a": {"license": "MPL-2.0"}, "node_modules/b": {"license": "MPL-2.0", "dev": true}});
        let judged = judge(lock.as_object().unwrap(), &Policy::parse(SAMPLE).unwrap(), |_| None);
        assert_eq!(judged.refused.len(), 1);
        assert_eq!(judged.refused[0].place, "npm a");
    }

    #[test]
    fn a_licence_is_found_in_the_lock_file_or_where_the_package_lies() {
        let lock =
            json!({"": {}, "node_modules/a": {"license": "GPL-3.0"}, "node_modules/b": {}, "node_modules/c": {}});
        let policy = Policy::parse(SAMPLE).unwrap();
        let on_disk = |path: &str| path.ends_with('b').then(|| "MIT".to_owned());
        let judged = judge(lock.as_object().unwrap(), &policy, on_disk);
        assert_eq!(judged.refused.len(), 1);
        assert_eq!(judged.unknown, 1);
    }
}
