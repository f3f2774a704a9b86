//! Archives whose bytes depend on their contents alone: entries in the order of their names, one time for all of them,
//! no owner.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, Read, Write};
use std::path::Path;
use std::time::{Duration, SystemTime};

use flate2::Compression;
use flate2::write::GzEncoder;
use httpdate::fmt_http_date;
use tar::{EntryType, Header};
use zip::write::SimpleFileOptions;
use zip::{CompressionMethod, DateTime, ZipArchive, ZipWriter};

use crate::process::Failure;

/// What an archive holds, by path.
#[derive(Default)]
pub struct Entries(BTreeMap<String, Entry>);

enum Entry {
    File { content: Vec<u8>, is_program: bool },
    Link { target: String },
}

impl Entries {
    /// A text or other content.
    pub fn add(&mut self, path: impl Into<String>, content: impl Into<Vec<u8>>) -> &mut Self {
        let content = content.into();
        self.insert(
            path,
            Entry::File {
                content,
                is_program: false,
            },
        )
    }

    /// A file of this machine.
    pub fn add_file(&mut self, path: impl Into<String>, file: &Path) -> Result<&mut Self, Failure> {
        Ok(self.add(path, read(file)?))
    }

    /// A file of this machine that is executed.
    pub fn add_program(&mut self, path: impl Into<String>, file: &Path) -> Result<&mut Self, Failure> {
        let content = read(file)?;
        Ok(self.insert(
            path,
            Entry::File {
                content,
                is_program: true,
            },
        ))
    }

    /// A symbolic link.
    pub fn add_link(&mut self, path: impl Into<String>, target: &str) -> &mut Self {
        let target = target.to_owned();
        self.insert(path, Entry::Link { target })
    }

    /// Everything in a folder, below this path.
    pub fn add_folder(&mut self, path: &str, folder: &Path) -> Result<&mut Self, Failure> {
        let entries = fs::read_dir(folder).and_then(Iterator::collect::<io::Result<Vec<_>>>);
        for entry in entries.map_err(|error| failure(folder, &error))? {
            let below = format!("{path}/{}", entry.file_name().display());
            if entry.path().is_dir() {
                self.add_folder(&below, &entry.path())?;
            } else {
                self.add_file(below, &entry.path())?;
            }
        }
        Ok(self)
    }

    fn insert(&mut self, path: impl Into<String>, entry: Entry) -> &mut Self {
        self.0.insert(path.into(), entry);
        self
    }

    /// Writes them below a folder, beside what is there.
    pub fn unpack(&self, folder: &Path) -> Result<(), Failure> {
        for (path, entry) in &self.0 {
            let place = folder.join(path);
            let parent = place.parent().expect("a file is in a folder");
            fs::create_dir_all(parent)
                .and_then(|()| entry.write_to(&place))
                .map_err(|error| failure(&place, &error))?;
        }
        Ok(())
    }

    /// Writes a compressed tarball.
    pub fn write_tarball(&self, file: &Path, time: SystemTime) -> Result<(), Failure> {
        let bytes = self.compressed_tar(time).map_err(|error| failure(file, &error))?;
        write(file, &bytes)
    }

    /// A compressed tarball.
    pub fn compressed_tar(&self, time: SystemTime) -> io::Result<Vec<u8>> {
        let mut compressed = GzEncoder::new(Vec::new(), Compression::best());
        compressed.write_all(&self.tar(time)?)?;
        compressed.finish()
    }

    /// An uncompressed tarball.
    pub fn tar(&self, time: SystemTime) -> io::Result<Vec<u8>> {
        let mut archive = tar::Builder::new(Vec::new());
        for (path, entry) in &self.0 {
            let mut header = Header::new_gnu();
            header.set_mtime(seconds(time));
            header.set_mode(entry.mode());
            match entry {
                Entry::File { content, .. } => {
                    header.set_size(content.len() as u64);
                    archive.append_data(&mut header, path, content.as_slice())?;
                }
                Entry::Link { target } => {
                    header.set_entry_type(EntryType::Symlink);
                    header.set_size(0);
                    archive.append_link(&mut header, path, target)?;
                }
            }
        }
        archive.into_inner()
    }

    /// Writes a zip file. It has no links: Windows unpacks none.
    pub fn write_zip(&self, file: &Path, time: SystemTime) -> Result<(), Failure> {
        let bytes = self.zip(time).map_err(|error| failure(file, &error))?;
        write(file, &bytes)
    }

    fn zip(&self, time: SystemTime) -> io::Result<Vec<u8>> {
        let mut archive = ZipWriter::new(io::Cursor::new(Vec::new()));
        for (path, entry) in &self.0 {
            let Entry::File { content, .. } = entry else {
                return Err(io::Error::other(format!("{path} is a link")));
            };
            let options = SimpleFileOptions::default()
                .compression_method(CompressionMethod::Deflated)
                .last_modified_time(zip_time(time))
                .unix_permissions(entry.mode());
            archive.start_file(path, options)?;
            archive.write_all(content)?;
        }
        Ok(archive.finish()?.into_inner())
    }

    /// What is in a zip file.
    pub fn of_zip(file: &Path) -> Result<Self, Failure> {
        let mut entries = Self::default();
        let read = |entries: &mut Self| -> io::Result<()> {
            let mut archive = ZipArchive::new(File::open(file)?)?;
            for index in 0..archive.len() {
                let mut entry = archive.by_index(index)?;
                if entry.is_file() {
                    let mut content = Vec::new();
                    entry.read_to_end(&mut content)?;
                    let name = entry.name()?.into_owned();
                    entries.add(name, content);
                }
            }
            Ok(())
        };
        read(&mut entries).map_err(|error| failure(file, &error))?;
        Ok(entries)
    }

