//! S8: `claviger rotate-keys` is killed at any moment; every secret opens afterwards, and the same order finishes it.

use std::{
    fs,
    path::Path,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use reqwest::Method;
use rusqlite::Connection;
use serde_json::{Value, json};

use crate::{
    secrecy::{Flock, Hands, Shown, on_postgres},
    site::Site,
};

/// Keys with two sealed PINs each: more than are sealed anew in one commit.
const KEYS: usize = 60;

const DATA_KEYS: &[&str] = &["rotate-keys"];
const KEK: &[&str] = &["rotate-keys", "--kek"];

/// What is sealed: how to ask for it, and what must come.
struct Sealed {
    path: String,
    order: Value,
    pins: [Value; 2],
}

/// Makes PINs that are asked for again as often as one likes: of configurations that are pending.
fn sealed(site: &Site) -> Vec<Sealed> {
    let mut hands = Hands::new(site, Flock::default());
    let rules = json!({ "name": "Administrators", "type": "enterprise" });
    let policy = hands.done("/policies", &rules, Shown::Nowhere).text("/id").to_owned();
    let rows: Vec<String> = (0..KEYS).map(|row| format!("Key,SN-{row:06},FIDO_2_1\n")).collect();
    let file = site.write(
        "delivery.csv",
        &format!("deviceName,serialNumber,version\n{}", rows.concat()),
    );
    site.ask(&["imports", "create", &file]).ok();
    let keys = hands.read("/security-keys?limit=200").body["items"].clone();
    let make = |key: &Value| {
        let path = format!("/security-keys/{}/configuration", key["id"].as_str().unwrap());
        let order = json!({ "policy_id": policy, "serial_seen": key["serial_number"], "admin_pin": true });
        let made = hands.done(&path, &order, Shown::InTheBody).body;
        Sealed {
            path,
            order,
            pins: [made["user_pin"].clone(), made["admin_pin"].clone()],
        }
    };
    keys.as_array().unwrap().iter().map(make).collect()
}

/// How many secrets do not come out as they were put in.
fn lost(site: &Site, sealed: &[Sealed]) -> usize {
    let mut hands = Hands::new(site, Flock::default());
    let mut lost = 0;
    for one in sealed {
        let ask = hands.owner(Method::POST, &one.path).json(&one.order);
        let given = hands.send(ask, Shown::InTheBody).body;
        let same = given["user_pin"] == one.pins[0] && given["admin_pin"] == one.pins[1];
        lost += usize::from(!same);
    }
    lost
}

/// When a rotation is killed.
enum Moment<'a> {
    After(Duration),
    /// As soon as this file is there.
    Seen(&'a Path),
}

/// Begins a rotation and kills it; answers whether it was still at work.
fn killed(site: &Site, order: &[&str], moment: &Moment<'_>) -> bool {
    let mut child = site
        .command(order)
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .unwrap();
    match moment {
        Moment::After(time) => thread::sleep(*time),
        Moment::Seen(file) => {
            while !file.exists() && child.try_wait().unwrap().is_none() {
                thread::yield_now();
            }
        }
    }
    let _ = child.kill();
    child.wait().unwrap().code().is_none()
}

/// How long a rotation takes that nobody kills.
fn undisturbed(site: &Site, order: &[&str]) -> Duration {
    let began = Instant::now();
    site.here(order).ok();
    began.elapsed()
}

fn survives(database: Option<&str>, kek: Option<&str>, kills: u32) {
    let mut environment: Vec<_> = database
        .map(|url| ("CLAVIGER_DATABASE", url.to_owned()))
        .into_iter()
        .collect();
    environment.extend(kek.map(|key| ("CLAVIGER_KEK", key.to_owned())));
    let mut site = Site::set_up_with(environment);
    site.start();
    let sealed = sealed(&site);
    site.kill();
    let old = site.data().join("kek.old");
    let orders: &[&[&str]] = if kek.is_some() { &[DATA_KEYS] } else { &[KEK, DATA_KEYS] };
    let times: Vec<Duration> = orders.iter().map(|order| undisturbed(&site, order)).collect();
    let (mut killings, mut ended, mut halfway, mut gone) = (0, 0, 0, 0);
    for round in 0..kills * 10 {
        let which = usize::try_from(round).unwrap() % orders.len();
        // Moments that are spread evenly over the whole time, however many there are.
        let share = (f64::from(round) * 0.618_034).fract();
        let moment = match round % 4 {
            2 if kek.is_none() => Moment::Seen(&old),
            _ => Moment::After(times[which].mul_f64(share)),
        };
        if !killed(&site, orders[which], &moment) {
            ended += 1;
            continue;
        }
        killings += 1;
        halfway += u32::from(old.exists());
        site.start();
        gone += lost(&site, &sealed);
        site.kill();
        if killings == kills {
            break;
        }
    }
    for order in orders {
        site.here(order).ok();
    }
    assert!(!old.exists(), "the order finishes what was begun");
    site.start();
    gone += lost(&site, &sealed);
    site.here(&["audit", "verify"]).ok();
    println!(
        "S8 {} kek={} kills={killings} halfway={halfway} ended={ended} secrets={} lost={gone}",
        if database.is_some() { "postgres" } else { "sqlite" },
        if kek.is_some() { "environment" } else { "file" },
        sealed.len() * 2
    );
    assert_eq!((killings, gone), (kills, 0));
    assert!(halfway > 0 || kek.is_some(), "no kill came halfway");
}

/// The controls: a new key in the place of the old one, which nobody kept, and one row that is spoilt.
fn what_is_lost_is_seen(database: Option<&str>) {
    let environment = database.map(|url| ("CLAVIGER_DATABASE", url.to_owned()));
    let mut site = Site::set_up_with(environment.into_iter().collect());
    site.start();
    let sealed = sealed(&site);
    assert_eq!(lost(&site, &sealed), 0);
    site.kill();
    let file = site.data().join("kek");
    let kept = fs::read(&file).unwrap();
    fs::write(&file, format!("{}\n", "5e".repeat(32))).unwrap();
    site.start();
    let out_of_order = lost(&site, &sealed);
    site.kill();
    fs::write(&file, kept).unwrap();
    site.start();
    assert_eq!(lost(&site, &sealed), 0, "with the old key they open");
    println!("S8 control new_key_first lost={out_of_order} of={}", sealed.len());
    assert_eq!(out_of_order, sealed.len());
}

#[test]
fn s8_kills_during_a_rotation_lose_nothing_sqlite() {
    survives(None, None, 20);
}

#[test]
fn s8_kills_during_a_rotation_lose_nothing_postgres() {
    on_postgres(|url| survives(Some(url), None, 20));
}

#[test]
fn s8_kills_lose_nothing_with_a_key_from_the_environment() {
    let kek = "3a".repeat(32);
    survives(None, Some(&kek), 5);
}

#[test]
#[ignore = "a proof at full size"]
fn prove_s8_kills_during_a_rotation_lose_nothing() {
    survives(None, None, 200);
    survives(None, Some(&"3a".repeat(32)), 200);
    on_postgres(|url| survives(Some(url), None, 200));
}

#[test]
fn s8_a_new_key_without_the_old_one_is_noticed_sqlite() {
    what_is_lost_is_seen(None);
}

#[test]
fn s8_a_new_key_without_the_old_one_is_noticed_postgres() {
    on_postgres(|url| what_is_lost_is_seen(Some(url)));
}

#[test]
fn s8_one_row_that_is_spoilt_is_noticed_and_ends_the_rotation() {
    let mut site = Site::set_up();
    site.start();
    let sealed = sealed(&site);
    site.kill();
    let database = Connection::open(site.database()).unwrap();
    let row = "SELECT rowid FROM sealed_secrets WHERE kind = 'security_key.pending_user_pin' LIMIT 1";
    let row: i64 = database.query_row(row, [], |row| row.get(0)).unwrap();
    let spoil = "UPDATE sealed_secrets SET sealed = CAST(substr(sealed, 1, length(sealed) - 1) || x'00' AS BLOB) WHERE rowid = ?1";
    assert_eq!(database.execute(spoil, [row]).unwrap(), 1);
    drop(database);
    site.start();
    assert_eq!(lost(&site, &sealed), 1);
    site.kill();
    let refused = site.here(KEK).refused(7);
    assert!(refused.err.contains("1 secrets do not open"), "{refused:?}");
    assert!(site.data().join("kek.old").exists(), "the old key is kept");
    site.start();
    assert_eq!(lost(&site, &sealed), 1, "the others open");
}

#[test]
fn a_key_from_the_environment_is_not_exchanged_behind_its_owners_back() {
    let site = Site::set_up_with(vec![("CLAVIGER_KEK", "3a".repeat(32))]);
    let refused = site.here(KEK).refused(7);
    assert!(refused.err.contains("comes from the environment"), "{refused:?}");
    site.here(DATA_KEYS).ok();
}
