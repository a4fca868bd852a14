//! Privileges: a verb on an object, and sets of them.

macro_rules! privileges {
    ($(#[doc = $about:literal] $name:ident = $text:literal),+ $(,)?) => {
        /// What somebody may do. Everything that is not held is denied.
        #[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Privilege { $(#[doc = $about] $name),+ }

        impl Privilege {
            /// Every privilege, in the order in which screens list them.
            pub const ALL: &'static [Self] = &[$(Self::$name),+];

            /// The name on the wire, in storage and in role definitions.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$name => $text),+ }
            }

            /// What it allows, as a sentence in English.
            #[must_use]
            pub fn about(self) -> &'static str {
                match self { $(Self::$name => $about),+ }.trim()
            }
        }
    };
}

privileges! {
    /// See keys, batches and counts.
    InventoryRead = "inventory.read",
    /// Import deliveries and undo batches.
    StockImport = "stock.import",
    /// Link and unlink policies, quarantine and release.
    StockLink = "stock.link",
    /// Delete a key from stock.
    StockDelete = "stock.delete",
    /// Assign keys to users and take them back.
    KeyAssign = "key.assign",
    /// Write policies and secrets to keys.
    KeyConfigure = "key.configure",
    /// Register credentials.
    KeyEnroll = "key.enroll",
    /// Revoke keys for good.
    KeyRevoke = "key.revoke",
    /// Suspend and resume keys.
    KeySuspend = "key.suspend",
    /// Bring revoked keys back in a new generation.
    KeyReinstate = "key.reinstate",
    /// Dispose of keys and shred their secrets.
    KeyDispose = "key.dispose",
    /// See initial user PINs.
    DeviceUserPinRead = "device.userpin.read",
    /// See admin PINs.
    DeviceAdminPinRead = "device.adminpin.read",
    /// Download lists as files.
    Export = "export",
    /// See policies.
    PolicyRead = "policy.read",
    /// Make, change, archive and delete policies.
    PolicyWrite = "policy.write",
    /// See the audit log.
    AuditRead = "audit.read",
    /// See jobs and their results.
    JobRead = "job.read",
    /// See users.
    UserRead = "user.read",
    /// Make, change and disable users.
    UserWrite = "user.write",
    /// See roles.
    RoleRead = "role.read",
    /// Make and change custom roles.
    RoleWrite = "role.write",
    /// See administrators.
    AdministratorRead = "administrator.read",
    /// Invite, change and disable administrators.
    AdministratorWrite = "administrator.write",
    /// See API tokens (never their text).
    ApiTokenRead = "api_token.read",
    /// Make and revoke API tokens.
    ApiTokenWrite = "api_token.write",
    /// See tenants.
    TenantRead = "tenant.read",
    /// Make and change tenants.
    TenantWrite = "tenant.write",
    /// See settings.
    SettingsRead = "settings.read",
    /// Change settings.
    SettingsWrite = "settings.write",
    /// Fetch the workstation programs.
    Downloads = "downloads",
    /// Answer challenges of locked keys.
    Unlock = "unlock",
    /// Record how a caller was identified.
    VerifyCaller = "verify_caller",
    /// See OTP tokens.
    OtpRead = "otp.read",
    /// Disable, enable, unlock, resynchronise and try OTP tokens.
    OtpSupport = "otp.support",
    /// Import, add, assign, find and compromise OTP tokens, issue emergency codes, and all of otp.support.
    OtpWrite = "otp.write",
    /// Ask whether a code is right.
    OtpVerify = "otp.verify",
    /// Report what a workstation saw on a key.
    Observe = "observe",
}

impl Privilege {
    /// Reads a name; the names of the product that many come from are accepted as aliases.
    #[must_use]
    pub fn parse(name: &str) -> Option<Self> {
        match name {
            "talm_device_userpin_read" => Some(Self::DeviceUserPinRead),
            "talm_device_adminpin_read" => Some(Self::DeviceAdminPinRead),
            name => Self::ALL.iter().copied().find(|privilege| privilege.as_str() == name),
        }
    }

