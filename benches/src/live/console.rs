//! An open console: it hears what changed and asks for the rows on its screen again, as `web/src/lib/table/list.svelte.ts`
//! and `web/src/lib/state/counts.svelte.ts` do.

use std::collections::HashMap;
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use serde::Deserialize;
use tokio::sync::watch;
use tokio::task::{JoinHandle, JoinSet};
use tokio::time::Instant as Due;
use uuid::Uuid;

use super::Moment;
use super::stream::{News, Stream};
use crate::api::Api;

/// How many keys changed elsewhere are asked about at once, and how long they are gathered.
const ASKED: usize = 50;
const WAIT: Duration = Duration::from_secs(2);
/// The counts beside the places are looked at so often at most.
const COUNTS: Duration = Duration::from_secs(1);

/// Which list a console shows.
#[derive(Clone, Debug)]
pub(crate) struct Shown {
    /// The list, without a page.
    list: String,
    /// The page's cursor; none on the first, which alone looks out for rows that belong on top.
    cursor: Option<String>,
}

/// A console.
pub(crate) struct Console {
    api: Api,
    shown: Shown,
    rows: HashMap<Uuid, i64>,
    /// Rows known to be older than what the server has, and whether the whole page is to be read.
    wanted: HashMap<Uuid, i64>,
    reload: bool,
    asking: Option<JoinHandle<Result<Page>>>,
    elsewhere: Vec<Uuid>,
    look_elsewhere: Option<Due>,
    look_at_counts: Option<Due>,
    /// Questions whose answers do not touch the rows.
    aside: JoinSet<Result<()>>,
    ended: Ended,
}

/// What a console saw until it was closed.
#[derive(Debug, Default)]
pub(crate) struct Ended {
    /// The rows that it showed at last, with their revisions.
    pub(crate) rows: HashMap<Uuid, i64>,
    /// Each new revision of a row, when it came.
    pub(crate) seen: Vec<Moment>,
    /// How many requests it made.
    pub(crate) asked: u64,
}

/// A page of keys, as far as it matters here.
#[derive(Debug, Deserialize)]
pub(crate) struct Page {
    pub(crate) items: Vec<Item>,
    pub(crate) next_cursor: Option<String>,
}

/// A key's row.
#[derive(Clone, Copy, Debug, Deserialize)]
pub(crate) struct Item {
    pub(crate) id: Uuid,
    pub(crate) revision: i64,
}

impl Shown {
    pub(crate) fn new(list: &str, cursor: Option<&str>) -> Self {
        Self {
            list: list.to_owned(),
            cursor: cursor.map(str::to_owned),
        }
    }

    pub(crate) fn path(&self) -> String {
        let cursor = self.cursor.as_ref();
        let cursor = cursor.map_or_else(String::new, |cursor| format!("&cursor={cursor}"));
        format!("{}&limit=50{cursor}", self.list)
    }
}

impl Console {
    /// Opens a console on a page of a list; its stream stands when this is done.
    pub(crate) async fn open(api: Api, shown: Shown) -> Result<(Self, Stream)> {
        let stream = Stream::open(&api).await?;
        let page: Page = api.read(&shown.path()).await?;
        let rows = page.items.iter().map(|item| (item.id, item.revision)).collect();
        let console = Self {
            api,
            shown,
            rows,
            wanted: HashMap::new(),
            reload: false,
            asking: None,
            elsewhere: Vec::new(),
            look_elsewhere: None,
            look_at_counts: None,
            aside: JoinSet::new(),
            ended: Ended::default(),
        };
        Ok((console, stream))
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = Item> {
        self.rows.iter().map(|(id, revision)| Item {
            id: *id,
            revision: *revision,
        })
    }

    /// Stays open until told otherwise.
    pub(crate) async fn stay(mut self, mut stream: Stream, mut closed: watch::Receiver<bool>) -> Result<Ended> {
        loop {
            self.ask();
            tokio::select! {
                _ = closed.wait_for(|closed| *closed) => break,
                data = stream.next() => self.hear(&serde_json::from_str(&data?)?),
                page = answered(&mut self.asking) => self.take(&page?),
                () = due(self.look_elsewhere) => self.ask_elsewhere(),
                () = due(self.look_at_counts) => self.ask_for_counts(),
                Some(answer) = self.aside.join_next() => answer??,
            }
        }
        self.ended.rows = self.rows;
        Ok(self.ended)
    }

    /// Takes in what changed.
    fn hear(&mut self, news: &News<'_>) {
        let now = Due::now();
        if news.truncated
            || news
                .changes
                .iter()
                .any(|change| matches!(change.kind, "security_key" | "import"))
        {
            self.look_at_counts.get_or_insert(now + COUNTS);
        }
        if news.truncated {
            self.reload = true;
            return;
        }
        for change in news.changes.iter().filter(|change| change.kind == "security_key") {
            match self.rows.get(&change.id) {
                Some(revision) if *revision < change.revision || change.revision == 0 => {
                    let wanted = self.wanted.entry(change.id).or_default();
                    *wanted = change.revision.max(*wanted);
                }
                None if self.shown.cursor.is_none() && self.elsewhere.len() < ASKED => self.elsewhere.push(change.id),
                Some(_) | None => {}
            }
        }
        if !self.elsewhere.is_empty() {
            self.look_elsewhere.get_or_insert(now + WAIT);
        }
    }

    /// Asks for the page, or for the rows that are out of date: one question at a time.
    fn ask(&mut self) {
        if self.asking.is_some() || (!self.reload && self.wanted.is_empty()) {
            return;
        }
        let path = if std::mem::take(&mut self.reload) {
            self.wanted.clear();
            self.shown.path()
        } else {
            by_ids(
                &self.shown.list,
                &self.wanted.drain().map(|(id, _)| id).collect::<Vec<_>>(),
            )
        };
        let api = self.api.clone();
        self.ended.asked += 1;
        self.asking = Some(tokio::spawn(async move { api.read(&path).await }));
    }

    /// Puts rows where they stand.
    fn take(&mut self, page: &Page) {
        let at = Instant::now();
        for Item { id, revision } in page.items.iter().copied() {
            if let Some(known) = self.rows.get_mut(&id).filter(|known| **known < revision) {
                *known = revision;
                self.ended.seen.push(Moment { id, revision, at });
            }
        }
    }

    fn ask_elsewhere(&mut self) {
        self.look_elsewhere = None;
        let path = by_ids(&self.shown.list, &std::mem::take(&mut self.elsewhere));
        self.ask_aside(path);
    }

    fn ask_for_counts(&mut self) {
        self.look_at_counts = None;
        self.ask_aside("/security-keys/counts".to_owned());
    }

    fn ask_aside(&mut self, path: String) {
        let api = self.api.clone();
        self.ended.asked += 1;
        self.aside.spawn(async move { api.get(&path).await.map(drop) });
    }
}

fn by_ids(list: &str, ids: &[Uuid]) -> String {
    let ids: Vec<String> = ids.iter().map(Uuid::to_string).collect();
    format!("{list}&limit=200&ids={}", ids.join(","))
}

/// The answer to what is being asked; never, while nothing is.
async fn answered(asking: &mut Option<JoinHandle<Result<Page>>>) -> Result<Page> {
    let Some(question) = asking else {
        return std::future::pending().await;
    };
    let answer = question.await.context("a question was dropped");
    *asking = None;
    answer?
}

async fn due(at: Option<Due>) {
    match at {
        Some(at) => tokio::time::sleep_until(at).await,
        None => std::future::pending().await,
    }
}
