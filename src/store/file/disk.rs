//! Replaces a file atomically. The disk is behind a trait: tests simulate a power failure between any two steps.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::path::Path;

/// The steps of a replacement.
pub(super) trait Disk {
    /// A file that is being written.
    type File;

    /// Creates an empty file that only this user can read, in place of what is at `path`.
    fn create(&self, path: &Path) -> io::Result<Self::File>;
    /// Appends some of `bytes`, and returns how many.
    fn write(&self, file: &mut Self::File, bytes: &[u8]) -> io::Result<usize>;
    /// Returns when the content of the file will survive a power failure.
    fn sync(&self, file: &Self::File) -> io::Result<()>;
    /// Renames the file, and replaces another one atomically.
    fn rename(&self, from: &Path, to: &Path) -> io::Result<()>;
    /// Returns when the names in the folder will survive a power failure.
    fn sync_folder(&self, folder: &Path) -> io::Result<()>;
}

/// Replaces the content of the file at `path`. At every moment, and after a power failure, the file has either the
/// whole old content or the whole new one. `draft` is an unused name in the same folder.
pub(super) fn replace<D: Disk>(disk: &D, path: &Path, draft: &Path, content: &[u8]) -> io::Result<()> {
    let mut file = disk.create(draft)?;
    let mut rest = content;
    while !rest.is_empty() {
        match disk.write(&mut file, rest)? {
            0 => return Err(io::ErrorKind::WriteZero.into()),
            written => rest = &rest[written..],
        }
    }
    disk.sync(&file)?;
    drop(file);
    disk.rename(draft, path)?;
    disk.sync_folder(path.parent().unwrap_or(Path::new(".")))
}

/// The disk of this machine.
pub(super) struct SystemDisk;

impl Disk for SystemDisk {
    type File = File;

    fn create(&self, path: &Path) -> io::Result<File> {
        match fs::remove_file(path) {
            Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
            _ => {}
        }
        let mut options = OpenOptions::new();
        // Opening an existing file would follow a link, and keep the permissions of that file.
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        options.open(path)
    }

    fn write(&self, file: &mut File, bytes: &[u8]) -> io::Result<usize> {
        loop {
            match file.write(bytes) {
                Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
                outcome => return outcome,
            }
        }
    }

    fn sync(&self, file: &File) -> io::Result<()> {
        file.sync_all()
    }

    fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
        fs::rename(from, to)
    }

    /// Does nothing on Windows, which has no such operation: its file systems journal names.
    fn sync_folder(&self, folder: &Path) -> io::Result<()> {
        if cfg!(windows) {
            return Ok(());
        }
        File::open(folder)?.sync_all()
    }
}

#[cfg(test)]
mod tests {
    use std::cell::RefCell;
    use std::collections::BTreeMap;
    use std::path::PathBuf;

    use super::*;

    /// A disk whose power fails after some steps. Files are numbered; names point to numbers.
    #[derive(Default)]
    struct FragileDisk {
        state: RefCell<State>,
        steps_left: RefCell<Option<usize>>,
    }

    #[derive(Default)]
    struct State {
        /// The content of each file, and how much of it is synced.
        files: Vec<(Vec<u8>, usize)>,
        names: BTreeMap<PathBuf, usize>,
        synced_names: BTreeMap<PathBuf, usize>,
    }

    impl FragileDisk {
        fn step(&self) -> io::Result<()> {
            match &mut *self.steps_left.borrow_mut() {
                Some(0) => Err(io::Error::other("no power")),
                Some(left) => {
                    *left -= 1;
                    Ok(())
                }
                None => Ok(()),
            }
        }

