//! Where keys come from: a master key, if the device's are derived, and the management key of the device.

use zeroize::Zeroizing;

use super::kdf::derived;
use super::mac::hmac;
use super::{AdminKey, DeviceKey, Kcv, KeyVersion, UnlockKey, WrapKey};
use crate::Serial;

/// `MK`: the master key of a device model whose management keys are derived. Wiped when dropped.
#[derive(Clone)]
pub struct MasterKey(Zeroizing<[u8; 32]>);

impl MasterKey {
    /// Takes the key's bytes.
    #[must_use]
    pub const fn new(bytes: Zeroizing<[u8; 32]>) -> Self {
        Self(bytes)
    }

    /// `K_dev` of one device. The version enters from 2 on, so that the first keys of a fleet are those made without it.
    #[must_use]
    pub fn device_key(&self, tenant: &[u8; 16], aaguid: &[u8; 16], serial: &Serial, version: KeyVersion) -> DeviceKey {
        let mut context = [tenant.as_slice(), aaguid, &serial.prefixed()].concat();
        if version > KeyVersion::FIRST {
            context.extend(version.get().to_be_bytes());
        }
        DeviceKey(derived(&self.0, "clv1/device", &context))
    }
}

impl DeviceKey {
    /// A new key from whatever fills bytes with randomness.
    pub fn random(fill: &mut dyn FnMut(&mut [u8])) -> Self {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(bytes.as_mut_slice());
        Self(bytes)
    }

    /// `K_unl` of the device.
    #[must_use]
    pub fn unlock_key(&self, serial: &Serial) -> UnlockKey {
        UnlockKey(derived(&self.0, "clv1/unlock", &serial.prefixed()))
    }

    /// `K_adm` of the device.
    #[must_use]
    pub fn admin_key(&self, serial: &Serial) -> AdminKey {
        AdminKey(derived(&self.0, "clv1/admin", &serial.prefixed()))
    }

    /// `K_wrap` of the device.
    #[must_use]
    pub fn wrap_key(&self, serial: &Serial) -> WrapKey {
        WrapKey(derived(&self.0, "clv1/wrap", &serial.prefixed()))
    }

    /// The key check value.
    #[must_use]
    pub fn kcv(&self) -> Kcv {
        let [first, second, third, ..] = *hmac(&self.0, &[b"clv1/kcv\0"]);
        Kcv::new([first, second, third])
    }
}
