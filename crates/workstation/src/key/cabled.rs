//! A connection as the client of CTAP2 wants it: touches are told once for each request, and Ctrl-C is heard during one.

use std::{cell::Cell, ops::ControlFlow, rc::Rc};

use claviger_ctap::{
    client::{Notice, Transport},
    hid::Keepalive,
};

use crate::{
    link::{Link, Waiting},
    machine::Attention,
    place::Place,
    stop::Stop,
    trouble::Trouble,
};

/// An open connection with what surrounds a request.
pub(super) struct Cabled {
    pub(super) link: Box<dyn Link>,
    stop: Stop,
    told: Rc<Cell<Option<Waiting>>>,
}

impl Cabled {
    pub(super) fn new(link: Box<dyn Link>, stop: Stop) -> Self {
        Self {
            link,
            stop,
            told: Rc::default(),
        }
    }

    /// What is to be done while a key has no answer yet: tell it once, and break off when somebody wants to stop.
    pub(super) fn notice(
        &self,
        attention: &Attention,
        place: &Place,
    ) -> impl FnMut(Keepalive) -> ControlFlow<()> + 'static {
        let (attention, place) = (Rc::clone(attention), place.clone());
        let (stop, told) = (self.stop.clone(), Rc::clone(&self.told));
        move |state| {
            let waiting = Waiting::from(state);
            if told.replace(Some(waiting)) != Some(waiting) {
                attention(waiting, &place);
            }
            if stop.is_wanted() {
                ControlFlow::Break(())
            } else {
                ControlFlow::Continue(())
            }
        }
    }
}

impl Transport for Cabled {
    type Error = Trouble;

    fn exchange(&mut self, message: &[u8], notice: &mut Notice<'_>) -> Result<Vec<u8>, Trouble> {
        self.told.set(None);
        let stop = self.stop.clone();
        stop.during(|| self.link.exchange(message, notice))
    }

    fn renew(&mut self) -> Result<(), Trouble> {
        self.link.renew()
    }
}
