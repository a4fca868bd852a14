//! USB keys of this machine through hidapi: which are there, and reports to and from one of them.

use std::{ffi::CString, fs::OpenOptions, io, path::Path, time::Duration};

use claviger_ctap::hid::{REPORT, Report, USAGE, USAGE_PAGE};
use hidapi::{HidApi, HidDevice, HidError};

use super::Reports;
use crate::{
    place::{Cable, Content, Place},
    trouble::Trouble,
};

/// The USB keys that are plugged in, whether or not this user may use them.
pub(crate) fn survey(api: &mut HidApi) -> Result<Vec<Place>, Trouble> {
    api.refresh_devices().map_err(|error| machine(&error))?;
    let keys = api
        .device_list()
        .filter(|device| (device.usage_page(), device.usage()) == (USAGE_PAGE, USAGE));
    Ok(keys
        .map(|device| Place {
            cable: Cable::Usb,
            name: device.path().to_string_lossy().into_owned(),
            product: text(device.product_string()),
            usb_serial: text(device.serial_number()),
            content: Content::Key,
            visit: 0,
        })
        .collect())
}

/// What a device says of itself, on one line: it stands inside sentences, and must not look like the next one.
fn text(text: Option<&str>) -> Option<String> {
    let line = text?.replace(char::is_control, " ");
    Some(line.trim().to_owned()).filter(|line| !line.is_empty())
}

fn machine(error: &HidError) -> Trouble {
    Trouble::Machine {
        what: format!("USB devices cannot be listed: {error}"),
    }
}

/// An open HID device.
pub(crate) struct RawReports {
    device: HidDevice,
    path: String,
}

impl RawReports {
    /// Opens the device at this path.
    pub(crate) fn open(api: &HidApi, path: &str) -> Result<Self, Trouble> {
        usable(path)?;
        let gone = || Trouble::Gone { place: path.to_owned() };
        let name = CString::new(path).map_err(|_| gone())?;
        let device = api.open_path(&name).map_err(|error| Trouble::Machine {
            what: format!("the device {path} cannot be opened: {error}"),
        })?;
        Ok(Self {
            device,
            path: path.to_owned(),
        })
    }

    fn failed(&self, error: &HidError) -> Trouble {
        // A device that was taken out has no node any more, or one that answers with an error on the device.
        let gone = matches!(error, HidError::IoError { error } if is_gone(error)) || !Path::new(&self.path).exists();
        let unplugged = error.to_string().contains("disconnected");
        if gone || unplugged {
            return Trouble::Gone {
                place: self.path.clone(),
            };
        }
        Trouble::Machine {
            what: format!("the connection to {} broke: {error}", self.path),
        }
    }
}

/// Whether the node can be opened at all: hidapi tells why not in words only.
fn usable(path: &str) -> Result<(), Trouble> {
    if !cfg!(unix) || !path.starts_with('/') {
        return Ok(());
    }
    match OpenOptions::new().read(true).write(true).open(path) {
        Ok(_) => Ok(()),
        Err(cause) if cause.kind() == io::ErrorKind::PermissionDenied => Err(Trouble::NoPermission {
            what: path.to_owned(),
            card_service: false,
        }),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound || is_gone(&cause) => {
            Err(Trouble::Gone { place: path.to_owned() })
        }
        Err(cause) => Err(Trouble::Machine {
            what: format!("the device {path} cannot be opened: {cause}"),
        }),
    }
}

/// What the kernel says of a device that was unplugged: `ENODEV`, `ENXIO`, `EIO`, and `EPIPE` from some host controllers.
fn is_gone(cause: &io::Error) -> bool {
    #[cfg(unix)]
    let codes = [libc::ENODEV, libc::ENXIO, libc::EIO, libc::EPIPE];
    #[cfg(not(unix))]
    let codes: [i32; 0] = [];
    cause.raw_os_error().is_some_and(|code| codes.contains(&code))
}

/// Whether a signal came in between (`EINTR`).
fn is_interrupted(error: &HidError) -> bool {
    matches!(error, HidError::IoError { error } if error.kind() == io::ErrorKind::Interrupted)
}

impl Reports for RawReports {
    fn send(&mut self, report: &Report) -> Result<(), Trouble> {
        // The first byte is the number of the report, 0 where there is only one.
        let mut numbered = [0; REPORT + 1];
        for (to, from) in numbered.iter_mut().skip(1).zip(report) {
            *to = *from;
        }
        let sent = loop {
            match self.device.write(&numbered) {
                Err(error) if is_interrupted(&error) => {}
                ended => break ended.map_err(|error| self.failed(&error))?,
            }
        };
        if sent < REPORT {
            return Err(Trouble::Machine {
                what: format!("only {sent} bytes of a report reached {}", self.path),
            });
        }
        Ok(())
    }

    fn receive(&mut self, wait: Duration) -> Result<Option<Report>, Trouble> {
        let mut report = [0; REPORT];
        let wait = i32::try_from(wait.as_millis()).unwrap_or(i32::MAX);
        match self.device.read_timeout(&mut report, wait) {
            Ok(length) => Ok((length > 0).then_some(report)),
            // Ctrl-C ends the look, not the connection: the key still has to be told to stop.
            Err(error) if is_interrupted(&error) => Ok(None),
            Err(error) => Err(self.failed(&error)),
        }
    }
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn a_node_that_is_not_there_is_a_key_that_was_taken_out() {
        assert!(matches!(usable("/dev/no-such-hidraw"), Err(Trouble::Gone { .. })));
    }

    #[test]
    fn ctrl_c_while_a_key_waits_is_no_broken_connection() {
        let said = |code| HidError::from(io::Error::from_raw_os_error(code));
        assert!(is_interrupted(&said(libc::EINTR)));
        assert!(!is_interrupted(&said(libc::EIO)));
    }

    #[test]
    fn what_a_device_calls_itself_is_one_line() {
        assert_eq!(text(Some("Key\n  Next:  \u{7}\n")).as_deref(), Some("Key   Next:"));
        assert_eq!(text(Some("\n")), None);
        assert_eq!(text(None), None);
    }

    #[test]
    fn the_kernels_words_for_an_unplugged_device_are_known() {
        assert!(is_gone(&io::Error::from_raw_os_error(libc::ENODEV)));
        assert!(!is_gone(&io::Error::from_raw_os_error(libc::EACCES)));
    }
}
