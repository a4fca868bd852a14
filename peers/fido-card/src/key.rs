//! The key under power: platform and authenticator on a thread of their own, from power-on to power-off.

use std::fs::File;
use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::sync::mpsc::{self, Receiver, Sender};
use std::thread::{self, JoinHandle};

use apdu_app::{App as _, CommandView, Interface};
use fido_authenticator::{Authenticator, Config, Conforming, LargeBlobsConfig};
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::SeedableRng as _;
use trussed::backend::BackendId;
use trussed::platform::Platform as _;
use trussed::virt::{self, StorageConfig, StoreConfig};
use trussed_core::types::Location;
use trussed_staging::virt::{BackendIds, Client, Dispatcher};

/// What CTAP 2.1 §5.1 asks for as the least.
const LARGEST_MESSAGE: usize = 1_200;
/// The longest answer of the authenticator with room to spare.
const LONGEST_ANSWER: usize = 8_192;

const FAILURE: [u8; 2] = [0x6F, 0x00];

/// An answer without its framing.
pub(crate) struct Answer {
    pub(crate) data: Vec<u8>,
    pub(crate) status: [u8; 2],
}

impl Answer {
    pub(crate) fn status(status: [u8; 2]) -> Self {
        Self {
            data: Vec::new(),
            status,
        }
    }
}

enum Question {
    Select(Vec<u8>),
    Call(Vec<u8>),
}

/// A key under power. Dropping it takes the power away: nothing but the files remains.
pub(crate) struct Key {
    questions: Option<Sender<Question>>,
    answers: Receiver<Answer>,
    life: Option<JoinHandle<()>>,
}

impl Key {
    /// Builds platform and authenticator from the state in a folder, or new ones when it is empty.
    pub(crate) fn power_on(state: &Path) -> Self {
        let (questions, asked) = mpsc::channel();
        let (answer, answers) = mpsc::channel();
        let state = state.to_owned();
        let life = thread::spawn(move || live(&state, &asked, &answer));
        Self {
            questions: Some(questions),
            answers,
            life: Some(life),
        }
    }

    /// Selects the applet; the command is a whole one.
    pub(crate) fn select(&self, command: Vec<u8>) -> Answer {
        self.exchange(Question::Select(command))
    }

    /// Asks the applet; the command is a whole one.
    pub(crate) fn ask(&self, command: Vec<u8>) -> Answer {
        self.exchange(Question::Call(command))
    }

    fn exchange(&self, question: Question) -> Answer {
        let sent = self.questions.as_ref().map(|questions| questions.send(question));
        let answer = sent.and_then(Result::ok).and_then(|()| self.answers.recv().ok());
        answer.unwrap_or_else(|| Answer::status(FAILURE))
    }
}

impl Drop for Key {
    fn drop(&mut self) {
        self.questions = None;
        if let Some(life) = self.life.take() {
            // A key that broke has said so on standard error, and answers 6F00 until the next power-on.
            let _broke = life.join();
        }
    }
}

fn live(state: &Path, asked: &Receiver<Question>, answer: &Sender<Answer>) {
    virt::with_platform(files(state), |mut platform| {
        // The virtual platform always begins with the same seed: two power cycles would make the same keys.
        *platform.rng() = ChaCha8Rng::from_seed(entropy());
        let backends = &[BackendId::Custom(BackendIds::StagingBackend), BackendId::Core];
        platform.run_client_with_backends("fido", Dispatcher::default(), backends, |client| {
            let mut key = Authenticator::new(client, Conforming {}, configuration());
            for question in asked {
                if answer.send(answered(&mut key, &question)).is_err() {
                    break;
                }
            }
        });
    });
}

fn answered(key: &mut Authenticator<Conforming, Client<'_>>, question: &Question) -> Answer {
    let mut data = heapless::Vec::<u8, LONGEST_ANSWER>::new();
    let (Question::Select(bytes) | Question::Call(bytes)) = question;
    let Ok(command) = CommandView::try_from(bytes.as_slice()) else {
        return Answer::status(FAILURE);
    };
    // The applet refuses to speak over contacts.
    let outcome = match question {
        Question::Select(_) => key.select(Interface::Contactless, command, data.as_mut_view()),
        Question::Call(_) => key.call(Interface::Contactless, command, data.as_mut_view()),
    };
    match outcome {
        Ok(()) => Answer {
            data: data.to_vec(),
            status: [0x90, 0x00],
        },
        Err(status) => Answer::status(status.into()),
    }
}

fn files(state: &Path) -> StoreConfig<'static> {
    let file = |name: &str| StorageConfig::filesystem(PathBuf::from(state).join(name));
    StoreConfig {
        internal: file("internal"),
        external: file("external"),
        volatile: StorageConfig::ram(),
    }
}

fn configuration() -> Config {
    let mut configuration = Config::new(LARGEST_MESSAGE);
    configuration.nfc_transport = true;
    configuration.max_resident_credential_count = Some(10);
    configuration.large_blobs = Some(LargeBlobsConfig {
        location: Location::External,
        max_size: 4_096,
    });
    configuration
}

fn entropy() -> [u8; 32] {
    let mut seed = [0; 32];
    let read = File::open("/dev/urandom").and_then(|mut source| source.read_exact(&mut seed));
    assert!(read.is_ok(), "the kernel gives no random numbers");
    seed
}
