//! An upload: put down chunk by chunk as it arrives, shown once all of it is there.

use claviger_domain::{
    DownloadId,
    text::{Note, ReleaseVersion},
};
use claviger_store::{
    Tx,
    downloads::{self, Download},
    tenants,
};
use sha2::{Digest as _, Sha256};

use super::{CHUNK, object, remove, said};
use crate::{
    Failure,
    actions::{entries::changed, fields::Fields},
    auth::Caller,
    ports,
    rest::guard::SettingsWrite,
};

/// Most characters of a file's name.
const MOST_NAME: usize = 200;

/// What is said about a file, as it was sent.
#[derive(Debug, Clone, Default)]
pub struct Label {
    /// `windows`, `macos`, `linux`.
    pub system: String,
    /// What it is; `workstation` when left out.
    pub kind: String,
    /// Its version.
    pub version: String,
    /// How to deploy it.
    pub notes: String,
    /// Its name as the sender calls it.
    pub file_name: String,
}

/// A file that is arriving.
pub struct Receiving {
    caller: Caller<SettingsWrite>,
    file: Download,
    hash: Sha256,
    waiting: Vec<u8>,
    limit: u64,
    /// What the tenant's other files leave.
    room: u64,
    size: u64,
}

impl Receiving {
    /// Begins to receive a file.
    ///
    /// # Errors
    /// [`Failure::Validation`] for what is said about it.
    pub async fn begin(caller: &Caller<SettingsWrite>, label: Label) -> Result<Self, Failure> {
        let file = read(caller, label)?;
        let tenant = caller.tenant();
        let used = caller
            .read(async move |reader| Ok(downloads::bytes(reader, tenant).await?))
            .await?;
        let begun = file.clone();
        let job = async move |tx: &mut Tx| Ok(downloads::begin(tx, &begun).await?);
        caller.write_unkept(file.id.as_uuid(), job).await?;
        Ok(Self {
            caller: caller.clone(),
            file,
            hash: Sha256::new(),
            waiting: Vec::new(),
            limit: caller.app().config().import.bytes,
            room: caller.app().config().downloads.saturating_sub(used),
            size: 0,
        })
    }

    /// Takes the next piece.
    ///
    /// # Errors
    /// [`Failure::TooLarge`].
    pub async fn take(&mut self, piece: &[u8]) -> Result<(), Failure> {
        self.size = self.size.saturating_add(u64::try_from(piece.len()).unwrap_or(u64::MAX));
        if self.size > self.limit {
            let megabytes = self.limit >> 20;
            return Err(Failure::TooLarge(format!(
                "The file is larger than {megabytes} MB, the most that an upload may have."
            )));
        }
        if self.size > self.room {
            // Read to its end and not kept: a sender who is cut off hears no reason.
            return Ok(());
        }
        self.hash.update(piece);
        self.waiting.extend_from_slice(piece);
        while self.waiting.len() >= CHUNK {
            let rest = self.waiting.split_off(CHUNK);
            let full = std::mem::replace(&mut self.waiting, rest);
            self.put(full).await?;
        }
        Ok(())
    }

    /// The last piece was taken: the file is shown.
    ///
    /// # Errors
    /// [`Failure::TooLarge`] when the tenant's files leave no room for it; [`Failure::Validation`] for an empty file; [`Failure::Replay`] when the same upload was carried out before.
    pub async fn end(mut self) -> Result<Download, Failure> {
        if self.size > self.room {
            return Err(full(self.caller.app().config().downloads));
        }
        if self.size == 0 {
            return Err(Failure::invalid("/file", "the file is empty"));
        }
        let last = std::mem::take(&mut self.waiting);
        if !last.is_empty() {
            self.put(last).await?;
        }
        let sha256: [u8; 32] = self.hash.finalize().into();
        let size = i64::try_from(self.size).unwrap_or(i64::MAX);
        let (id, chunks) = (self.file.id, self.file.chunks);
        let caller = self.caller.uploading(&self.file.file_name, &sha256);
        let most = self.caller.app().config().downloads;
        let job = async move |tx: &mut Tx| {
            let tenant = tx.tenant();
            // Others may have arrived meanwhile; whoever comes last finds no room.
            tenants::hold(tx, tenant).await?;
            let used = downloads::bytes(tx, tenant).await?;
            if used.saturating_add(u64::try_from(size).unwrap_or(u64::MAX)) > most {
                return Err(full(most));
            }
            downloads::finish(tx, id, size, chunks, sha256).await?;
            let file = downloads::get(tx, tenant, id).await?.ok_or(Failure::NotFound)?;
            changed(tx, "download.uploaded", &object(&file), None, Some(said(&file)));
            Ok(file)
        };
        caller.write_on(id.as_uuid(), job).await
    }

