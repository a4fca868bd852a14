//! Tokens whose seeds are known here, and somebody who asks a server about their codes.

use std::time::Duration;

use claviger_domain::{
    TenantId,
    otp::{Algorithm, Digits, Seed, code},
};
use reqwest::blocking::Client;
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::{crash::post, site::Site};

/// A token that counts, with eight digits: two of its codes are hardly ever alike.
#[derive(Clone)]
pub(crate) struct TestToken {
    pub(crate) id: String,
    pub(crate) serial: String,
    /// The name of who has it.
    pub(crate) user: String,
    seed: Seed,
}

impl TestToken {
    /// Adds a token and a user who has it.
    pub(crate) fn of_somebody(site: &Site, serial: &str) -> Self {
        let user = format!("user-{serial}");
        let made = post(
            site,
            "/users",
            &json!({ "user_name": user, "display_name": "Somebody" }),
        );
        Self::of(site, serial, &user, &made["id"])
    }

    /// Adds a token for a user who is there.
    pub(crate) fn of(site: &Site, serial: &str, user: &str, user_id: &Value) -> Self {
        let bytes = Sha256::digest(serial)[..20].to_vec();
        let draft = json!({
            "serial_number": serial, "type": "hotp", "digits": 8, "encoding": "hex",
            "seed": data_encoding::HEXLOWER.encode(&bytes),
        });
        let made = post(site, "/otp-tokens", &draft);
        let id = made["id"].as_str().unwrap().to_owned();
        post(
            site,
            &format!("/otp-tokens/{id}/assign"),
            &json!({ "user_id": user_id }),
        );
        Self {
            id,
            serial: serial.to_owned(),
            user: user.to_owned(),
            seed: Seed::new(bytes).unwrap(),
        }
    }

    /// The code at a counter.
    pub(crate) fn shown(&self, counter: u64) -> String {
        code(&self.seed, Algorithm::Sha1, Digits::Eight, counter)
            .using()
            .to_string()
    }
}

/// The tenant that an API token names.
pub(crate) fn tenant_of(token: &str) -> TenantId {
    let bytes = data_encoding::BASE64URL_NOPAD.decode(token.trim_start_matches("clv_").as_bytes());
    TenantId::from_uuid(uuid::Uuid::from_slice(&bytes.unwrap()[..16]).unwrap())
}

/// How a server is asked about a code.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Way {
    Serial,
    User,
    /// As clients of privacyIDEA ask.
    Compatible,
}

impl Way {
    pub(crate) const ALL: [Self; 3] = [Self::Serial, Self::User, Self::Compatible];
}

/// What became of a question.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Told {
    Accepted,
    Refused,
    /// There was no answer, or none that says either.
    Nothing,
}

/// A login system, connected to one server.
#[derive(Clone)]
pub(crate) struct Asker {
    http: Client,
    address: String,
    token: String,
    tenant: String,
}

impl Asker {
    pub(crate) fn at(site: &Site) -> Self {
        let http = Client::builder().timeout(Duration::from_mins(2)).build().unwrap();
        Self {
            http,
            address: site.address.clone(),
            token: site.token.clone(),
            tenant: tenant_of(&site.token).to_string(),
        }
    }

    pub(crate) fn asks(&self, way: Way, token: &TestToken, otp: &str) -> Told {
        let (path, order) = match way {
            Way::Serial => (
                "api/v1/verifications/otp".to_owned(),
                json!({ "serial_number": token.serial, "otp": otp }),
            ),
            Way::User => (
                "api/v1/verifications/otp".to_owned(),
                json!({ "user": token.user, "otp": otp }),
            ),
            Way::Compatible => (
                format!("pi/{}/validate/check", self.tenant),
                json!({ "user": token.user, "pass": otp }),
            ),
        };
        let asked = self.http.post(format!("{}{path}", self.address)).json(&order);
        let Ok(answer) = asked
            .bearer_auth(&self.token)
            .send()
            .and_then(reqwest::blocking::Response::json::<Value>)
        else {
            return Told::Nothing;
        };
        let said = answer["accepted"].as_bool().or(answer["result"]["value"].as_bool());
        match said {
            Some(true) => Told::Accepted,
            Some(false) => Told::Refused,
            None => Told::Nothing,
        }
    }

    /// Gives a token an order; answers the status.
    pub(crate) fn orders(&self, token: &TestToken, verb: &str) -> u16 {
        let url = format!("{}api/v1/otp-tokens/{}/{verb}", self.address, token.id);
        let asked = self.http.post(url).bearer_auth(&self.token).json(&json!({}));
        asked.send().map_or(0, |answer| answer.status().as_u16())
    }
}
