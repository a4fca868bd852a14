//! A world that does as it is told: time, randomness and touches of a test.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use claviger_virtual_key::{Machine, Occasion, Touch};
use sha2::{Digest as _, Sha256};

/// Held by the test and by the key alike.
#[derive(Clone, Default)]
pub(crate) struct World(Arc<Mutex<Inside>>);

#[derive(Default)]
struct Inside {
    now: Duration,
    seed: u64,
    drawn: u64,
    /// Answers to the next questions for a touch; after these every touch is given.
    touches: VecDeque<Touch>,
    asked: Vec<Occasion>,
}

impl World {
    pub(crate) fn seeded(seed: u64) -> Self {
        let world = Self::default();
        world.0.lock().unwrap().seed = seed;
        world
    }

    pub(crate) fn pass(&self, time: Duration) {
        self.0.lock().unwrap().now += time;
    }

    /// How the next question for a touch is answered.
    pub(crate) fn answer(&self, touch: Touch) {
        self.0.lock().unwrap().touches.push_back(touch);
    }

    /// What was asked since the last look.
    pub(crate) fn asked(&self) -> Vec<Occasion> {
        std::mem::take(&mut self.0.lock().unwrap().asked)
    }

    pub(crate) fn fill(&self, target: &mut [u8]) {
        let mut inside = self.0.lock().unwrap();
        for chunk in target.chunks_mut(32) {
            inside.drawn += 1;
            let digest = Sha256::digest([inside.seed.to_be_bytes(), inside.drawn.to_be_bytes()].concat());
            chunk.copy_from_slice(&digest[..chunk.len()]);
        }
    }

    pub(crate) fn bytes<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        self.fill(&mut bytes);
        bytes
    }
}

impl Machine for World {
    fn now(&self) -> Duration {
        self.0.lock().unwrap().now
    }

    fn entropy(&mut self, target: &mut [u8]) {
        self.fill(target);
    }

    fn touch(&mut self, occasion: Occasion) -> Touch {
        let mut inside = self.0.lock().unwrap();
        inside.asked.push(occasion);
        inside.touches.pop_front().unwrap_or(Touch::Given)
    }
}