    /// Gives up: what has arrived is removed.
    pub fn give_up(app: &crate::App, tenant: claviger_domain::TenantId, id: DownloadId) {
        remove::clear(app, tenant, id);
    }

    /// Which file it is to be.
    #[must_use]
    pub const fn id(&self) -> DownloadId {
        self.file.id
    }

    async fn put(&mut self, body: Vec<u8>) -> Result<(), Failure> {
        let (id, number) = (self.file.id, self.file.chunks);
        self.file.chunks = number.saturating_add(1);
        let job = async move |tx: &mut Tx| Ok(downloads::put_chunk(tx, id, number, &body).await?);
        self.caller.write_unkept(id.as_uuid(), job).await
    }
}

fn full(most: u64) -> Failure {
    let megabytes = most >> 20;
    Failure::TooLarge(format!(
        "All downloads together may have {megabytes} MB; remove some that nobody fetches any more."
    ))
}

fn read(caller: &Caller<SettingsWrite>, label: Label) -> Result<Download, Failure> {
    let mut fields = Fields::default();
    if !matches!(label.system.as_str(), "windows" | "macos" | "linux") {
        fields.fault("/system", "choose one of windows, macos, linux");
    }
    let kind = if label.kind.is_empty() {
        "workstation"
    } else {
        &label.kind
    };
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '_';
    if kind.len() > 40 || !kind.chars().all(plain) {
        fields.fault("/kind", "at most 40 small letters, digits and underscores are wanted");
    }
    let version = fields.read("/version", ReleaseVersion::new(&label.version));
    let notes = match label.notes.trim() {
        "" => Some(None),
        text => fields.read("/notes", Note::new(text)).map(Some),
    };
    let file_name = file_name(&label.file_name);
    if file_name.is_empty() {
        fields.fault("/file", "the file has no name");
    }
    let kind = kind.to_owned();
    let (version, notes) = fields.all(version.zip(notes))?;
    Ok(Download {
        id: DownloadId::from_uuid(ports::new_id()),
        system: label.system,
        kind,
        file_name,
        version: version.as_str().to_owned(),
        notes: notes.map(|notes| notes.as_str().to_owned()),
        size: 0,
        chunks: 0,
        sha256: None,
        created_at: caller.now(),
        created_by: caller.identity().actor().label().to_owned(),
        revision: 1,
    })
}

/// The last part of what the sender calls it, without what no file system takes.
fn file_name(given: &str) -> String {
    let last = given.rsplit(['/', '\\']).next().unwrap_or_default();
    let kept = last.chars().filter(|c| !c.is_control() && !"\"<>:|?*".contains(*c));
    kept.take(MOST_NAME)
        .collect::<String>()
        .trim_matches(['.', ' '])
        .to_owned()
}

#[cfg(test)]
mod tests {
    use super::file_name;

    #[test]
    fn a_name_is_a_label_and_no_path() {
        assert_eq!(file_name("C:\\fakepath\\claviger.msi"), "claviger.msi");
        assert_eq!(file_name("../../etc/passwd"), "passwd");
        assert_eq!(file_name("a\r\nb\".deb"), "ab.deb");
        assert_eq!(file_name(".."), "");
    }
}
