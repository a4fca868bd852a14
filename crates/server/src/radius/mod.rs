//! RADIUS: appliances ask for a code in the way that they know (RFC 2865, PAP). Packets that no client of ours signed
//! are dropped without a word; a client's packets are answered when the decision is in the database. What a client asks
//! that cannot be tried is rejected: silence would have it take the server for dead.

mod book;
mod repeats;

use std::{net::SocketAddr, sync::Arc, time::Instant};

use claviger_formats::radius::{self, LONGEST_PACKET, Refused, Request, Verdict};
use claviger_store::otp_tokens::Sought;
use tokio::{net::UdpSocket, sync::Semaphore};

pub(crate) use book::Book;

use crate::{
    App, Failure,
    actions::verifications::{self, Asker, Reason},
};
use book::{Peer, of_address};
use repeats::{Mark, Repeats, Turn};

/// Packets that are decided at once. More are dropped: their clients send them again.
const AT_ONCE: usize = 1_024;

/// What all packets share.
struct Server {
    app: App,
    socket: UdpSocket,
    repeats: Repeats,
    room: Arc<Semaphore>,
}

/// Answers packets until the task is ended.
pub(crate) async fn run(app: App, socket: UdpSocket) {
    let server = Arc::new(Server {
        app,
        socket,
        repeats: Repeats::default(),
        room: Arc::new(Semaphore::new(AT_ONCE)),
    });
    // One byte more than a packet may have: what fills it was longer.
    let mut datagram = vec![0; LONGEST_PACKET + 1];
    loop {
        let (length, from) = match server.socket.recv_from(&mut datagram).await {
            Ok(received) => received,
            Err(error) => {
                tracing::warn!(%error, "a RADIUS packet was not received");
                continue;
            }
        };
        let Ok(room) = server.room.clone().try_acquire_owned() else {
            metrics::counter!("radius_packets", "outcome" => "dropped").increment(1);
            continue;
        };
        let bytes = datagram.get(..length).unwrap_or_default().to_vec();
        let server = server.clone();
        tokio::spawn(async move {
            let outcome = server.packet(&bytes, from).await;
            metrics::counter!("radius_packets", "outcome" => outcome).increment(1);
            drop(room);
        });
    }
}

impl Server {
    async fn packet(&self, bytes: &[u8], from: SocketAddr) -> &'static str {
        let peers = match self.app.radius().peers(&self.app).await {
            Ok(peers) => peers,
            Err(failure) => {
                tracing::error!(?failure, "RADIUS clients were not read");
                return "failed";
            }
        };
        let (peer, request) = match read(bytes, from, &peers) {
            Ok(read) => read,
            Err(why) => {
                // Whoever sends packets may send many: a line for each is for those who ask for it.
                tracing::debug!(%from, why, "a RADIUS packet was dropped");
                return "refused";
            }
        };
        let mark = (from, request.identifier, request.authenticator);
        match self.repeats.take(mark, Instant::now()) {
            Turn::Drop => "repeated",
            Turn::Again(answer) => {
                self.send(&answer, from).await;
                "repeated"
            }
            Turn::Decide => self.decided(peer, &request, mark).await,
        }
    }

    async fn decided(&self, peer: &Peer, request: &Request, mark: Mark) -> &'static str {
        let verdict = match self.verdict(peer, request, mark.0).await {
            Ok(verdict) => verdict,
            Err(failure) => {
                // No answer: the client asks again, or another server.
                tracing::error!(?failure, client = peer.name, "a RADIUS request was not decided");
                self.repeats.given_up(&mark);
                return "failed";
            }
        };
        let answer = radius::answer(request, verdict, peer.secret.using());
        self.repeats.answered(mark, Instant::now(), answer.clone());
        self.send(&answer, mark.0).await;
        match verdict {
            Verdict::Accept => "accepted",
            Verdict::Reject => "rejected",
        }
    }

    async fn verdict(&self, peer: &Peer, request: &Request, from: SocketAddr) -> Result<Verdict, Failure> {
        let Some(login) = &request.login else {
            tracing::debug!(%from, client = peer.name, "a RADIUS request has no name and password that can be tried");
            return Ok(Verdict::Reject);
        };
        let asker = Asker {
            app: &self.app,
            tenant: peer.tenant,
            name: format!("RADIUS client {}", peer.name),
            address: from.ip().to_canonical(),
            request_id: None,
        };
        let sought = Sought::User(login.user_name.trim().to_owned());
        let reason = verifications::verify_for(asker, sought, login.password.clone()).await?;
        Ok(if reason == Reason::Ok {
            Verdict::Accept
        } else {
            Verdict::Reject
        })
    }

    async fn send(&self, answer: &[u8], to: SocketAddr) {
        if let Err(error) = self.socket.send_to(answer, to).await {
            tracing::warn!(%error, %to, "a RADIUS answer was not sent");
        }
    }
}

/// The client that signed a packet, and what it asks.
fn read<'a>(bytes: &[u8], from: SocketAddr, peers: &'a [Peer]) -> Result<(&'a Peer, Request), String> {
    let mut why = None;
    for peer in of_address(peers, from.ip().to_canonical()) {
        match radius::read(bytes, peer.secret.using()) {
            Ok(request) => return Ok((peer, request)),
            Err(Refused::Signature) if why.is_some() => {}
            Err(refused) => why = Some(refused),
        }
    }
    Err(why.map_or_else(|| "no client has this address".to_owned(), |why| why.to_string()))
}
