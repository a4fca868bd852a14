//! Where a secret could have got to: all that the server wrote or said.

use std::{fs, path::Path};

use super::hands::Hands;

/// A place and what is in it.
pub(crate) struct Place {
    pub(crate) name: String,
    pub(crate) content: Vec<u8>,
    /// Whether it is the database, which looks credentials up by their hashes.
    pub(crate) holds_hashes: bool,
}

impl Place {
    pub(crate) fn of(name: impl Into<String>, content: Vec<u8>) -> Self {
        Self {
            name: name.into(),
            content,
            holds_hashes: false,
        }
    }

    fn of_the_database(name: impl Into<String>, content: Vec<u8>) -> Self {
        Self {
            holds_hashes: true,
            ..Self::of(name, content)
        }
    }
}

/// All places of a running server. `dump` is a dump of its PostgreSQL, `round` a number that was not given before.
pub(crate) fn of(hands: &mut Hands<'_>, dump: Option<Vec<u8>>, round: u32) -> Vec<Place> {
    read_everything(hands);
    let site = hands.site;
    let backup = site.path(&format!("backup {round}.clv"));
    let told = site.here(&["backup", backup.to_str().unwrap()]).ok();
    let mut places = vec![
        Place::of("answers", hands.told.clone()),
        Place::of("events", hands.events.lock().unwrap().clone()),
        Place::of("log", site.said()),
        Place::of("backup's words", [told.out, told.err].concat().into_bytes()),
        Place::of_the_database("backup", fs::read(&backup).unwrap()),
        Place::of(
            "command line",
            fs::read(format!("/proc/{}/cmdline", site.pid())).unwrap(),
        ),
    ];
    for command in [
        &["audit", "export"][..],
        &["audit", "export", "--format", "csv"],
        &["keys", "export"],
        &["api-tokens", "list", "--all", "--output", "json"],
        &["settings", "show", "--output", "json"],
    ] {
        let ended = site.ask(command).ok();
        places.push(Place::of(
            format!("claviger {}", command.join(" ")),
            [ended.out, ended.err].concat().into_bytes(),
        ));
    }
    files(&site.data(), &mut places);
    files(&site.path("tmp"), &mut places);
    places.extend(dump.map(|dump| Place::of_the_database("pg_dump", dump)));
    places
}

/// All files of a folder, with those in folders below.
fn files(folder: &Path, places: &mut Vec<Place>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            files(&path, places);
            continue;
        }
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let content = fs::read(&path).unwrap();
        places.push(if name.starts_with("claviger.db") {
            Place::of_the_database(name, content)
        } else {
            Place::of(name, content)
        });
    }
}

/// Every list, export and page that the document has and that needs no id.
fn read_everything(hands: &mut Hands<'_>) {
    let document = include_str!("../../../../../docs/openapi.json");
    let document: serde_json::Value = serde_json::from_str(document).unwrap();
    for (path, item) in document["paths"].as_object().unwrap() {
        let path = path.strip_prefix("/api/v1").unwrap();
        if item.get("get").is_some() && !path.contains('{') && path != "/events" {
            let answer = hands.read(path);
            let for_people = path.starts_with("/account") && answer.status == 403;
            assert!(answer.status.is_success() || for_people, "{path}: {}", answer.body);
        }
    }
}
