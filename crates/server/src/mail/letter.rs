//! A letter: who it is to, what it says, as a message of two parts, text and HTML. Header fields are encoded by the
//! library, and names come through without line breaks, so that nothing can be smuggled into a header.

use std::time::{Duration, UNIX_EPOCH};

use claviger_domain::{Timestamp, text::Email};
use lettre::{
    Address, Message,
    message::{
        Mailbox, MultiPart,
        header::{HeaderName, HeaderValue},
    },
};
use uuid::Uuid;

use super::{Language, html};
use crate::actions::settings::MailServer;

/// Who a letter is to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Addressee {
    /// His name; nobody's when empty.
    pub(crate) name: String,
    /// His address.
    pub(crate) address: String,
}

/// What a letter says.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Words {
    pub(super) language: Language,
    pub(super) subject: String,
    pub(super) paragraphs: Vec<String>,
}

/// What makes one letter the same as its repetition.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mark<'a> {
    pub(super) id: Uuid,
    /// The server's own host name.
    pub(super) host: &'a str,
    pub(super) at: Timestamp,
}

/// The message.
///
/// # Errors
/// Says which address is none.
pub(super) fn message(from: &MailServer, to: &Addressee, words: &Words, mark: Mark<'_>) -> Result<Message, String> {
    let micros = u64::try_from(mark.at.as_micros()).unwrap_or_default();
    let text = words.paragraphs.join("\r\n\r\n") + "\r\n";
    let page = html::page(words.language.tag(), &words.subject, &words.paragraphs);
    Message::builder()
        .from(mailbox(&from.from_name, &from.from_address)?)
        .to(mailbox(&to.name, &to.address)?)
        .subject(one_line(&words.subject))
        .date(UNIX_EPOCH + Duration::from_micros(micros))
        .message_id(Some(format!("<{}@{}>", mark.id, mark.host)))
        .raw_header(header("Auto-Submitted", "auto-generated"))
        .raw_header(header("Content-Language", words.language.tag()))
        .multipart(MultiPart::alternative_plain_html(text, page))
        .map_err(|error| error.to_string())
}

fn header(name: &'static str, value: &str) -> HeaderValue {
    HeaderValue::new(HeaderName::new_from_ascii_str(name), value.to_owned())
}

fn mailbox(name: &str, address: &str) -> Result<Mailbox, String> {
    let refused = || format!("{} is no address that mail can be sent to.", one_line(address));
    let address = Email::new(address).map_err(|_| refused())?;
    let address: Address = address.as_str().parse().map_err(|_| refused())?;
    let name = one_line(name);
    Ok(Mailbox::new((!name.is_empty()).then_some(name), address))
}

/// The text on one line, without control characters.
fn one_line(text: &str) -> String {
    let line: String = text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect();
    line.trim().to_owned()
}

#[cfg(test)]
mod tests {
    use claviger_api::MailEncryption;
    use claviger_domain::Timestamp;
    use uuid::Uuid;

    use super::{Addressee, Language, MailServer, Mark, Words, message};

    fn from(name: &str) -> MailServer {
        MailServer {
            host: "mail.example.org".to_owned(),
            port: 25,
            encryption: MailEncryption::None,
            user_name: None,
            password_set_at: None,
            from_address: "keys@example.org".to_owned(),
            from_name: name.to_owned(),
            ca_certificates: None,
        }
    }

    fn written(from_name: &str, to: (&str, &str), subject: &str) -> Result<String, String> {
        let (name, address) = (to.0.to_owned(), to.1.to_owned());
        let words = Words {
            language: Language::Czech,
            subject: subject.to_owned(),
            paragraphs: vec!["Dobrý den,".to_owned(), "<b>konec</b>".to_owned()],
        };
        let mark = Mark {
            id: Uuid::from_u128(7),
            host: "claviger.example",
            at: Timestamp::from_seconds(0),
        };
        let letter = message(&from(from_name), &Addressee { name, address }, &words, mark)?;
        Ok(String::from_utf8(letter.formatted()).unwrap())
    }

    #[test]
    fn a_letter_is_marked_and_has_both_parts() {
        let letter = written("Správa", ("Žofie", "zofie@example.org"), "Klíč odvolán").unwrap();
        let head = letter.split("\r\n\r\n").next().unwrap();
        assert!(
            head.contains("Message-ID: <00000000-0000-0000-0000-000000000007@claviger.example>"),
            "{head}"
        );
        assert!(
            head.contains("Auto-Submitted: auto-generated") && head.contains("Content-Language: cs"),
            "{head}"
        );
        assert!(head.is_ascii(), "header fields are encoded: {head}");
        assert!(letter.contains("text/plain; charset=utf-8") && letter.contains("text/html; charset=utf-8"));
        assert!(!letter.contains("<p><b>"), "{letter}");
    }

    #[test]
    fn no_name_and_no_subject_adds_a_header_field() {
        let evil = "x\r\nBcc: thief@example.org\r\n\r\nbody";
        let letter = written(evil, (evil, "a@example.org"), evil).unwrap();
        let head = letter.split("\r\n\r\n").next().unwrap();
        assert!(
            head.lines().all(|line| !line.to_lowercase().starts_with("bcc")),
            "{head}"
        );
        assert!(written("x", ("x", "a@b.example\r\nBcc: t@e.org"), "x").is_err());
    }
}
