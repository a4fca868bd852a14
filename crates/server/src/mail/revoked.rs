//! What the letter about a revoked key says, and what a trial letter says: the catalogue of mail.

use claviger_domain::security_key::RevocationReason;

use super::{Language, letter::Words};

/// What the letter about a revocation names.
#[derive(Debug, Clone)]
pub(super) struct Revoked {
    pub(super) name: String,
    pub(super) device: String,
    pub(super) serial: String,
    pub(super) reason: Option<RevocationReason>,
    /// As people write it: `2026-11-22 07:03`.
    pub(super) when: String,
    pub(super) tenant: String,
}

/// The letter to the user whose key was revoked.
pub(super) fn revoked(language: Language, said: &Revoked) -> Words {
    let Revoked {
        name,
        device,
        serial,
        when,
        tenant,
        ..
    } = said;
    let why = said.reason.map_or("", |reason| reason_in(language, reason));
    let (subject, paragraphs) = match language {
        Language::English => (
            format!("Your security key {device} was revoked"),
            vec![
                format!("Hello {name},"),
                format!("your security key {device}, serial number {serial}, was revoked on {when} UTC. Reason: {why}."),
                "It can no longer be used to sign in. This cannot be undone.".to_owned(),
                "If you did not expect this, or need another key, ask your administrators.".to_owned(),
                format!("{tenant} · This message was sent automatically; answers are not read."),
            ],
        ),
        Language::Czech => (
            format!("Váš bezpečnostní klíč {device} byl odvolán"),
            vec![
                format!("Dobrý den, {name},"),
                format!("váš bezpečnostní klíč {device}, sériové číslo {serial}, byl odvolán {when} UTC. Důvod: {why}."),
                "Už se jím nelze přihlásit. Odvolání nelze vrátit zpět.".to_owned(),
                "Pokud jste to nečekali nebo potřebujete jiný klíč, obraťte se na své správce.".to_owned(),
                format!("{tenant} · Tato zpráva byla odeslána automaticky; odpovědi nikdo nečte."),
            ],
        ),
        Language::German => (
            format!("Ihr Sicherheitsschlüssel {device} wurde widerrufen"),
            vec![
                format!("Guten Tag, {name},"),
                format!("Ihr Sicherheitsschlüssel {device}, Seriennummer {serial}, wurde am {when} UTC widerrufen. Grund: {why}."),
                "Er kann nicht mehr zur Anmeldung verwendet werden. Das kann nicht rückgängig gemacht werden.".to_owned(),
                "Falls Sie das nicht erwartet haben oder einen anderen Schlüssel brauchen, wenden Sie sich an Ihre Administratoren.".to_owned(),
                format!("{tenant} · Diese Nachricht wurde automatisch gesendet; Antworten werden nicht gelesen."),
            ],
        ),
    };
    Words {
        language,
        subject,
        paragraphs,
    }
}

/// The letter that tries a mail server.
pub(super) fn trial(language: Language, tenant: &str) -> Words {
    let (subject, line) = match language {
        Language::English => ("Test message from Claviger", format!("Mail of {tenant} arrives.")),
        Language::Czech => (
            "Zkušební zpráva ze systému Claviger",
            format!("Pošta organizace {tenant} dochází."),
        ),
        Language::German => ("Testnachricht von Claviger", format!("E-Mail von {tenant} kommt an.")),
    };
    Words {
        language,
        subject: subject.to_owned(),
        paragraphs: vec![line],
    }
}

const fn reason_in(language: Language, reason: RevocationReason) -> &'static str {
    let words = match reason {
        RevocationReason::Lost => ["lost", "ztracen", "verloren"],
        RevocationReason::Stolen => ["stolen", "odcizen", "gestohlen"],
        RevocationReason::Compromised => ["compromised", "kompromitován", "kompromittiert"],
        RevocationReason::Leaver => ["its holder leaves", "odchod držitele", "Ausscheiden des Inhabers"],
        RevocationReason::Damaged => ["damaged", "poškozen", "beschädigt"],
        RevocationReason::Other => ["other", "jiný", "sonstiger"],
    };
    let [english, czech, german] = words;
    match language {
        Language::English => english,
        Language::Czech => czech,
        Language::German => german,
    }
}

#[cfg(test)]
mod tests {
    use super::{Language, RevocationReason, Revoked, revoked, trial};

    #[test]
    fn every_letter_in_every_language_names_everything() {
        let said = Revoked {
            name: "Žofie".to_owned(),
            device: "Fusion NFC".to_owned(),
            serial: "0012".to_owned(),
            reason: Some(RevocationReason::Stolen),
            when: "2026-11-22 07:03".to_owned(),
            tenant: "Příklad".to_owned(),
        };
        let mut seen = std::collections::BTreeSet::new();
        for language in [Language::English, Language::Czech, Language::German] {
            let words = revoked(language, &said);
            let text = words.paragraphs.join("\n");
            for named in ["Žofie", "Fusion NFC", "0012", "2026-11-22 07:03", "Příklad"] {
                assert!(text.contains(named), "{language:?}: {named}");
            }
            assert!(words.subject.contains("Fusion NFC") && seen.insert(words.subject));
            assert!(trial(language, "Příklad").paragraphs[0].contains("Příklad"));
        }
    }
}
