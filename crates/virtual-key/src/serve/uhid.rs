//! The key as a USB device of this Linux, through `/dev/uhid` (the kernel's `Documentation/hid/uhid.rst`).

use std::fs::{File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::path::Path;
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, TryRecvError, channel};
use std::thread;
use std::time::Duration;

use claviger_ctap::hid::{REPORT, Report};

use super::slot::{Contact, Slot};
use crate::card::Processor;
use crate::hid::Device;

/// Where the kernel takes HID devices made by programs.
pub(super) const UHID: &str = "/dev/uhid";

const DESTROY: u32 = 1;
const STOP: u32 = 3;
const OUTPUT: u32 = 6;
const GET_REPORT: u32 = 9;
const GET_REPORT_REPLY: u32 = 10;
const CREATE: u32 = 11;
const INPUT: u32 = 12;
const SET_REPORT: u32 = 13;
const SET_REPORT_REPLY: u32 = 14;

/// More than any event of the kernel has.
const LONGEST_EVENT: usize = 8_192;
/// What a report can have in an event (`UHID_DATA_MAX`).
const DATA: usize = 4_096;
const BUS_USB: u16 = 3;
/// The number that pid.codes keeps for devices which are not sold.
const VENDOR: u32 = 0x1209;
const PRODUCT: u32 = 0x0001;
const EIO: u16 = 5;

/// How long the rest of a message may take (CTAP §11.2.5.2).
const REST: Duration = Duration::from_millis(500);

/// A HID device of the FIDO usage page with reports of 64 bytes both ways (CTAP §11.2.8.2).
const DESCRIPTOR: [u8; 34] = [
    0x06, 0xD0, 0xF1, 0x09, 0x01, 0xA1, 0x01, 0x09, 0x20, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x40, 0x81,
    0x02, 0x09, 0x21, 0x15, 0x00, 0x26, 0xFF, 0x00, 0x75, 0x08, 0x95, 0x40, 0x91, 0x02, 0xC0,
];

/// What reaches the key.
enum Event {
    Report(Box<Report>),
    /// The kernel has no device any more.
    Gone,
}

/// Serves the key until the process is ended: plugged in whenever it is in its slot, and told each time.
pub(super) fn serve(
    path: &Path,
    serial: &str,
    device: &mut Device<impl Processor>,
    slot: &Slot,
    tell: impl Fn(),
) -> io::Result<()> {
    loop {
        slot.wait_for_insertion();
        let mut file = OpenOptions::new().read(true).write(true).open(path)?;
        file.write_all(&created(serial))?;
        if slot.connect(Box::new(Plug(file.try_clone()?))) {
            tell();
            device.power_on();
            let events = heard(file.try_clone()?);
            let ended = answer_all(&mut file, &events, device);
            device.power_off();
            if let (Err(error), false) = (ended, slot.is_removed()) {
                return Err(error);
            }
        }
    }
}

/// A device that the kernel has.
struct Plug(File);

impl Contact for Plug {
    fn cut(mut self: Box<Self>) {
        // It may be gone already; then there is nothing to cut off.
        let _ = self.0.write_all(&DESTROY.to_ne_bytes());
    }
}

fn answer_all(file: &mut File, events: &Receiver<Event>, device: &mut Device<impl Processor>) -> io::Result<()> {
    loop {
        let answer = match next(events, device) {
            Some(Event::Report(report)) => device.take(&report),
            Some(Event::Gone) => return Ok(()),
            None if device.is_busy() => device.work(),
            None => device.give_up(),
        };
        for report in answer {
            file.write_all(&input(&report))?;
        }
    }
}

/// What has come. Waits for it as long as the key has nothing else to do; none when the key has its turn.
fn next(events: &Receiver<Event>, device: &Device<impl Processor>) -> Option<Event> {
    if device.is_busy() {
        return match events.try_recv() {
            Ok(event) => Some(event),
            Err(TryRecvError::Empty) => None,
            Err(TryRecvError::Disconnected) => Some(Event::Gone),
        };
    }
    if device.is_incomplete() {
        return match events.recv_timeout(REST) {
            Ok(event) => Some(event),
            Err(RecvTimeoutError::Timeout) => None,
            Err(RecvTimeoutError::Disconnected) => Some(Event::Gone),
        };
    }
    Some(events.recv().unwrap_or(Event::Gone))
}

/// Listens to the kernel in a thread of its own, until the device is no more.
fn heard(mut file: File) -> Receiver<Event> {
    let (tell, events) = channel();
    thread::spawn(move || listen(&mut file, &tell).or_else(|_| tell.send(Event::Gone)));
    events
}

