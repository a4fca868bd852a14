//! Where keys can be: readers and USB devices, and how one of them is named.

use serde::Serialize;

/// How a key is connected.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Cable {
    /// USB, as a HID device.
    Usb,
    /// A PC/SC reader, with or without contacts.
    Pcsc,
}

impl Cable {
    /// Its name for people.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Usb => "USB",
            Self::Pcsc => "reader",
        }
    }
}

/// What is known of a place without talking to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Content {
    /// A reader without anything in it.
    Empty,
    /// A card that may be a security key: only asking tells.
    Card,
    /// A USB device that says it is a security key.
    Key,
}

/// A place where a key is or could be.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Place {
    /// How it is reached.
    #[serde(rename = "transport")]
    pub cable: Cable,
    /// The reader's name, or the path of the USB device.
    #[serde(rename = "reader")]
    pub name: String,
    /// What a USB device calls itself.
    pub product: Option<String>,
    /// The serial number of a USB device, as the cable tells it.
    #[serde(skip)]
    pub usb_serial: Option<String>,
    /// What is in it.
    #[serde(skip)]
    pub content: Content,
    /// Differs when a key was taken out and put back meanwhile.
    #[serde(skip)]
    pub visit: u32,
}

impl Place {
    /// Whether something is there that may be a key.
    #[must_use]
    pub fn is_occupied(&self) -> bool {
        self.content != Content::Empty
    }

    /// The name for people: what the device calls itself, and where it is.
    #[must_use]
    pub fn shown(&self) -> String {
        match &self.product {
            Some(product) => format!("{product} ({})", self.name),
            None => self.name.clone(),
        }
    }

    /// Whether `reader`, typed by a person, names this place: its name or product in full, or a part of its name.
    fn fits(&self, reader: &str) -> Option<Fit> {
        let wanted = reader.trim().to_lowercase();
        let names = [Some(&self.name), self.product.as_ref()];
        let mut lowered = names.into_iter().flatten().map(|name| name.to_lowercase());
        let exact = lowered.clone().any(|name| name == wanted);
        let part = lowered.any(|name| name.contains(&wanted));
        if exact {
            Some(Fit::Exact)
        } else {
            part.then_some(Fit::Part)
        }
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Fit {
    Exact,
    Part,
}

/// Which key is meant.
#[derive(Debug, Clone, Default)]
pub struct Wanted {
    /// The reader or device, or a part of its name.
    pub reader: Option<String>,
    /// The serial number that the key itself tells.
    pub serial: Option<String>,
}

impl Wanted {
    /// The places that the reader's name allows: those with the exact name, or else those that contain it.
    #[must_use]
    pub fn places(&self, all: Vec<Place>) -> Vec<Place> {
        let Some(reader) = &self.reader else { return all };
        let of = |fit: Fit| {
            let fitting = all.iter().filter(|place| place.fits(reader) == Some(fit));
            fitting.cloned().collect::<Vec<_>>()
        };
        let exact = of(Fit::Exact);
        if exact.is_empty() { of(Fit::Part) } else { exact }
    }

    /// Whether a key with this serial number is meant. Case, spaces and dashes do not count, as in the inventory.
    #[must_use]
    pub fn has_serial(&self, serial: Option<&str>) -> bool {
        self.serial
            .as_deref()
            .is_none_or(|wanted| serial.is_some_and(|serial| folded(serial) == folded(wanted)))
    }
}

fn folded(serial: &str) -> String {
    let counts = |letter: &char| !letter.is_whitespace() && *letter != '-';
    serial.chars().filter(counts).flat_map(char::to_lowercase).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn place(name: &str, product: Option<&str>) -> Place {
        Place {
            cable: Cable::Pcsc,
            name: name.to_owned(),
            product: product.map(str::to_owned),
            usb_serial: None,
            content: Content::Card,
            visit: 0,
        }
    }

    fn named(reader: &str) -> Vec<String> {
        let all = vec![
            place("Virtual PCD 00 00", None),
            place("Virtual PCD 00 01", None),
            place("/dev/hidraw1", Some("Solo 2")),
            place("/dev/hidraw10", None),
        ];
        let wanted = Wanted {
            reader: Some(reader.to_owned()),
            serial: None,
        };
        wanted.places(all).into_iter().map(|place| place.name).collect()
    }

    #[test]
    fn a_full_name_wins_over_one_that_only_contains_it() {
        assert_eq!(named("/dev/hidraw1"), ["/dev/hidraw1"]);
        assert_eq!(named("virtual pcd 00 01"), ["Virtual PCD 00 01"]);
        assert_eq!(named("pcd"), ["Virtual PCD 00 00", "Virtual PCD 00 01"]);
        assert_eq!(named("solo 2"), ["/dev/hidraw1"]);
        assert!(named("nowhere").is_empty());
    }

    #[test]
    fn a_serial_number_is_found_however_it_is_written_and_no_other() {
        let wanted = Wanted {
            reader: None,
            serial: Some("ab-12 34".to_owned()),
        };
        assert!(wanted.has_serial(Some("AB1234")));
        assert!(!wanted.has_serial(Some("0AB1234")));
        assert!(!wanted.has_serial(None));
        assert!(Wanted::default().has_serial(None));
    }
}
