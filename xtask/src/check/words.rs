//! The words of the house: one word for one thing, in identifiers and in the texts of the console.

use std::collections::BTreeSet;

use super::source::{code, is_test_path, own_identifiers, scripts, words};
use super::{Finding, House};

/// Words that no identifier holds, and what is said instead.
const BANNED: &[(&str, &str)] = &[
    ("dongle", "security key"),
    ("realm", "tenant"),
    ("org", "tenant"),
    ("pairing", "enrol"),
    ("scope", "role or privilege"),
    ("scopes", "privileges"),
    ("whitelist", "allowed services"),
    ("blacklist", "the thing that is refused"),
];

/// Two words that no identifier holds together, and what is said instead.
const BANNED_TOGETHER: &[(&str, &str, &str)] = &[
    ("attach", "policy", "link"),
    ("detach", "policy", "unlink"),
    ("assign", "policy", "link (a policy is linked to a key)"),
    ("link", "user", "assign"),
    ("link", "holder", "assign"),
    ("kill", "key", "revoke"),
    ("lock", "key", "suspend"),
    ("pin", "password", "PIN"),
    ("otp", "device", "OTP token"),
    ("key", "token", "security key or OTP token"),
    ("token", "offset", "counter or drift"),
];

/// Ends of type names that say nothing about what the type is.
const EMPTY_ENDS: &[&str] = &["manager", "helper", "helpers", "util", "utils", "service"];
/// Names of files that attract everything.
const EMPTY_FILES: &[&str] = &["util", "utils", "helper", "helpers", "misc", "common"];
/// Words that no text of the console holds.
const BANNED_IN_TEXTS: &[&str] = &[
    "dongle",
    "realm",
    "please",
    "scope",
    "successfully",
    "successful",
    "stick",
];

/// Finds banned words in the identifiers of Rust and TypeScript.
pub(super) fn identifiers_rule(house: &House) -> Vec<Finding> {
    let sources = house
        .sources(&[".rs", ".ts", ".svelte"])
        .filter(|(path, _)| !is_generated(path));
    sources.flat_map(|(path, text)| in_source(path, text)).collect()
}

/// Finds banned words in the English catalogue of the console, which the others translate.
pub(super) fn texts_rule(house: &House) -> Vec<Finding> {
    let catalogues = house
        .sources(&[".ts", ".json"])
        .filter(|(path, _)| is_english_catalogue(path));
    catalogues.flat_map(|(path, text)| in_catalogue(path, text)).collect()
}

fn in_source(path: &str, text: &str) -> Vec<Finding> {
    let text = if path.ends_with(".svelte") {
        scripts(text)
    } else {
        text.to_owned()
    };
    let code = code(&text);
    let stem = path
        .rsplit('/')
        .next()
        .and_then(|name| name.split('.').next())
        .unwrap_or_default();
    let file = EMPTY_FILES.contains(&stem) && !is_test_path(path);
    let file = file.then(|| {
        Finding::at(
            path,
            format!("a file named {stem} attracts everything: name what it holds"),
        )
    });
    // A name is told once a file, where it first stands.
    let mut seen = BTreeSet::new();
    let names = own_identifiers(&code)
        .filter(|(_, name)| seen.insert(*name))
        .filter_map(|(line, name)| Some(Finding::at(&format!("{path}:{line}"), objection(name)?)));
    let types = declared_types(&code)
        .filter_map(|(line, name)| Some(Finding::at(&format!("{path}:{line}"), empty_type(name)?)));
    file.into_iter().chain(names).chain(types).collect()
}

fn objection(name: &str) -> Option<String> {
    let words = words(name);
    let has = |word: &str| words.iter().any(|own| own == word);
    let single = BANNED.iter().find(|(word, _)| has(word)).map(|(_, instead)| instead);
    let pair = BANNED_TOGETHER
        .iter()
        .find(|(one, other, _)| words.windows(2).any(|two| two == [*one, *other]));
    let instead = single.or(pair.map(|(_, _, instead)| instead))?;
    Some(format!("`{name}`: the word here is {instead}"))
}

/// The types that a source declares, with their lines.
fn declared_types(code: &str) -> impl Iterator<Item = (usize, &str)> {
    code.lines().enumerate().filter_map(|(index, line)| {
        let mut words = line
            .split(|letter: char| !letter.is_alphanumeric() && letter != '_')
            .filter(|word| !word.is_empty());
        words.find(|word| ["struct", "enum", "trait", "type", "class", "interface"].contains(word))?;
        Some((index + 1, words.next()?))
    })
}

fn empty_type(name: &str) -> Option<String> {
    let is_empty = name.starts_with(char::is_uppercase)
        && words(name).last().is_some_and(|end| EMPTY_ENDS.contains(&end.as_str()));
    (is_empty || name == "Token").then(|| format!("type `{name}`: say what it is, not that it does something"))
}

fn in_catalogue(path: &str, text: &str) -> Vec<Finding> {
    let lines = text.lines().enumerate();
    let hits = lines.flat_map(|(index, line)| {
        let said = line.split_once(':').map_or("", |(_, said)| said).to_lowercase();
        let is_word = move |word: &&str| {
            said.split(|letter: char| !letter.is_alphabetic())
                .any(|own| own == *word)
        };
        BANNED_IN_TEXTS
            .iter()
            .copied()
            .filter(is_word)
            .map(move |word| (index + 1, word))
    });
    hits.map(|(line, word)| Finding::at(&format!("{path}:{line}"), format!("the console does not say “{word}”")))
        .collect()
}

fn is_english_catalogue(path: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default();
    path.starts_with("web/src/") && (name == "en.ts" || name == "en.json" || path.contains("/en/"))
}

fn is_generated(path: &str) -> bool {
    path.ends_with(".d.ts")
}

#[cfg(test)]
mod tests {
    use super::super::samples::house;
    use super::*;

    fn in_rust(text: &str) -> Vec<Finding> {
        identifiers_rule(&house(&[("crates/a/src/lib.rs", text)]))
    }

    #[test]
    fn banned_words_are_found_in_identifiers_and_not_in_texts() {
        assert_eq!(in_rust("fn a(realm: u8) {}").len(), 1);
        assert_eq!(in_rust("fn attach_policy() {}").len(), 1);
        assert!(in_rust("fn a() { std::thread::scope(b) }").is_empty());
        assert!(in_rust("// the realm of a header\nfn a() { b(\"realm\") }").is_empty());
    }

    #[test]
    fn types_that_say_nothing_are_found() {
        assert_eq!(in_rust("pub struct DeviceManager;").len(), 1);
        assert_eq!(in_rust("pub enum Token { A }").len(), 1);
        assert!(in_rust("pub struct ApiToken;").is_empty());
    }

    #[test]
    fn a_file_for_everything_is_found() {
        assert_eq!(
            identifiers_rule(&house(&[("crates/a/src/utils.rs", "fn a() {}")])).len(),
            1
        );
    }

    #[test]
    fn the_script_of_a_component_is_read_and_its_markup_is_not() {
        let component = "<script lang=\"ts\">let dongle = 1</script>\n<th scope=\"col\"></th>";
        assert_eq!(identifiers_rule(&house(&[("web/src/a.svelte", component)])).len(), 1);
    }

    #[test]
    fn the_catalogue_does_not_beg() {
        let catalogue = "export default {\n  'a.b': 'Please insert the dongle',\n}";
        assert_eq!(texts_rule(&house(&[("web/src/lib/i18n/en.ts", catalogue)])).len(), 2);
    }
}
