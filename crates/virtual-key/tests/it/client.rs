//! The key and the client of `claviger-ctap`, which knows the traps of real keys.

use std::convert::Infallible;
use std::ops::ControlFlow;

use claviger_ctap::client::{Client, Notice, PinRefusal, Transport};
use claviger_ctap::pin::Pin;
use claviger_ctap::wire::client_pin::Permissions;

use crate::key::Key;
use crate::services::{RP, discoverable, judged, registered, sign_in};

impl Transport for Key {
    type Error = Infallible;

    fn exchange(&mut self, message: &[u8], _: &mut Notice<'_>) -> Result<Vec<u8>, Infallible> {
        Ok(self.send(message))
    }
}

#[test]
fn an_ordinary_life() {
    let key = Key::new();
    let platform = key.platform.clone();
    let mut client = Client::open(key, move |target| platform.fill(target), |_| ControlFlow::Continue(())).unwrap();
    let (first, second) = (Pin::new("a1b2c3").unwrap(), Pin::new("d4e5f6").unwrap());
    client.set_pin(&first).unwrap();
    client.change_pin(&first, &second).unwrap();
    let wrong = client.pin_token(&first, Permissions::CREDENTIAL_MANAGEMENT, None);
    assert_eq!(wrong.err(), Some(PinRefusal::Wrong(Some(7)).into()));
    for user in [b"a", b"b"] {
        let token = client
            .pin_token(&second, Permissions::MAKE_CREDENTIAL, Some(RP))
            .unwrap();
        let made = client.make_credential(discoverable(RP, user), Some(&token)).unwrap();
        let own = registered(RP, &made);
        let assertions = client.get_assertions(sign_in(RP, &[&own]), None).unwrap();
        judged(&own, &assertions[0]);
    }
    let token = client.pin_token(&second, Permissions::GET_ASSERTION, Some(RP)).unwrap();
    assert_eq!(client.get_assertions(sign_in(RP, &[]), Some(&token)).unwrap().len(), 2);

    let token = client
        .pin_token(&second, Permissions::CREDENTIAL_MANAGEMENT, None)
        .unwrap();
    let metadata = client.credentials_metadata(&token).unwrap();
    assert_eq!((metadata.existing, metadata.remaining), (2, 98));
    let parties = client.relying_parties(&token).unwrap();
    assert_eq!(parties.len(), 1);
    let credentials = client.credentials(parties[0].id_hash, &token).unwrap();
    let mut user = credentials[0].user.clone();
    user.display_name = Some("Another".to_owned());
    client.update_user(&credentials[0].id, &user, &token).unwrap();
    let changed = client.credentials(parties[0].id_hash, &token).unwrap();
    assert_eq!(changed[0].user.display_name.as_deref(), Some("Another"));
    client.delete_credential(&credentials[0].id, &token).unwrap();
    assert_eq!(client.credentials(parties[0].id_hash, &token).unwrap().len(), 1);

    let token = client.pin_token(&second, Permissions::LARGE_BLOB_WRITE, None).unwrap();
    let blobs = client.read_large_blobs().unwrap();
    client.write_large_blobs(&blobs, Some(&token)).unwrap();
    client.transport().power_cycle();
    client.reset().unwrap();
    assert_eq!(client.info().option("clientPin"), Some(false));
}
