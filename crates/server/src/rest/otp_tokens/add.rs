//! A token added by hand.

use claviger_api::{OtpAlgorithm, OtpToken, OtpTokenDraft, OtpType, SeedEncoding};
use claviger_domain::{
    otp::{Algorithm, Digits, Parameters, Seed, TimeStep, readable},
    text::{Manufacturer, Model},
};
use claviger_formats::seeds::{self, Encoding, SeedFault, otpauth};

use crate::{
    Failure,
    actions::{
        fields::Fields,
        otp_tokens::{self as actions, Draft},
    },
    auth::Caller,
    rest::{Answer, Json, guard::OtpWrite, security_keys::sentence},
};

/// Adds one token, active and without a user: from its seed, whose encoding is said, or from an otpauth URI.
#[utoipa::path(
    post, path = "/otp-tokens", operation_id = "otp_token_add", tag = "OTP tokens",
    request_body = OtpTokenDraft, responses((status = 201, body = OtpToken)),
)]
pub(super) async fn add(caller: Caller<OtpWrite>, Json(draft): Json<OtpTokenDraft>) -> Answer {
    let token = actions::add(&caller, read(draft)?).await?;
    caller.answer(token)
}

/// What a token needs to show codes.
struct Given {
    parameters: Parameters,
    counter: Option<u64>,
    seed: Seed,
    issuer: Option<String>,
}

/// Every fault is told at once, and none quotes the seed.
fn read(draft: OtpTokenDraft) -> Result<Draft, Failure> {
    let mut fields = Fields::default();
    let given = match &draft.otpauth_uri {
        Some(uri) => by_uri(&mut fields, uri, &draft),
        None => by_seed(&mut fields, &draft),
    };
    let issuer = given.as_ref().and_then(|given| given.issuer.clone());
    let maker = draft.manufacturer.filter(|text| !text.trim().is_empty()).or(issuer);
    let manufacturer = maker.map(|text| fields.read("/manufacturer", Manufacturer::new(&text).map_err(spoken)));
    let model = draft.model.filter(|text| !text.trim().is_empty());
    let model = model.map(|text| fields.read("/model", Model::new(&text).map_err(spoken)));
    // The serial number is judged also where nothing else is known of the token.
    let parameters = given.as_ref().map(|given| given.parameters);
    let parameters = parameters.unwrap_or_else(|| Parameters::hotp(Algorithm::Sha1, Digits::Six));
    let counter = given.as_ref().and_then(|given| given.counter);
    let incoming = match readable(&draft.serial_number, parameters, counter) {
        Ok(incoming) => Some(incoming),
        Err(faults) => {
            for fault in faults {
                let column = fault
                    .column
                    .map(|column| if column == "serial" { "serial_number" } else { column });
                fields.fault(&format!("/{}", column.unwrap_or_default()), spoken(fault.wrong));
            }
            None
        }
    };
    let whole = incoming.zip(given).map(|(incoming, given)| Draft {
        incoming,
        seed: given.seed,
        manufacturer: manufacturer.flatten(),
        model: model.flatten(),
    });
    fields.all(whole)
}

fn by_uri(fields: &mut Fields, uri: &str, draft: &OtpTokenDraft) -> Option<Given> {
    let beside = [
        ("type", draft.kind.is_some()),
        ("algorithm", draft.algorithm.is_some()),
        ("digits", draft.digits.is_some()),
        ("time_step", draft.time_step.is_some()),
        ("counter", draft.counter.is_some()),
        ("seed", draft.seed.is_some()),
        ("encoding", draft.encoding.is_some()),
    ];
    for (name, _) in beside.iter().filter(|(_, given)| *given) {
        fields.fault(&format!("/{name}"), "The otpauth URI says this; leave it out.");
    }
    match otpauth::parse(uri) {
        Ok(read) => Some(Given {
            parameters: read.parameters,
            counter: Some(read.counter),
            seed: read.seed,
            issuer: read.issuer,
        }),
        Err(faults) => {
            noted(fields, "/otpauth_uri", faults);
            None
        }
    }
}

fn by_seed(fields: &mut Fields, draft: &OtpTokenDraft) -> Option<Given> {
    let digits = draft
        .digits
        .map_or(Ok(Digits::Six), |digits| Digits::new(digits.into()));
    let digits = fields.read("/digits", digits.map_err(spoken));
    let step = draft
        .time_step
        .map_or(Ok(TimeStep::Thirty), |step| TimeStep::new(step.into()));
    let step = fields.read("/time_step", step.map_err(spoken));
    if draft.kind.is_none() {
        fields.fault("/type", "Say `hotp` or `totp`, or give an otpauth URI.");
    }
    let stray = match draft.kind {
        Some(OtpType::Hotp) => (
            "/time_step",
            draft.time_step.is_some(),
            "A token that counts has no time step.",
        ),
        Some(OtpType::Totp) => (
            "/counter",
            draft.counter.is_some(),
            "A token with a clock has no counter.",
        ),
        None => ("", false, ""),
    };
    if let (pointer, true, why) = stray {
        fields.fault(pointer, why);
    }
    let seed = typed(fields, draft);
    let algorithm = match draft.algorithm {
        None | Some(OtpAlgorithm::Sha1) => Algorithm::Sha1,
        Some(OtpAlgorithm::Sha256) => Algorithm::Sha256,
        Some(OtpAlgorithm::Sha512) => Algorithm::Sha512,
    };
    let parameters = match draft.kind? {
        OtpType::Hotp => Parameters::hotp(algorithm, digits?),
        OtpType::Totp => Parameters::totp(algorithm, digits?, step?),
    };
    Some(Given {
        parameters,
        counter: draft.counter,
        seed: seed?,
        issuer: None,
    })
}

fn typed(fields: &mut Fields, draft: &OtpTokenDraft) -> Option<Seed> {
    let encoding = match draft.encoding {
        Some(SeedEncoding::Base32) => Some(Encoding::Base32),
        Some(SeedEncoding::Hex) => Some(Encoding::Hex),
        None => {
            fields.fault("/encoding", "Say `base32` or `hex`; it is never guessed.");
            None
        }
    };
    let Some(text) = &draft.seed else {
        fields.fault("/seed", "Give the seed, or an otpauth URI.");
        return None;
    };
    match seeds::typed(text, encoding?) {
        Ok(seed) => Some(seed),
        Err(faults) => {
            noted(fields, "/seed", faults);
            None
        }
    }
}

fn noted(fields: &mut Fields, pointer: &str, faults: Vec<SeedFault>) {
    for fault in faults {
        fields.fault(pointer, spoken(fault.wrong));
    }
}

fn spoken(fault: impl std::fmt::Display) -> String {
    sentence(&fault.to_string())
}