fn listen(file: &mut File, tell: &Sender<Event>) -> io::Result<()> {
    let mut event = vec![0; LONGEST_EVENT];
    loop {
        let length = file.read(&mut event)?;
        let Some((kind, body)) = event.get(..length).and_then(<[u8]>::split_first_chunk) else {
            return Err(io::ErrorKind::UnexpectedEof.into());
        };
        let told = match u32::from_ne_bytes(*kind) {
            OUTPUT => output(body).map(|report| Event::Report(Box::new(report))),
            STOP => Some(Event::Gone),
            GET_REPORT => refused(file, GET_REPORT_REPLY, body)?,
            SET_REPORT => refused(file, SET_REPORT_REPLY, body)?,
            _ => None,
        };
        let is_over = matches!(told, Some(Event::Gone));
        // Nobody listens any more when the key was pulled out.
        if told.is_some_and(|told| tell.send(told).is_err()) || is_over {
            return Ok(());
        }
    }
}

/// A FIDO key has no reports that are asked for on the control channel.
fn refused(file: &mut File, reply: u32, body: &[u8]) -> io::Result<Option<Event>> {
    let number = body.get(..4).unwrap_or_default();
    let mut event = [&reply.to_ne_bytes(), number, &EIO.to_ne_bytes()].concat();
    event.extend(0_u16.to_ne_bytes());
    file.write_all(&event)?;
    Ok(None)
}

/// A report that a program wrote; before it stands the report's number, 0, which the kernel leaves there.
fn output(body: &[u8]) -> Option<Report> {
    let (data, rest) = body.split_at_checked(DATA)?;
    let size = usize::from(u16::from_ne_bytes(*rest.first_chunk()?));
    let data = data.get(..size)?;
    let report = match data.split_first() {
        Some((0, report)) if size == REPORT + 1 => report,
        _ => data,
    };
    report.try_into().ok()
}

fn input(report: &Report) -> Vec<u8> {
    let size = u16::try_from(REPORT).unwrap_or_default();
    [&INPUT.to_ne_bytes()[..], &size.to_ne_bytes(), report].concat()
}

/// The order to make the device (`struct uhid_create2_req`).
fn created(serial: &str) -> Vec<u8> {
    let size = u16::try_from(DESCRIPTOR.len()).unwrap_or_default();
    let mut event = CREATE.to_ne_bytes().to_vec();
    event.extend(padded::<128>("Claviger Virtual Key"));
    event.extend(padded::<64>("claviger-virtual-key"));
    event.extend(padded::<64>(serial));
    event.extend([size, BUS_USB].map(u16::to_ne_bytes).concat());
    event.extend([VENDOR, PRODUCT, 1, 0].map(u32::to_ne_bytes).concat());
    event.extend(DESCRIPTOR);
    event
}

/// Text that ends with a zero.
fn padded<const N: usize>(text: &str) -> [u8; N] {
    let mut field = [0; N];
    field
        .iter_mut()
        .take(N - 1)
        .zip(text.bytes())
        .for_each(|(to, from)| *to = from);
    field
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(data: &[u8]) -> Vec<u8> {
        let mut body = data.to_vec();
        body.resize(DATA, 0);
        body.extend(u16::try_from(data.len()).unwrap().to_ne_bytes());
        body.push(1);
        body
    }

    #[test]
    fn reports_come_with_their_number_or_without() {
        let report: Report = std::array::from_fn(|place| u8::try_from(place).unwrap());
        assert_eq!(output(&event(&report)), Some(report));
        assert_eq!(output(&event(&[&[0], &report[..]].concat())), Some(report));
    }

    #[test]
    fn what_is_no_report_of_ours_is_passed_over() {
        for data in [&[][..], &[0; 63], &[1; 65], &[0; 66]] {
            assert_eq!(output(&event(data)), None);
        }
        assert_eq!(output(&[0; 10]), None);
    }

    #[test]
    fn the_order_to_make_a_device_has_its_fields_where_the_kernel_looks() {
        let order = created("CLV0000001");
        assert_eq!(order.get(4..24), Some(&b"Claviger Virtual Key"[..]));
        assert_eq!(order.get(196..206), Some(&b"CLV0000001"[..]));
        assert_eq!(order.get(260..264), Some(&[34, 0, 3, 0][..]));
        assert_eq!(order.get(280..), Some(&DESCRIPTOR[..]));
    }
}
