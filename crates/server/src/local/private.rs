//! Folders and files that only their owner can read: the inventory's neighbours tell who works here and how much.

use std::{fs, io, path::Path};

/// Makes a folder, and those above it that are missing, for its owner alone. One that exists is left as it is: it may be
/// somebody else's choice, or somebody else's folder.
///
/// # Errors
/// What the file system meets.
pub fn folder(path: &Path) -> io::Result<()> {
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.create(path)
}

/// Opens a file to add to it. One that others could read is theirs no longer.
///
/// # Errors
/// What the file system meets.
pub(crate) fn append(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).append(true);
    opened(&mut options, path)
}

/// Opens a file to write it anew.
///
/// # Errors
/// What the file system meets.
pub(crate) fn anew(path: &Path) -> io::Result<fs::File> {
    let mut options = fs::OpenOptions::new();
    options.create(true).write(true).truncate(true);
    opened(&mut options, path)
}

#[cfg(unix)]
fn opened(options: &mut fs::OpenOptions, path: &Path) -> io::Result<fs::File> {
    use std::os::unix::fs::{OpenOptionsExt as _, PermissionsExt as _};
    let file = options.mode(0o600).open(path)?;
    if file.metadata()?.permissions().mode() & 0o077 != 0 {
        file.set_permissions(fs::Permissions::from_mode(0o600))?;
    }
    Ok(file)
}

#[cfg(not(unix))]
fn opened(options: &mut fs::OpenOptions, path: &Path) -> io::Result<fs::File> {
    options.open(path)
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::{io::Write as _, os::unix::fs::PermissionsExt as _};

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().permissions().mode() & 0o777
    }

    #[test]
    fn folders_and_files_are_their_owners_alone_also_those_that_were_not() {
        let place = tempfile::tempdir().unwrap();
        let data = place.path().join("a/data");
        folder(&data).unwrap();
        assert_eq!((mode(&data), mode(&place.path().join("a"))), (0o700, 0o700));
        let (log, mark) = (data.join("log"), data.join("mark"));
        for path in [&log, &mark] {
            fs::write(path, "old\n").unwrap();
            fs::set_permissions(path, fs::Permissions::from_mode(0o644)).unwrap();
        }
        append(&log).unwrap().write_all(b"new\n").unwrap();
        anew(&mark).unwrap().write_all(b"new\n").unwrap();
        assert_eq!((mode(&log), mode(&mark)), (0o600, 0o600));
        assert_eq!(fs::read_to_string(log).unwrap(), "old\nnew\n");
        assert_eq!(fs::read_to_string(mark).unwrap(), "new\n");
    }

    #[test]
    fn a_folder_that_exists_keeps_the_mode_that_somebody_chose() {
        let place = tempfile::tempdir().unwrap();
        fs::set_permissions(place.path(), fs::Permissions::from_mode(0o750)).unwrap();
        folder(place.path()).unwrap();
        assert_eq!(mode(place.path()), 0o750);
    }
}
