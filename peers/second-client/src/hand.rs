//! Who holds the key: puts it into the reader and pulls it out, and connects to it.

use std::ffi::OsString;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail};
use futures::executor::block_on;
use pcsc::Scope;
use webauthn_authenticator_rs::ctap2::CtapAuthenticator;
use webauthn_authenticator_rs::nfc::{NFCCard, NFCTransport};
use webauthn_authenticator_rs::transport::Transport as _;
use webauthn_authenticator_rs::types::{CableRequestType, CableState, EnrollSampleStatus};
use webauthn_authenticator_rs::ui::UiCallback;

/// How long the reader may take to notice a card; it takes a fraction of it.
const PATIENCE: Duration = Duration::from_secs(30);

/// The user, who knows a PIN.
#[derive(Debug)]
pub(crate) struct User {
    pub(crate) pin: String,
}

/// A connection to the key.
pub(crate) type Key<'a> = CtapAuthenticator<'a, NFCCard, User>;

/// The hand with the key.
pub(crate) struct Hand {
    card: Vec<OsString>,
    inserted: Option<Child>,
}

impl Hand {
    pub(crate) fn new(card: Vec<OsString>) -> Self {
        Self { card, inserted: None }
    }

    /// Pulls the key out, if it is in, and puts it in.
    pub(crate) fn insert_anew(&mut self) -> Result<()> {
        self.pull_out();
        wait("the reader is empty", || Ok(cards()?.is_empty().then_some(())))?;
        let (program, arguments) = self.card.split_first().context("no card")?;
        let mut card = Command::new(program);
        self.inserted = Some(card.args(arguments).stdin(Stdio::null()).spawn().context("the card")?);
        Ok(())
    }

    /// The card in the reader, with its applet selected.
    pub(crate) fn card(&self) -> Result<NFCCard> {
        wait("a card is in the reader", || Ok(cards()?.pop()))
    }

    /// The key in the reader, as the library sees one.
    pub(crate) fn key<'a>(&self, user: &'a User) -> Result<Key<'a>> {
        let key = block_on(CtapAuthenticator::new(self.card()?, user));
        key.context("the library does not know the key's version of CTAP")
    }

    fn pull_out(&mut self) {
        if let Some(mut card) = self.inserted.take() {
            let _ended_before = card.kill();
            let _status = card.wait();
        }
    }
}

impl Drop for Hand {
    fn drop(&mut self) {
        self.pull_out();
    }
}

fn cards() -> Result<Vec<NFCCard>> {
    // A context of its own each time: one that saw a reader go away stays confused.
    let transport = NFCTransport::new(Scope::User)?;
    Ok(block_on(transport.tokens())?)
}

fn wait<T>(what: &str, mut look: impl FnMut() -> Result<Option<T>>) -> Result<T> {
    let end = Instant::now() + PATIENCE;
    while Instant::now() < end {
        if let Some(found) = look()? {
            return Ok(found);
        }
        thread::sleep(Duration::from_millis(50));
    }
    bail!("{what}: not within {} seconds", PATIENCE.as_secs())
}

impl UiCallback for User {
    fn request_pin(&self) -> Option<String> {
        Some(self.pin.clone())
    }

    fn request_touch(&self) {}

    fn processing(&self) {}

    fn fingerprint_enrollment_feedback(&self, _remaining: u32, _feedback: Option<EnrollSampleStatus>) {}

    fn cable_qr_code(&self, _request: CableRequestType, _url: String) {}

    fn dismiss_qr_code(&self) {}

    fn cable_status_update(&self, _state: CableState) {}
}
