//! `/downloads`.

use std::{
    io::{self, Write},
    path::Path,
};

use reqwest::Method;
use sha2::{Digest as _, Sha256};
use uuid::Uuid;

use super::{Client, ClientError, ProgressNotice, Query, call::Call, transfer};
use crate::{Download, DownloadSystem, Page};

/// What is said about a file that is uploaded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DownloadLabel {
    /// The system that it is for.
    pub system: DownloadSystem,
    /// Its version.
    pub version: String,
    /// What it is; `workstation` when left out.
    pub kind: Option<String>,
    /// How to deploy it.
    pub notes: Option<String>,
}

impl Client {
    /// One page of files, newest first.
    pub fn downloads(&self, query: &Query) -> Result<Page<Download>, ClientError> {
        self.fetch(&Call::get("/downloads").query(query))
    }

    /// What is known of one.
    pub fn download(&self, id: Uuid) -> Result<Download, ClientError> {
        self.fetch(&Call::get(format!("/downloads/{id}")))
    }

    /// Uploads a file. `name` is what it is called in the list.
    pub fn upload_download(
        &self,
        path: &Path,
        name: &str,
        label: DownloadLabel,
        progress: ProgressNotice,
    ) -> Result<Download, ClientError> {
        let system = match label.system {
            DownloadSystem::Windows => "windows",
            DownloadSystem::Macos => "macos",
            DownloadSystem::Linux => "linux",
        };
        let mut said = vec![("system", system.to_owned()), ("version", label.version)];
        said.extend(label.kind.map(|kind| ("kind", kind)));
        said.extend(label.notes.map(|notes| ("notes", notes)));
        let call = self.change(Method::POST, "/downloads").file(path, name, progress);
        self.fetch(&call.said(said))
    }

    /// Writes the file and compares what was written with its SHA-256; answers how many bytes it has.
    ///
    /// # Errors
    /// [`ClientError::Unexpected`] when other bytes came than those that were uploaded: what was written is of no use.
    pub fn fetch_download(
        &self,
        file: &Download,
        into: &mut dyn Write,
        notice: ProgressNotice,
    ) -> Result<u64, ClientError> {
        let mut hashed = Hashed {
            into,
            hash: Sha256::new(),
        };
        let answer = self.open(&Call::get_file(format!("/downloads/{}/file", file.id)))?;
        let bytes = transfer::save(answer, &mut hashed, notice)?;
        let came = data_encoding::HEXLOWER.encode(&hashed.hash.finalize());
        if came.eq_ignore_ascii_case(&file.sha256) {
            return Ok(bytes);
        }
        let (name, wanted) = (&file.file_name, &file.sha256);
        Err(ClientError::Unexpected(format!(
            "{name} is not what was uploaded: its SHA-256 is {came}, {wanted} is wanted"
        )))
    }

    /// Removes a file.
    pub fn remove_download(&self, id: Uuid, revision: Option<i64>) -> Result<(), ClientError> {
        self.carry_out(
            &self
                .change(Method::DELETE, format!("/downloads/{id}"))
                .revision(revision),
        )
    }
}

struct Hashed<'a> {
    into: &'a mut dyn Write,
    hash: Sha256,
}

impl Write for Hashed<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.into.write(bytes)?;
        self.hash.update(bytes.get(..written).unwrap_or_default());
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.into.flush()
    }
}
