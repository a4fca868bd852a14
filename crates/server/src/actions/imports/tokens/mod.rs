//! Tokens of a seed file. What opens the file lives in memory while the file is read and nowhere else; seeds are sealed
//! for their rows before a write job sees them.

mod beside;
mod judge;
mod made;
mod read;

use std::sync::Arc;

use claviger_domain::{Privilege, PrivilegeSet, SerialNumber, TenantId, policy::Policy};
use claviger_formats::delivery::Limits;
use claviger_store::{
    Tx,
    batches::{Batch, Goods, Mode},
};
use tokio::runtime::Handle;

pub use beside::Beside;

use self::{
    made::Sealed,
    read::{Given, SeedFile},
};
use super::{
    Outcome, Previewed, Upload,
    check::Question,
    report::{Fault, PreviewRow},
    start::{bring, look},
    upload::Opened,
    wares::{Judged, Row, Wares},
};
use crate::{App, Failure, auth::Caller, jobs::IMPORT_TOKENS, rest::guard::OtpWrite, secrets::SealingKey};

/// Tokens of a seed file, and what opens it.
#[derive(Clone)]
pub(crate) struct Tokens {
    app: App,
    beside: Arc<Beside>,
    /// Seals the seeds; none where the file is only looked at.
    key: Option<SealingKey>,
    /// What the sender may do: see users, hence give them tokens, unless they may do more.
    operator: PrivilegeSet,
}

impl Tokens {
    const fn sees_users(&self) -> bool {
        self.operator.contains(Privilege::UserRead)
    }
}

/// Looks at a seed file; nothing is changed.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key.
pub async fn preview(
    caller: &Caller<OtpWrite>,
    upload: Upload,
    mode: Mode,
    beside: Beside,
) -> Result<Previewed, Failure> {
    look(caller, upload, mode, tokens(caller, beside)?).await
}

/// Imports a seed file: at once when it is short, by a job when it is long.
///
/// # Errors
/// [`Failure::Sealed`] without a key-encryption key; [`Failure::Duplicate`] when another import brought one of its tokens
/// meanwhile.
pub async fn create(caller: &Caller<OtpWrite>, upload: Upload, mode: Mode, beside: Beside) -> Result<Outcome, Failure> {
    let wares = tokens(caller, beside)?;
    let app = caller.app().clone();
    let job = async move |tx: &mut Tx| {
        let tenant = tx.tenant();
        app.keyring().sealing(tx, tenant).await
    };
    let key = Some(caller.write_unkept(caller.tenant().as_uuid(), job).await?);
    bring(caller, upload, mode, Tokens { key, ..wares }).await
}

fn tokens(caller: &Caller<OtpWrite>, beside: Beside) -> Result<Tokens, Failure> {
    if caller.app().keyring().is_sealed() {
        return Err(Failure::Sealed);
    }
    Ok(Tokens {
        app: caller.app().clone(),
        beside: Arc::new(beside),
        key: None,
        operator: caller.identity().privileges,
    })
}

impl Wares for Tokens {
    const GOODS: Goods = Goods::OtpTokens;
    const JOB: &'static str = IMPORT_TOKENS;
    const TABLE: &'static str = "otp_tokens";
    type Given = Given;
    type New = Sealed;
    type Reading = SeedFile;

    fn open(&self, file: Opened, limits: &Limits) -> Result<SeedFile, Fault> {
        SeedFile::open(file, &self.beside, limits)
    }

    fn serial(given: &Given) -> &SerialNumber {
        &given.token.serial
    }

    fn shown(given: &Given) -> PreviewRow {
        let (serial, parameters) = (&given.token.serial, given.token.parameters);
        PreviewRow::Token {
            serial_number: serial.given().to_owned(),
            kind: parameters.kind().as_str().to_owned(),
            algorithm: parameters.algorithm().as_str().to_owned(),
            digits: parameters.digits().get(),
            time_step: parameters.time_step().map(claviger_domain::otp::TimeStep::seconds),
            user_name: given.token.holder.clone(),
        }
    }

    fn judge(
        &self,
        question: &Question<Self>,
        runtime: &Handle,
        rows: Vec<Row<Given>>,
        earlier: Vec<Option<u64>>,
    ) -> Result<Vec<Judged<Given>>, Failure> {
        judge::judge(self, question, runtime, rows, earlier)
    }

    fn made(&self, tenant: TenantId, batch: &Batch, row: u32, given: Given) -> Result<Sealed, Failure> {
        let key = self.key.as_ref().ok_or(Failure::Sealed)?;
        made::sealed(key, tenant, batch, row, &given)
    }

    async fn write(&self, tx: &mut Tx, batch: &Batch, written: u64, chunk: Vec<Sealed>) -> Result<(), Failure> {
        self.still(tx).await?;
        made::write(tx, batch, written, chunk, self.operator).await
    }

    /// Seeds that were sealed by a key that is retired since would be overlooked when all is sealed anew.
    async fn still(&self, tx: &mut Tx) -> Result<(), Failure> {
        let tenant = tx.tenant();
        let newest = self.app.keyring().sealing(tx, tenant).await?.version();
        if self.key.as_ref().is_some_and(|key| key.version() == newest) {
            return Ok(());
        }
        let detail = "The keys of the server were changed meanwhile. Nothing of this file was kept: send it again.";
        Err(Failure::refused("changed", "import", detail))
    }

    fn policy(&self) -> Option<&Policy> {
        None
    }
}
