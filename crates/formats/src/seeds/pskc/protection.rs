//! What opens the values of a file: the key, made ready once, and the MAC that is looked at before anything is opened.

use zeroize::Zeroizing;

use super::super::fault::{SeedFileFault, SeedFileWrong, SeedWrong};
use super::super::keys::Keys;
use super::cipher::{Cipher, Hash, derive};

/// How the key of a file is come by.
pub(super) enum Opener {
    /// Both sides know it.
    PreShared {
        /// How the file calls it.
        name: String,
    },
    /// It is derived from a password.
    Password {
        /// How the file calls the password.
        name: String,
        /// How.
        derivation: Derivation,
    },
    /// It is sealed for somebody's certificate.
    Certificate,
}

/// PBKDF2 and its parameters.
pub(super) struct Derivation {
    pub(super) salt: Zeroizing<Vec<u8>>,
    pub(super) rounds: u32,
    pub(super) length: usize,
    pub(super) hash: Hash,
}

/// The protection of a file.
pub(super) struct Protection {
    pub(super) opener: Option<Opener>,
    /// The cipher of the whole file, in the oldest forms.
    pub(super) cipher: Option<Cipher>,
    pub(super) iv: Option<Zeroizing<Vec<u8>>>,
    pub(super) hash: Option<Hash>,
    pub(super) mac_key: Option<(Cipher, Zeroizing<Vec<u8>>)>,
    /// Where the MAC key stands.
    pub(super) line: u64,
    keys: Keys,
    derived: Option<Zeroizing<Vec<u8>>>,
    opened_mac_key: Option<Zeroizing<Vec<u8>>>,
}

/// A value as it stands in a file.
pub(super) struct Sealed<'a> {
    pub(super) cipher: Cipher,
    pub(super) bytes: &'a [u8],
    pub(super) mac: Option<&'a [u8]>,
    pub(super) line: u64,
}

impl Protection {
    pub(super) const fn new(keys: Keys) -> Self {
        Self {
            opener: None,
            cipher: None,
            iv: None,
            hash: None,
            mac_key: None,
            line: 0,
            keys,
            derived: None,
            opened_mac_key: None,
        }
    }

    /// Opens a value after its MAC was found right; what is wrong with it alone is the inner error.
    pub(super) fn open(&mut self, sealed: &Sealed<'_>) -> Result<Result<Zeroizing<Vec<u8>>, SeedWrong>, SeedFileFault> {
        self.make_ready(sealed)?;
        let key = self.key(sealed.cipher, sealed.line)?;
        let (Some(hash), Some(mac)) = (self.hash, sealed.mac) else {
            return Ok(Err(SeedWrong::NoMac));
        };
        // The oldest forms have no MAC key: the one key serves for both.
        let mac_key = self.opened_mac_key.as_deref().map_or(key, Vec::as_slice);
        let iv = self.iv.as_deref().map(Vec::as_slice);
        let over_sealed = hash.verifies(mac_key, sealed.bytes, mac);
        let Some(plain) = sealed.cipher.open(key, iv, sealed.bytes) else {
            let wrong = if over_sealed {
                SeedWrong::Undecryptable
            } else {
                SeedWrong::Mac
            };
            return Ok(Err(wrong));
        };
        // RFC 6030 §6.2 takes the MAC over the sealed bytes; ActivIdentity and others took it over the plain ones.
        if over_sealed || hash.verifies(mac_key, &plain, mac) {
            return Ok(Ok(plain));
        }
        Ok(Err(SeedWrong::Mac))
    }

    /// Derives and opens what every value needs, once.
    fn make_ready(&mut self, sealed: &Sealed<'_>) -> Result<(), SeedFileFault> {
        if let (None, Some(Opener::Password { name, derivation })) = (&self.derived, &self.opener) {
            let Some(password) = &self.keys.password else {
                let name = name.clone();
                return Err(SeedFileFault::at(sealed.line, SeedFileWrong::PasswordWanted { name }));
            };
            self.derived = Some(derive(password, derivation));
        }
        if let (None, Some((cipher, bytes))) = (&self.opened_mac_key, &self.mac_key) {
            let key = self.key(*cipher, self.line)?;
            let iv = self.iv.as_deref().map(Vec::as_slice);
            let opened = cipher.open(key, iv, bytes);
            let opened = opened.ok_or_else(|| SeedFileFault::at(self.line, SeedFileWrong::KeyUnfit))?;
            self.opened_mac_key = Some(opened);
        }
        Ok(())
    }

    fn key(&self, cipher: Cipher, line: u64) -> Result<&[u8], SeedFileFault> {
        let key = match (&self.opener, &self.derived, &self.keys.pre_shared) {
            (Some(Opener::Certificate), _, _) => return Err(SeedFileFault::at(line, SeedFileWrong::Certificate)),
            (Some(Opener::Password { .. }), Some(derived), _) => derived.as_slice(),
            (_, _, Some(pre_shared)) => pre_shared.using(),
            (opener, _, None) => {
                let name = match opener {
                    Some(Opener::PreShared { name } | Opener::Password { name, .. }) => name.clone(),
                    Some(Opener::Certificate) | None => "a pre-shared key".to_owned(),
                };
                return Err(SeedFileFault::at(line, SeedFileWrong::KeyWanted { name }));
            }
        };
        if key.len() == cipher.key_length() {
            return Ok(key);
        }
        let wrong = SeedFileWrong::KeyLength {
            given: key.len(),
            wanted: cipher.key_length(),
            cipher: cipher.as_str(),
        };
        Err(SeedFileFault::at(line, wrong))
    }
}
