//! The link before the virtual key as a card: chains and parts as they really come, touches, and the power switch.

use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use claviger_virtual_key::{
    Authenticator, Machine, Occasion, Touch,
    card::Direct,
    disk::{Disk, File},
};

use super::*;
use crate::place::{Cable, Content};

struct World;

impl Machine for World {
    fn now(&self) -> Duration {
        Duration::ZERO
    }

    fn entropy(&mut self, target: &mut [u8]) {
        for (byte, value) in target.iter_mut().zip(1..) {
            *byte = value;
        }
    }

    fn touch(&mut self, _: Occasion) -> Touch {
        Touch::Given
    }
}

#[derive(Default)]
struct Memory([Option<Vec<u8>>; 2]);

impl Disk for Memory {
    fn read(&self, file: File) -> io::Result<Option<Vec<u8>>> {
        Ok(self.0[usize::from(file == File::Copy)].clone())
    }

    fn write(&mut self, file: File, bytes: &[u8]) -> io::Result<()> {
        self.0[usize::from(file == File::Copy)] = Some(bytes.to_vec());
        Ok(())
    }

    fn sync(&mut self, _: File) -> io::Result<()> {
        Ok(())
    }

    fn rename_copy(&mut self) -> io::Result<()> {
        self.0[0] = self.0[1].take();
        Ok(())
    }

    fn sync_folder(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// The card in a reader, which somebody else can reset.
struct InReader {
    card: claviger_virtual_key::Card<Direct>,
    reset_by_others: Arc<AtomicBool>,
}

impl Card for InReader {
    fn transmit(&mut self, command: &[u8]) -> Result<Vec<u8>, Trouble> {
        if self.reset_by_others.load(Ordering::Relaxed) {
            return Err(Trouble::Interrupted);
        }
        Ok(self.card.transmit(command))
    }

    fn reconnect(&mut self) -> Result<(), Trouble> {
        self.reset_by_others.store(false, Ordering::Relaxed);
        self.card.warm_reset();
        Ok(())
    }

    fn power_cycle(&mut self) -> Result<(), Trouble> {
        self.card.power_off();
        self.card.power_on();
        Ok(())
    }
}

fn linked() -> (CardLink<InReader>, Arc<AtomicBool>) {
    let key = Authenticator::open(Box::new(Memory::default()), Box::new(World), "4711").unwrap();
    let mut card = claviger_virtual_key::Card::new(Direct::new(key));
    card.power_on();
    let reset_by_others = Arc::new(AtomicBool::new(false));
    let reader = InReader {
        card,
        reset_by_others: Arc::clone(&reset_by_others),
    };
    let place = Place {
        cable: Cable::Pcsc,
        name: "R 00".to_owned(),
        product: None,
        usb_serial: None,
        content: Content::Card,
        visit: 0,
    };
    (CardLink::open(reader, &place).unwrap(), reset_by_others)
}

fn asked(link: &mut CardLink<InReader>, request: &[u8]) -> Result<Vec<u8>, Trouble> {
    link.exchange(request, &mut |_| ControlFlow::Continue(()))
}

#[test]
fn a_long_answer_is_whole_and_a_long_request_arrives() {
    let (mut link, _) = linked();
    let info = asked(&mut link, &[0x04]).unwrap();
    assert_eq!(info[0], 0);
    assert!(info.len() > 256, "getInfo fits one part: nothing is shown by it");
    let nonsense = [vec![0x06], vec![0x00; 700]].concat();
    assert_ne!(asked(&mut link, &nonsense).unwrap()[0], 0);
    assert_eq!(asked(&mut link, &[0x07]).unwrap(), [0]);
}

#[test]
fn after_somebody_elses_reset_and_after_a_power_cycle_the_key_answers_again() {
    let (mut link, reset_by_others) = linked();
    reset_by_others.store(true, Ordering::Relaxed);
    assert_eq!(asked(&mut link, &[0x04]).unwrap()[0], 0);
    reset_by_others.store(true, Ordering::Relaxed);
    assert_eq!(asked(&mut link, &[0x07]), Err(Trouble::Interrupted));
    assert_eq!(asked(&mut link, &[0x07]).unwrap(), [0]);
    assert_eq!(link.power_cycle(), Ok(true));
    assert_eq!(asked(&mut link, &[0x07]).unwrap(), [0]);
}
