//! By user, a code costs the database as many statements for whom nobody knows as for whom everybody knows: counted on
//! the wire, since time is no measure on a machine that does other things.

use std::{
    collections::BTreeMap,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use claviger_domain::otp::Command;
use serde_json::json;
use tokio::{
    io::{AsyncReadExt as _, AsyncWriteExt as _, copy},
    net::{
        TcpListener, TcpStream,
        tcp::{OwnedReadHalf, OwnedWriteHalf},
    },
};

use crate::{
    otp_tokens::{TestToken, pressed, user},
    server::{TestServer, World},
    stock::{get, post},
};

/// What a client asks for before it names itself: encryption (PostgreSQL, message formats).
const ENCRYPTION: [u8; 4] = 80_877_103_u32.to_be_bytes();

/// Passes on what a server and its database say, and counts the statements.
async fn meter(port: u16, statements: Arc<AtomicUsize>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let own = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let server = TcpStream::connect(("127.0.0.1", port)).await.unwrap();
            client.set_nodelay(true).unwrap();
            server.set_nodelay(true).unwrap();
            let ((asked, mut told), (mut answered, asks)) = (client.into_split(), server.into_split());
            tokio::spawn(async move { copy(&mut answered, &mut told).await });
            tokio::spawn(pass(asked, asks, statements.clone()));
        }
    });
    own
}

/// One way of a conversation: a statement is bound, or is a text of its own.
async fn pass(mut from: OwnedReadHalf, mut to: OwnedWriteHalf, statements: Arc<AtomicUsize>) -> std::io::Result<()> {
    loop {
        let first = message(&mut from, &mut to, Vec::new()).await?;
        if first[4..8] != ENCRYPTION {
            break;
        }
    }
    loop {
        let kind = from.read_u8().await?;
        statements.fetch_add(usize::from(matches!(kind, b'B' | b'Q')), Ordering::Relaxed);
        message(&mut from, &mut to, vec![kind]).await?;
    }
}

/// A message behind its kind, which the first ones lack.
async fn message(from: &mut OwnedReadHalf, to: &mut OwnedWriteHalf, mut bytes: Vec<u8>) -> std::io::Result<Vec<u8>> {
    let length = from.read_u32().await?;
    bytes.extend(length.to_be_bytes());
    let begun = bytes.len();
    bytes.resize(begun + usize::try_from(length).unwrap() - 4, 0);
    from.read_exact(&mut bytes[begun..]).await?;
    to.write_all(&bytes).await?;
    Ok(bytes)
}

/// The fewest statements that an act took, of several times: the server does other things as well.
async fn fewest(statements: &AtomicUsize, act: impl AsyncFn()) -> usize {
    let mut fewest = usize::MAX;
    for _ in 0..5 {
        let before = statements.load(Ordering::Relaxed);
        act().await;
        fewest = fewest.min(statements.load(Ordering::Relaxed) - before);
    }
    fewest
}

/// Users of every kind.
async fn people(server: &TestServer, world: &World) {
    let app = server.app();
    for name in ["bare", "wrong", "off", "barred"] {
        let holder = user(server, world, name).await;
        if name == "bare" {
            continue;
        }
        let token = TestToken::in_stock(app, world, &format!("ALIKE-{name}"), pressed()).await;
        token.assigned(app, holder).await;
        if name == "off" {
            token.ordered(app, Command::Disable { other_active: 1 }).await;
        }
        if name == "barred" {
            let path = format!("/users/{}/disable", holder.as_uuid());
            assert_eq!(post(server, &world.token, &path, json!({})).await.status.as_u16(), 200);
        }
    }
}

async fn alike() {
    let postgres = claviger_testkit::shared();
    let url = postgres.database().await;
    let port = url::Url::parse(&url).unwrap().port().unwrap();
    let statements = Arc::new(AtomicUsize::new(0));
    let own = meter(port, statements.clone()).await;
    let metered = url.replace(&format!(":{port}/"), &format!(":{own}/"));
    let server = TestServer::start_with(Some(metered), &[]).await;
    let world = server.world("Alike").await;
    people(&server, &world).await;
    for (what, otp) in [("code", "000000"), ("emergency code", "AAAAA-AAAAA")] {
        let mut counted = BTreeMap::new();
        for user in ["nobody", "bare", "wrong", "off", "barred"] {
            let ask = async || {
                let answer = post(
                    &server,
                    &world.token,
                    "/verifications/otp",
                    json!({ "user": user, "otp": otp }),
                );
                assert_eq!(answer.await.body, json!({ "accepted": false, "reason": "rejected" }));
            };
            counted.insert(user, fewest(&statements, ask).await);
        }
        println!("ALIKE {what}: statements {counted:?}");
        let nobody = counted["nobody"];
        assert!(
            nobody > 2 && counted.values().all(|count| *count == nobody),
            "{what}: {counted:?}"
        );
    }
    // The control: what takes other statements is told apart.
    let read = async || {
        assert_eq!(
            get(&server, &world.token, "/otp-tokens?limit=1").await.status.as_u16(),
            200
        );
    };
    let ask = async || {
        post(
            &server,
            &world.token,
            "/verifications/otp",
            json!({ "user": "nobody", "otp": "0" }),
        )
        .await;
    };
    let (read, asked) = (fewest(&statements, read).await, fewest(&statements, ask).await);
    println!("ALIKE control: a list {read}, a code {asked}");
    assert_ne!(read, asked);
    server.stop().await;
}

#[test]
fn an_unknown_user_costs_as_many_statements_as_a_wrong_code() {
    claviger_testkit::run(alike);
}
