//! The virtual key as a device of the bench: its memory is the test's, its clock and its touch are held still.

use std::{
    cell::RefCell,
    collections::VecDeque,
    io,
    rc::Rc,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use claviger_ctap::wire::{
    Request as _,
    cose::ES256,
    entities::{Parameter, RelyingParty, User},
    make_credential::{MakeCredential, Options},
};
use claviger_virtual_key::{
    Authenticator, Link, Machine, Occasion, Touch,
    disk::{Disk, File},
};
use claviger_workstation::Trouble;

use super::{Device, Shared};

/// A key in software.
pub(crate) struct Virtual {
    key: Authenticator,
    clock: Arc<AtomicU64>,
    touches: Arc<Mutex<VecDeque<Touch>>>,
    /// The trouble that comes in place of the answer to the request of this number, counted from now; the key has
    /// carried it out all the same when it says so.
    breaks: Option<(usize, Trouble, Carried)>,
}

/// Whether the key got the request whose answer was lost.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Carried {
    Out,
    Never,
}

impl Virtual {
    /// A new key with this serial number.
    pub(crate) fn new(serial: &str) -> Self {
        let clock = Arc::new(AtomicU64::new(0));
        let touches = Arc::new(Mutex::new(VecDeque::new()));
        let world = World {
            clock: Arc::clone(&clock),
            touches: Arc::clone(&touches),
            drawn: 0,
        };
        let key = Authenticator::open(Box::new(Memory::default()), Box::new(world), serial).unwrap();
        Self {
            key,
            clock,
            touches,
            breaks: None,
        }
    }

    /// With a discoverable credential; only before it has a PIN.
    pub(crate) fn with_credential(mut self, rp_id: &str, user: &str) -> Self {
        let request = MakeCredential {
            client_data_hash: [1; 32],
            rp: RelyingParty {
                id: rp_id.to_owned(),
                name: None,
            },
            user: User {
                id: user.as_bytes().to_vec(),
                name: Some(user.to_owned()),
                display_name: Some(user.to_uppercase()),
            },
            parameters: vec![Parameter::public_key(ES256)],
            exclude_list: Vec::new(),
            extensions: None,
            options: Options {
                discoverable: Some(true),
                ..Options::default()
            },
            pin_uv_auth_param: None,
            protocol: None,
            enterprise_attestation: None,
            attestation_formats_preference: Vec::new(),
        };
        self.key.power_on();
        let answer = self.key.exchange(&request.message(), Link::Contact).unwrap();
        assert_eq!(answer[0], 0, "no credential was made");
        self
    }

    pub(crate) fn shared(self) -> Rc<RefCell<Self>> {
        Rc::new(RefCell::new(self))
    }

    /// What becomes of the next request for a touch.
    pub(crate) fn next_touch(&self, touch: Touch) {
        self.touches.lock().unwrap().push_back(touch);
    }

    /// Lets time pass.
    pub(crate) fn wait(&self, time: Duration) {
        self.clock
            .fetch_add(u64::try_from(time.as_millis()).unwrap(), Ordering::Relaxed);
    }

    /// The connection breaks at a request, counted from 0.
    pub(crate) fn breaks_at(&mut self, request: usize, trouble: Trouble, carried: Carried) {
        self.breaks = Some((request, trouble, carried));
    }

    /// How many credentials are on it.
    pub(crate) fn credentials(&self) -> usize {
        self.key.state().credentials.len()
    }

    pub(crate) fn has_pin(&self) -> bool {
        self.key.state().pin.is_some()
    }
}

/// As the bench holds it.
pub(crate) fn as_device(key: &Rc<RefCell<Virtual>>) -> Shared {
    let key: Rc<RefCell<Virtual>> = Rc::clone(key);
    key
}

impl Device for Virtual {
    fn exchange(&mut self, request: &[u8]) -> Result<Vec<u8>, Trouble> {
        match self.breaks.take() {
            Some((0, trouble, carried)) => {
                if carried == Carried::Out {
                    self.key.exchange(request, Link::Contact);
                }
                return Err(trouble);
            }
            Some((left, trouble, carried)) => self.breaks = Some((left - 1, trouble, carried)),
            None => {}
        }
        let gone = Trouble::Gone {
            place: "the test".to_owned(),
        };
        self.key.exchange(request, Link::Contact).ok_or(gone)
    }

    fn power(&mut self, on: bool) {
        if on {
            self.key.power_on();
        } else {
            self.key.power_off();
        }
    }
}

struct World {
    clock: Arc<AtomicU64>,
    touches: Arc<Mutex<VecDeque<Touch>>>,
    drawn: u64,
}

impl Machine for World {
    fn now(&self) -> Duration {
        Duration::from_millis(self.clock.load(Ordering::Relaxed))
    }

    fn entropy(&mut self, target: &mut [u8]) {
        for byte in target {
            self.drawn = self
                .drawn
                .wrapping_mul(6_364_136_223_846_793_005)
                .wrapping_add(1_442_695_040_888_963_407);
            *byte = self.drawn.to_be_bytes()[0];
        }
    }

    fn touch(&mut self, _: Occasion) -> Touch {
        self.touches.lock().unwrap().pop_front().unwrap_or(Touch::Given)
    }
}

/// Two files in memory.
#[derive(Default)]
struct Memory {
    state: Option<Vec<u8>>,
    copy: Option<Vec<u8>>,
}

impl Disk for Memory {
    fn read(&self, file: File) -> io::Result<Option<Vec<u8>>> {
        Ok(match file {
            File::State => self.state.clone(),
            File::Copy => self.copy.clone(),
        })
    }

    fn write(&mut self, file: File, bytes: &[u8]) -> io::Result<()> {
        match file {
            File::State => self.state = Some(bytes.to_vec()),
            File::Copy => self.copy = Some(bytes.to_vec()),
        }
        Ok(())
    }

    fn sync(&mut self, _: File) -> io::Result<()> {
        Ok(())
    }

    fn rename_copy(&mut self) -> io::Result<()> {
        self.state = self.copy.take();
        Ok(())
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        Ok(())
    }
}