    const fn bit(self) -> u64 {
        // One bit each, in the order of declaration; a test keeps them below 64.
        #[expect(
            clippy::as_conversions,
            reason = "the discriminant of a fieldless enum, which no From offers"
        )]
        1_u64.wrapping_shl(self as u32)
    }
}

impl std::fmt::Display for Privilege {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A set of privileges.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
pub struct PrivilegeSet(u64);

impl PrivilegeSet {
    /// No privilege at all.
    pub const EMPTY: Self = Self(0);

    /// The set of these.
    #[must_use]
    pub const fn of(privileges: &[Privilege]) -> Self {
        let mut bits = 0;
        let mut rest = privileges;
        while let [first, others @ ..] = rest {
            bits |= first.bit();
            rest = others;
        }
        Self(bits)
    }

    /// Every privilege.
    #[must_use]
    pub const fn all() -> Self {
        Self::of(Privilege::ALL)
    }

    /// Whether it holds this one.
    #[must_use]
    pub const fn contains(self, privilege: Privilege) -> bool {
        self.0 & privilege.bit() != 0
    }

    /// This one besides.
    #[must_use]
    pub const fn with(self, privilege: Privilege) -> Self {
        Self(self.0 | privilege.bit())
    }

    /// Whether it allows everything that `other` allows.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        let allowed = if self.contains(Privilege::OtpWrite) {
            self.with(Privilege::OtpSupport)
        } else {
            self
        };
        other.0 & !allowed.0 == 0
    }

    /// What it holds and `other` does not.
    #[must_use]
    pub const fn without(self, other: Self) -> Self {
        Self(self.0 & !other.0)
    }

    /// Its privileges, in the order of [`Privilege::ALL`].
    pub fn iter(self) -> impl Iterator<Item = Privilege> {
        Privilege::ALL
            .iter()
            .copied()
            .filter(move |privilege| self.contains(*privilege))
    }
}

impl FromIterator<Privilege> for PrivilegeSet {
    fn from_iter<I: IntoIterator<Item = Privilege>>(privileges: I) -> Self {
        privileges
            .into_iter()
            .fold(Self::EMPTY, |set, privilege| Self(set.0 | privilege.bit()))
    }
}

impl std::fmt::Debug for PrivilegeSet {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_set().entries(self.iter().map(Privilege::as_str)).finish()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_name_reads_back_and_has_a_bit_of_its_own() {
        for (index, privilege) in Privilege::ALL.iter().enumerate() {
            let seen = PrivilegeSet::of(&Privilege::ALL[..index]);
            assert_eq!(Privilege::parse(privilege.as_str()), Some(*privilege));
            assert!(!seen.contains(*privilege), "{privilege}");
        }
        assert_eq!(PrivilegeSet::of(Privilege::ALL).iter().count(), Privilege::ALL.len());
        assert!(Privilege::ALL.len() < 64);
    }

    #[test]
    fn who_may_change_tokens_stands_no_lower_than_who_may_help_with_them() {
        let help = PrivilegeSet::of(&[Privilege::OtpRead, Privilege::OtpSupport]);
        let change = PrivilegeSet::of(&[Privilege::OtpRead, Privilege::OtpWrite]);
        assert!(change.covers(help));
        assert!(!help.covers(change));
        assert!(!PrivilegeSet::of(&[Privilege::OtpRead]).covers(help));
    }

    #[test]
    fn the_seeds_names_are_accepted() {
        assert_eq!(
            Privilege::parse("talm_device_userpin_read"),
            Some(Privilege::DeviceUserPinRead)
        );
        assert_eq!(
            Privilege::parse("talm_device_adminpin_read"),
            Some(Privilege::DeviceAdminPinRead)
        );
        assert_eq!(Privilege::parse("everything"), None);
    }
}
