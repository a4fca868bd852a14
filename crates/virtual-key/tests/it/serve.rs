//! The key as a program, in a reader that the test plays.

use std::io::{Read as _, Write as _};
use std::net::{TcpListener, TcpStream};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::thread;

use claviger_ctap::apdu::{Command, FIDO_AID, Form, NFCCTAP_GETRESPONSE, Response, StatusWord, Waiting, ctap, select};
use claviger_virtual_key::card::ATR;
use claviger_virtual_key::serve::{Order, OrderError, Serve, ServeError, Socket, TouchMode, send};

const POWER_ON: [u8; 1] = [1];
const GET_ATR: [u8; 1] = [4];

struct Reader {
    listener: TcpListener,
    slot: TcpStream,
    folder: tempfile::TempDir,
}

fn settings(vpcd: &TcpListener, state: PathBuf, touch: TouchMode) -> Serve {
    Serve {
        socket: Socket::Vpcd(vpcd.local_addr().unwrap().to_string()),
        state,
        serial: "CLV0000001".to_owned(),
        touch,
    }
}

impl Reader {
    /// A reader with a key in it that has power.
    fn with_key(touch: TouchMode) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let serve = settings(&listener, folder.path().join("key"), touch);
        thread::spawn(move || serve.run());
        let (slot, _) = listener.accept().unwrap();
        let mut reader = Self { listener, slot, folder };
        reader.write(&POWER_ON);
        reader
    }

    fn state(&self) -> PathBuf {
        self.folder.path().join("key")
    }

    fn write(&mut self, message: &[u8]) {
        let length = u16::try_from(message.len()).unwrap().to_be_bytes();
        self.slot.write_all(&[&length, message].concat()).unwrap();
    }

    fn answer(&mut self, message: &[u8]) -> Vec<u8> {
        self.write(message);
        let mut length = [0; 2];
        self.slot.read_exact(&mut length).unwrap();
        let mut answer = vec![0; u16::from_be_bytes(length).into()];
        self.slot.read_exact(&mut answer).unwrap();
        answer
    }

    fn transmit(&mut self, command: &Command) -> Response {
        Response::decode(&self.answer(&command.apdus(Form::Extended)[0])).unwrap()
    }

    /// Selection, until the key waits for the touch.
    fn begin_selection(&mut self) {
        self.transmit(&select(&FIDO_AID));
        let mut response = self.transmit(&ctap(&[0x0B], Waiting::Polled));
        while response.data == [1] {
            response = self.poll(0x00);
        }
        assert_eq!(
            (response.data.as_slice(), response.status),
            (&[2][..], StatusWord::UNDER_WAY)
        );
    }

    fn poll(&mut self, p1: u8) -> Response {
        self.transmit(&Command::new([0x80, NFCCTAP_GETRESPONSE, p1, 0x00], &[]).answered(65_536))
    }

    /// Polls until the key is done.
    fn ended(&mut self, p1: u8) -> Vec<u8> {
        let mut response = self.poll(p1);
        while response.status == StatusWord::UNDER_WAY {
            response = self.poll(0x00);
        }
        response.data
    }
}

fn mode(path: &Path) -> u32 {
    std::fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[test]
fn a_key_answers_is_pulled_out_and_comes_back() {
    let mut reader = Reader::with_key(TouchMode::Auto);
    assert_eq!(reader.answer(&GET_ATR), ATR);
    assert_eq!(reader.transmit(&select(&FIDO_AID)).data, b"FIDO_2_0");
    assert_eq!(reader.transmit(&ctap(&[0x04], Waiting::Polled)).data[0], 0);
    assert_eq!(
        reader.transmit(&ctap(&[0x0B], Waiting::Blocked)).data,
        [0],
        "touched by itself"
    );
    assert_eq!(
        [mode(&reader.state()), mode(&reader.folder.path().join("key.control"))],
        [0o600; 2]
    );

    let second = settings(&reader.listener, reader.state(), TouchMode::Auto).run();
    assert!(matches!(second, Err(ServeError::File { .. })), "one process a key");
    for (order, why) in [
        (Order::BlockPin, "the key refuses: it has no PIN yet"),
        (Order::Touch, "the key refuses: nothing waits for a touch"),
    ] {
        assert_eq!(send(order, &reader.state()).unwrap_err().to_string(), why);
    }

    send(Order::Remove, &reader.state()).unwrap();
    assert_eq!(reader.slot.read(&mut [0]).unwrap(), 0, "the contact is gone");
    send(Order::Insert, &reader.state()).unwrap();
    reader.slot = reader.listener.accept().unwrap().0;
    reader.write(&POWER_ON);
    assert_eq!(reader.answer(&GET_ATR), ATR);
    let elsewhere = send(Order::Insert, &reader.folder.path().join("other"));
    assert!(matches!(elsewhere, Err(OrderError::NotServed { .. })), "{elsewhere:?}");
}

#[test]
fn a_file_that_is_no_key_is_named_and_left_alone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let folder = tempfile::tempdir().unwrap();
    let state = folder.path().join("letter.txt");
    std::fs::write(&state, "dear").unwrap();
    let error = settings(&listener, state.clone(), TouchMode::Auto).run().unwrap_err();
    let said = error.to_string();
    assert!(said.contains("letter.txt: damaged, or not the state"), "{said}");
    assert_eq!(std::fs::read(&state).unwrap(), b"dear");
}

#[test]
fn a_key_waits_for_its_touch_and_the_reader_is_answered_meanwhile() {
    let mut reader = Reader::with_key(TouchMode::Ask);
    reader.begin_selection();
    send(Order::Touch, &reader.state()).unwrap();
    assert_eq!(reader.ended(0x00), [0x00]);
    reader.begin_selection();
    assert_eq!(reader.ended(0x11), [0x2D], "taken back by the platform");
    reader.begin_selection();
    send(Order::Remove, &reader.state()).unwrap();
    send(Order::Insert, &reader.state()).unwrap();
    reader.slot = reader.listener.accept().unwrap().0;
    reader.write(&POWER_ON);
    reader.transmit(&select(&FIDO_AID));
    assert_eq!(
        reader.transmit(&ctap(&[0x04], Waiting::Polled)).data[0],
        0,
        "pulled out in the middle, it works again"
    );
}
