//! Nothing in the tree knows the machine it was written on: no folders of people, no registries of companies.

use super::{Finding, House};

/// Finds paths of a machine and hosts of package registries.
pub(super) fn rule(house: &House) -> Vec<Finding> {
    let paths = machine_paths(house);
    let files = house.files.iter().filter(|(path, _)| !path.ends_with("Cargo.lock"));
    files
        .flat_map(|(path, text)| in_file(path, text, &paths))
        .chain(house.files.iter().flat_map(|(path, text)| sources(path, text)))
        .collect()
}

/// The folders that no file may name. They are put together here, or this file would name them itself.
fn machine_paths(house: &House) -> Vec<String> {
    let usual = ["root", "work", "farm", "Users"].map(|folder| format!("/{folder}/"));
    let own = house.root.iter().cloned();
    own.chain(usual).collect()
}

fn registry_hosts() -> [String; 5] {
    let of = |parts: [&str; 2]| parts.join(".");
    [
        of(["registry", "npmjs.org"]),
        of(["index", "crates.io"]),
        of(["static", "crates.io"]),
        of(["files", "pythonhosted.org"]),
        of(["registry", "yarnpkg.com"]),
    ]
}

fn in_file(path: &str, text: &str, paths: &[String]) -> Vec<Finding> {
    let hosts = registry_hosts();
    let mut found = Vec::new();
    for (index, line) in text.lines().enumerate() {
        let place = format!("{path}:{}", index + 1);
        if let Some(folder) = paths.iter().find(|folder| names_folder(line, folder)) {
            found.push(Finding::at(&place, format!("names a folder of a machine: {folder}")));
        }
        if let Some(host) = hosts.iter().find(|host| line.contains(host.as_str())) {
            found.push(Finding::at(&place, format!("names a package registry: {host}")));
        }
    }
    found
}

/// Whether the line holds the folder as the beginning of a path, not as a part of an address or another path.
fn names_folder(line: &str, folder: &str) -> bool {
    let before = |at: usize| line.get(..at).and_then(|text| text.chars().next_back());
    line.match_indices(folder)
        .any(|(at, _)| !before(at).is_some_and(|letter| letter.is_alphanumeric() || "._-}*".contains(letter)))
}

/// Settings that would send everybody's downloads somewhere.
fn sources(path: &str, text: &str) -> Vec<Finding> {
    let name = path.rsplit('/').next().unwrap_or_default();
    let marks: &[&str] = match name {
        ".npmrc" => &["registry="],
        "package-lock.json" => &["\"resolved\": \"http"],
        "config.toml" if path.contains(".cargo/") => &["[source.", "[registries."],
        "requirements.txt" => &["--index-url", "--extra-index-url"],
        _ => &[],
    };
    let hits = marks.iter().filter(|mark| text.contains(**mark));
    hits.map(|mark| {
        Finding::at(
            path,
            format!("says where packages come from (`{mark}`): that is each machine's own setting"),
        )
    })
    .collect()
}

#[cfg(test)]
mod tests {
    use super::super::samples::house;
    use super::*;

    #[test]
    fn a_folder_of_a_machine_is_found_and_an_address_is_not() {
        let folder = ["see /", "root", "/claviger"].concat();
        assert_eq!(rule(&house(&[("docs/a.md", &folder)])).len(), 1);
        let address = ["https://example.org/", "work", "/plan"].concat();
        assert!(rule(&house(&[("docs/a.md", &address)])).is_empty());
    }

    #[test]
    fn a_registry_is_found_in_texts_and_in_lock_files() {
        let host = format!("https://{}/a", registry_hosts()[0]);
        assert_eq!(rule(&house(&[("docs/a.md", &host)])).len(), 1);
        let lock = "{\"resolved\": \"https://mirror.example/a.tgz\"}";
        assert_eq!(rule(&house(&[("web/package-lock.json", lock)])).len(), 1);
    }
}