        /// Every content that `path` may have after a power failure: names that are not synced may be there or not, and
        /// any prefix of the bytes that are not synced.
        fn outcomes(&self, path: &Path) -> Vec<Option<Vec<u8>>> {
            let state = self.state.borrow();
            let mut outcomes = Vec::new();
            for names in [&state.names, &state.synced_names] {
                match names.get(path) {
                    None => outcomes.push(None),
                    Some(&number) => {
                        let (content, synced) = &state.files[number];
                        outcomes.extend((*synced..=content.len()).map(|length| Some(content[..length].to_vec())));
                    }
                }
            }
            outcomes
        }
    }

    impl Disk for FragileDisk {
        type File = usize;

        fn create(&self, path: &Path) -> io::Result<usize> {
            self.step()?;
            let mut state = self.state.borrow_mut();
            state.files.push((Vec::new(), 0));
            let number = state.files.len() - 1;
            state.names.insert(path.to_owned(), number);
            Ok(number)
        }

        /// One byte at a time, so that every byte is a step.
        fn write(&self, file: &mut usize, bytes: &[u8]) -> io::Result<usize> {
            self.step()?;
            self.state.borrow_mut().files[*file].0.push(bytes[0]);
            Ok(1)
        }

        fn sync(&self, file: &usize) -> io::Result<()> {
            self.step()?;
            let (content, synced) = &mut self.state.borrow_mut().files[*file];
            *synced = content.len();
            Ok(())
        }

        fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
            self.step()?;
            let mut state = self.state.borrow_mut();
            let number = state.names.remove(from).ok_or(io::ErrorKind::NotFound)?;
            state.names.insert(to.to_owned(), number);
            Ok(())
        }

        fn sync_folder(&self, _: &Path) -> io::Result<()> {
            self.step()?;
            let mut state = self.state.borrow_mut();
            state.synced_names = state.names.clone();
            Ok(())
        }
    }

    #[test]
    fn a_power_failure_leaves_the_old_content_or_the_new_one() {
        let (path, draft) = (Path::new("/f/tokens"), Path::new("/f/tokens.new"));
        let (old, new) = (b"old content".to_vec(), b"the new content".to_vec());
        let mut cuts = 0;
        loop {
            let disk = FragileDisk::default();
            replace(&disk, path, draft, &old).unwrap();
            *disk.steps_left.borrow_mut() = Some(cuts);
            let outcome = replace(&disk, path, draft, &new);
            for content in disk.outcomes(path) {
                let content = content.expect("there is a file");
                assert!(content == old || content == new, "cut after {cuts} steps: {content:?}");
            }
            if outcome.is_ok() {
                assert!(disk.outcomes(path).iter().all(|content| content.as_ref() == Some(&new)));
                break;
            }
            cuts += 1;
        }
        assert_eq!(
            cuts,
            new.len() + 4,
            "create, every byte, sync, rename, sync of the folder"
        );
    }

    #[test]
    fn a_disk_that_writes_nothing_is_an_error() {
        struct FullDisk(SystemDisk);
        impl Disk for FullDisk {
            type File = File;
            fn create(&self, path: &Path) -> io::Result<File> {
                self.0.create(path)
            }
            fn write(&self, _: &mut File, _: &[u8]) -> io::Result<usize> {
                Ok(0)
            }
            fn sync(&self, file: &File) -> io::Result<()> {
                self.0.sync(file)
            }
            fn rename(&self, from: &Path, to: &Path) -> io::Result<()> {
                self.0.rename(from, to)
            }
            fn sync_folder(&self, folder: &Path) -> io::Result<()> {
                self.0.sync_folder(folder)
            }
        }
        let folder = tempfile::tempdir().unwrap();
        let (path, draft) = (folder.path().join("tokens"), folder.path().join("tokens.new"));
        replace(&SystemDisk, &path, &draft, b"old").unwrap();
        replace(&FullDisk(SystemDisk), &path, &draft, b"new").unwrap_err();
        assert_eq!(fs::read(&path).unwrap(), b"old");
        replace(&SystemDisk, &path, &draft, b"new").unwrap();
        assert_eq!(fs::read(&path).unwrap(), b"new");
        assert!(!draft.exists());
    }
}