    /// The content of a file.
    pub fn content(&self, path: &str) -> Option<&[u8]> {
        match self.0.get(path)? {
            Entry::File { content, .. } => Some(content),
            Entry::Link { .. } => None,
        }
    }

    /// How many bytes all files have.
    pub fn size(&self) -> usize {
        self.0.values().map(Entry::size).sum()
    }

    /// Every path, in order.
    pub fn paths(&self) -> impl Iterator<Item = &str> {
        self.0.keys().map(String::as_str)
    }
}

impl Entry {
    fn mode(&self) -> u32 {
        match self {
            Self::File { is_program: true, .. } => 0o755,
            Self::File { .. } => 0o644,
            Self::Link { .. } => 0o777,
        }
    }

    fn size(&self) -> usize {
        match self {
            Self::File { content, .. } => content.len(),
            Self::Link { .. } => 0,
        }
    }

    fn write_to(&self, place: &Path) -> io::Result<()> {
        match self {
            Self::File { content, .. } => {
                fs::write(place, content)?;
                set_mode(place, self.mode())
            }
            Self::Link { target } => link(target, place),
        }
    }
}

#[cfg(unix)]
fn set_mode(place: &Path, mode: u32) -> io::Result<()> {
    use std::os::unix::fs::PermissionsExt;
    fs::set_permissions(place, fs::Permissions::from_mode(mode))
}

#[cfg(not(unix))]
fn set_mode(_place: &Path, _mode: u32) -> io::Result<()> {
    Ok(())
}

#[cfg(unix)]
fn link(target: &str, place: &Path) -> io::Result<()> {
    std::os::unix::fs::symlink(target, place)
}

#[cfg(not(unix))]
fn link(_target: &str, place: &Path) -> io::Result<()> {
    Err(io::Error::other(format!("{} would be a link", place.display())))
}

/// How many seconds have passed from 1970 to a time.
pub fn seconds(time: SystemTime) -> u64 {
    time.duration_since(SystemTime::UNIX_EPOCH)
        .map_or(0, |since| since.as_secs())
}

/// The time in UTC, to the two seconds that the format knows.
fn zip_time(time: SystemTime) -> DateTime {
    // `Sun, 06 Nov 1994 08:49:37 GMT` (RFC 9110 section 5.6.7).
    let text = fmt_http_date(time);
    let number = |from: usize, to: usize| text[from..to].parse::<u16>().unwrap_or_default();
    let month = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ]
    .iter()
    .position(|name| *name == &text[8..11])
    .unwrap_or_default();
    let small = |number: u16| u8::try_from(number).unwrap_or_default();
    DateTime::from_date_and_time(
        number(12, 16),
        small(u16::try_from(month).unwrap_or_default() + 1),
        small(number(5, 7)),
        small(number(17, 19)),
        small(number(20, 22)),
        small(number(23, 25)),
    )
    .unwrap_or_default()
}

/// A time that some seconds have passed since 1970.
pub fn time_of(seconds: u64) -> SystemTime {
    SystemTime::UNIX_EPOCH + Duration::from_secs(seconds)
}

/// Writes a file, and the folders that it is in.
pub fn write(file: &Path, content: &[u8]) -> Result<(), Failure> {
    let folder = file.parent().expect("a file is in a folder");
    fs::create_dir_all(folder)
        .and_then(|()| fs::write(file, content))
        .map_err(|error| failure(file, &error))
}

/// The content of a file.
pub fn read(file: &Path) -> Result<Vec<u8>, Failure> {
    fs::read(file).map_err(|error| failure(file, &error))
}

fn failure(path: &Path, error: &io::Error) -> Failure {
    format!("{}: {error}", path.display()).into()
}

#[cfg(test)]
mod tests {
    use super::*;
    use test_support::folder::Folder;

    #[test]
    fn an_archive_has_the_same_bytes_whenever_and_wherever_it_is_written() {
        let mut first = Entries::default();
        first.add("b", "2").add("a", "1");
        let mut second = Entries::default();
        second.add("a", "1").add("b", "2");
        let time = time_of(784_111_777);
        assert_eq!(
            first.compressed_tar(time).unwrap(),
            second.compressed_tar(time).unwrap()
        );
        assert_eq!(first.zip(time).unwrap(), second.zip(time).unwrap());
    }

    #[test]
    fn a_file_of_an_archive_has_its_content_and_time() {
        let folder = Folder::new();
        let mut entries = Entries::default();
        entries.add("folder/text", "hello").add("other", "");
        // RFC 9110 section 5.6.7: Sun, 06 Nov 1994 08:49:37 GMT.
        let time = time_of(784_111_777);
        let (zip, tar) = (folder.path("a.zip"), folder.path("a.tar.gz"));
        entries.write_zip(&zip, time).unwrap();
        entries.write_tarball(&tar, time).unwrap();
        let read = Entries::of_zip(&zip).unwrap();
        assert_eq!(read.paths().collect::<Vec<_>>(), ["folder/text", "other"]);
        assert_eq!(read.content("folder/text"), Some(&b"hello"[..]));
        let listing = std::process::Command::new("tar")
            .arg("-tvzf")
            .arg(&tar)
            .env("TZ", "UTC")
            .output()
            .unwrap();
        let listing = String::from_utf8(listing.stdout).unwrap();
        assert!(listing.contains("1994-11-06 08:49 folder/text"), "{listing}");
        let mut archive = ZipArchive::new(File::open(&zip).unwrap()).unwrap();
        let modified = archive.by_index(0).unwrap().last_modified().unwrap();
        assert_eq!(modified.to_string(), "1994-11-06 08:49:36");
    }
}
