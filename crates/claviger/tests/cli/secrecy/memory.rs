//! S23: after use no secret is left in the server's memory, as a core dump shows it.

use std::{
    fs,
    io::{Read as _, Write as _},
    net::TcpStream,
    process::Command,
};

use super::{
    canary::{Flock, Form},
    features::{Plan, use_all},
    hands::Hands,
};
use crate::site::Site;

const PLAN: Plan = Plan {
    people: 3,
    programs: 400,
    keys: 200,
    servers: 30,
    guesses: 140,
    tokens: 0,
};

/// Requests that are under way for the control.
const UNDER_WAY: usize = 200;

/// The memory of the server, as the debugger's `gcore` dumps it.
fn core(site: &Site) -> Vec<u8> {
    let pid = site.pid().to_string();
    let file = site.path("core");
    let made = Command::new("gcore").arg("-o").arg(&file).arg(&pid).output();
    let made = made.expect("gcore is needed: `apt-get install gdb`");
    let file = site.path(&format!("core.{pid}"));
    let core = fs::read(&file).unwrap_or_else(|error| panic!("{error}: {made:?}"));
    fs::remove_file(file).unwrap();
    core
}

/// How many canaries are in memory, and of which features.
fn left(site: &Site, flock: &Flock) -> (usize, String) {
    let found = flock.search().found(&core(site));
    let secrets = found.iter().filter(|(_, form)| *form == Form::Secret);
    let mut features = std::collections::BTreeMap::new();
    for (canary, _) in secrets.clone() {
        *features.entry(flock.all[*canary].feature).or_insert(0) += 1;
    }
    (secrets.count(), format!("{features:?}"))
}

/// A question about a one-time link, up to and with the link's secret.
fn half(site: &Site, secret: &str) -> TcpStream {
    let address = site.address.trim_end_matches('/').rsplit_once(':').unwrap().1;
    let mut stream = TcpStream::connect(format!("127.0.0.1:{address}")).unwrap();
    let body = format!(r#"{{"setup_token":"{secret}"#);
    let length = body.len() + 2;
    write!(
        stream,
        "POST /api/v1/setup/link HTTP/1.1\r\nhost: localhost\r\ncontent-type: application/json\r\nconnection: close\r\n\
         content-length: {length}\r\n\r\n{body}"
    )
    .unwrap();
    stream
}

#[test]
#[ignore = "a proof at full size"]
fn prove_s23_no_secret_stays_in_memory() {
    let environment = vec![
        ("CLAVIGER_SIGN_IN_ATTEMPTS", "100000".to_owned()),
        ("CLAVIGER_REQUEST_SECONDS", "3600".to_owned()),
    ];
    let mut site = Site::set_up_with(environment);
    site.start();
    let mut hands = Hands::new(&site, Flock::default());
    use_all(&mut hands, PLAN);
    let mut flock = std::mem::take(&mut hands.flock);
    // Connections that stay open keep what they last carried.
    drop(hands);

    // The control: what is under way is there.
    let planted = flock.all.len();
    let mut control = Flock::default();
    let secrets: Vec<String> = (0..UNDER_WAY).map(|_| control.typed("under way")).collect();
    let mut streams: Vec<TcpStream> = secrets.iter().map(|secret| half(&site, secret)).collect();
    let (mut held, mut tries) = (0, 0);
    while held * 4 < UNDER_WAY * 3 && tries < 10 {
        held = left(&site, &control).0;
        tries += 1;
    }
    for stream in &mut streams {
        stream.write_all(b"\"}").unwrap();
    }
    for mut stream in streams {
        let mut answer = String::new();
        stream.read_to_string(&mut answer).unwrap();
        assert!(answer.starts_with("HTTP/1.1 4"), "{answer}");
    }
    flock.all.append(&mut control.all);
    let (found, features) = left(&site, &flock);
    println!(
        "S23 canaries={} found={found} {features} control={held}/{UNDER_WAY}",
        planted + UNDER_WAY
    );
    assert!(held * 4 >= UNDER_WAY * 3, "the control finds {held} of {UNDER_WAY}");
    assert_eq!(found, 0, "{features}");
}
