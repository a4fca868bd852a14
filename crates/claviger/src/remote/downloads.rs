//! `claviger downloads`.

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use claviger_api::{
    Download, DownloadSystem,
    client::{DownloadLabel, Query},
};

use super::{
    Context,
    called::Called,
    listing::{self, Amount},
    save::save_sized,
    sending::sending,
    shown::wire,
    words::named,
};
use crate::{
    exit::Exit,
    failure::Failure,
    output::{Column, Record},
};

const EXAMPLES: &str = "\
Examples:
  claviger downloads list
  claviger downloads upload claviger-key.msi --system windows --version 1.4.0 --notes \"msiexec /i claviger-key.msi /qn\"
  claviger downloads get claviger-key.msi
  claviger downloads get 0198c5a0-0000-7000-8000-000000000000 --file /srv/packages/claviger-key.msi
  claviger downloads delete claviger-key.msi
`get` compares what came with the SHA-256 of what was uploaded, and keeps no file that differs.";

/// Files for administrators to fetch: the workstation programs.
#[derive(Debug, Subcommand)]
#[command(after_help = EXAMPLES)]
pub(crate) enum Downloads {
    /// List the files, newest first
    List {
        #[command(flatten)]
        amount: Amount,
    },
    /// Upload a file; it is in the list once all of it is there
    #[command(after_help = EXAMPLES)]
    Upload(Upload),
    /// Show what is known of a file, its SHA-256 too
    Show(Named),
    /// Fetch a file and check its SHA-256
    #[command(after_help = EXAMPLES)]
    Get {
        #[command(flatten)]
        named: Named,
        /// File to write, which is replaced; its own name in this folder when left out, which is not; `-` for standard output
        #[arg(long, short, value_name = "FILE")]
        file: Option<PathBuf>,
    },
    /// Delete a file for good; asks first
    Delete(Named),
}

/// A file to upload.
#[derive(Debug, Args)]
pub(crate) struct Upload {
    /// The file
    file: PathBuf,
    /// The system that it is for
    #[arg(long, value_parser = named::<DownloadSystem>(&["windows", "macos", "linux"]))]
    system: DownloadSystem,
    /// Its version, for example 1.4.0
    #[arg(long, value_name = "VERSION")]
    version: String,
    /// What it is [default: workstation]
    #[arg(long, value_name = "KIND")]
    kind: Option<String>,
    /// How to deploy it; shown beside the file
    #[arg(long, value_name = "TEXT")]
    notes: Option<String>,
}

/// A file of the server.
#[derive(Debug, Args)]
pub(crate) struct Named {
    /// The file, by its name, or by id where several have the same name
    #[arg(value_name = "DOWNLOAD")]
    download: String,
}

impl Named {
    fn read(&self, context: &Context) -> Result<Download, Failure> {
        if let Ok(id) = self.download.parse() {
            return Ok(context.client.download(id)?);
        }
        let (mut all, _) = listing::collect(Amount::ALL, &Query::new(), |query| context.client.downloads(query))?;
        all.retain(|one| one.file_name == self.download);
        let called = Called {
            what: "download",
            group: "downloads",
            named: &self.download,
        };
        called.only(all, |found| {
            format!("{} is {} for {}", found.id, found.version, wire(&found.system))
        })
    }
}

/// Carries out a command.
pub(crate) fn run(context: &Context, command: Downloads) -> Result<(), Failure> {
    let client = &context.client;
    match command {
        Downloads::List { amount } => listing::show(context, amount, &Query::new(), |query| client.downloads(query)),
        Downloads::Upload(order) => upload(context, order),
        Downloads::Show(named) => context.output.one(&named.read(context)?),
        Downloads::Get { named, file } => get(context, &named.read(context)?, file),
        Downloads::Delete(named) => {
            let file = named.read(context)?;
            let question = format!("Delete {} {} for good?", file.file_name, file.version);
            context.output.confirm(&question)?;
            client.remove_download(file.id, Some(file.revision))?;
            context.output.note("The file is deleted.");
            Ok(())
        }
    }
}

fn upload(context: &Context, order: Upload) -> Result<(), Failure> {
    let label = DownloadLabel {
        system: order.system,
        version: order.version,
        kind: order.kind,
        notes: order.notes,
    };
    let made = sending(context, &order.file, |name, progress| {
        context.client.upload_download(&order.file, name, label, progress)
    })?;
    context.output.one(&made)
}

fn get(context: &Context, file: &Download, into: Option<PathBuf>) -> Result<(), Failure> {
    let into = match into {
        Some(path) => path,
        None => own_name(file)?,
    };
    save_sized(context, Some(&into), "Fetching", Some(file.size), |out, notice| {
        context.client.fetch_download(file, out, notice)
    })?;
    context.output.note(&format!("SHA-256 {} is right", file.sha256));
    Ok(())
}

/// A path in this folder under the file's own name, whatever the server calls it; nothing that is there is replaced.
fn own_name(file: &Download) -> Result<PathBuf, Failure> {
    let name = Path::new(&file.file_name).file_name().map(PathBuf::from);
    let name =
        name.ok_or_else(|| Failure::usage("this download has no name that a file can have").hint("give --file FILE"))?;
    if name.symlink_metadata().is_ok() {
        return Err(
            Failure::new(Exit::Unexpected, format!("{} is there already", name.display()))
                .hint("give --file FILE to write elsewhere or to replace it"),
        );
    }
    Ok(name)
}

impl Record for Download {
    const COLUMNS: &'static [Column<Self>] = &[
        Column::listed("File", "file_name", |one| one.file_name.clone()),
        Column::listed("System", "system", |one| wire(&one.system)),
        Column::listed("Version", "version", |one| one.version.clone()),
        Column::listed("Kind", "kind", |one| one.kind.clone()),
        Column::listed("Bytes", "size", |one| one.size.to_string()),
        Column::listed("Uploaded", "uploaded_at", |one| one.uploaded_at.to_string()),
        Column::listed("Id", "id", |one| one.id.to_string()),
        Column::further("SHA-256", "sha256", |one| one.sha256.clone()),
        Column::further("By", "uploaded_by", |one| one.uploaded_by.clone()),
        Column::further("Notes", "notes", |one| one.notes.clone().unwrap_or_default()),
        Column::further("Revision", "revision", |one| one.revision.to_string()),
    ];
}
