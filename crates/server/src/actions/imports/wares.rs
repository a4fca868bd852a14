//! What imports bring: keys of a delivery, or tokens of a seed file. All else of an import is the same for both.

use claviger_domain::{SerialNumber, TenantId, policy::Policy};
use claviger_formats::delivery::{Cells, Limits};
use claviger_store::{
    Tx,
    batches::{Batch, Goods},
};
use tokio::runtime::Handle;

use super::{
    check::Question,
    report::{Column, Fault, PreviewRow},
    upload::Opened,
};
use crate::Failure;

/// What an import brings.
pub(crate) trait Wares: Clone + Send + Sync + 'static {
    /// As its record says.
    const GOODS: Goods;
    /// Kind of the job that carries a long one out.
    const JOB: &'static str;
    /// The table that its rows go into.
    const TABLE: &'static str;
    /// What a row says.
    type Given: Send;
    /// What is written of it; holds no secret in the clear.
    type New: Clone + Send + Sync + 'static;
    /// A file that is being read.
    type Reading: Reading<Given = Self::Given>;

    /// Looks at the beginning of a file.
    fn open(&self, file: Opened, limits: &Limits) -> Result<Self::Reading, Fault>;

    /// The serial number that a row names.
    fn serial(given: &Self::Given) -> &SerialNumber;

    /// A row as a preview shows it.
    fn shown(given: &Self::Given) -> PreviewRow;

    /// Judges rows beside what is in the tenant; blocks. `earlier` has the lines where their serial numbers stood before.
    fn judge(
        &self,
        question: &Question<Self>,
        runtime: &Handle,
        rows: Vec<Row<Self::Given>>,
        earlier: Vec<Option<u64>>,
    ) -> Result<Vec<Judged<Self::Given>>, Failure>;

    /// What is written of a row that was judged good.
    fn made(&self, tenant: TenantId, batch: &Batch, row: u32, given: Self::Given) -> Result<Self::New, Failure>;

    /// Writes a chunk.
    async fn write(&self, tx: &mut Tx, batch: &Batch, written: u64, chunk: Vec<Self::New>) -> Result<(), Failure>;

    /// Refuses when what rows were judged by was changed since.
    async fn still(&self, tx: &mut Tx) -> Result<(), Failure>;

    /// The policy to be linked.
    fn policy(&self) -> Option<&Policy>;
}

/// A file that is being read.
pub(crate) trait Reading {
    /// What a row says.
    type Given;

    /// Its format, in a word.
    fn format(&self) -> &'static str;

    /// The columns and what they are taken for.
    fn columns(&self) -> Vec<Column>;

    /// Names of the columns of the rejects file, but the last.
    fn header(&self) -> Vec<String>;

    /// The next row; none at the end.
    fn next(&mut self) -> Result<Option<Row<Self::Given>>, Fault>;

    /// The next rows, fewer than `limit` at the end; with a fault, those before it.
    fn next_rows(&mut self, limit: usize) -> (Vec<Row<Self::Given>>, Option<Fault>) {
        let mut rows = Vec::with_capacity(limit);
        while rows.len() < limit {
            match self.next() {
                Ok(Some(row)) => rows.push(row),
                Ok(None) => break,
                Err(fault) => return (rows, Some(fault)),
            }
        }
        (rows, None)
    }
}

/// A row of a file.
#[derive(Debug)]
pub(crate) struct Row<G> {
    /// The line where it begins.
    pub(super) line: u64,
    /// Its number, from 1; becomes part of the id of what it brings.
    pub(super) number: u32,
    /// What the rejects file repeats of it.
    pub(super) cells: Repeated,
    /// What it says, or all that is wrong with it by itself.
    pub(super) given: Result<G, Vec<Fault>>,
}

/// What the rejects file repeats of a row.
#[derive(Debug)]
pub(crate) enum Repeated {
    /// All its cells.
    Cells(Cells),
    /// Where it stood and its serial number: other cells may hold a seed.
    Serial(String),
}

/// A row that was judged.
#[derive(Debug)]
pub(crate) struct Judged<G> {
    pub(super) row: Row<G>,
    pub(super) verdict: Verdict,
}

/// What becomes of a row.
#[derive(Debug)]
pub(crate) enum Verdict {
    /// It goes in.
    Accepted,
    /// It is here already, exactly so.
    Unchanged,
    /// It stays out.
    Rejected(Vec<Fault>),
}
