//! `dist/oci`: the root folder unpacked, and the image as its index describes it.

use std::process::Command;

use serde_json::Value;

use super::trial::Trial;
use crate::artifacts::root;
use crate::package::Pack;
use crate::package::archive::read;
use crate::package::checksums::hexadecimal;
use crate::process::Failure;

/// The command of the root folder gets a token, and every part of the image is what its descriptor says.
pub fn check(pack: &Pack) -> Result<(), Failure> {
    let folder = root().join("dist/oci");
    if !folder.exists() {
        println!("there is no image");
        return Ok(());
    }
    let trial = Trial::begin()?;
    let name = format!("graph-token-{}-linux-musl-x64", pack.version);
    for (file, place) in [("-root.tar.gz", "root"), (".oci.tar", "image")] {
        std::fs::create_dir(trial.path(place)).map_err(|error| error.to_string())?;
        let mut tar = Command::new("tar");
        tar.arg("-xf")
            .arg(folder.join(format!("{name}{file}")))
            .arg("-C")
            .arg(trial.path(place));
        trial.run(&mut tar)?;
    }
    trial.get_token(&mut Command::new(trial.path("root/usr/bin/graph-token")))?;
    let image = |path: &str| read(&trial.path("image").join(path));
    let blob = |descriptor: &Value| -> Result<Vec<u8>, Failure> {
        let digest = descriptor["digest"]
            .as_str()
            .unwrap_or_default()
            .trim_start_matches("sha256:");
        let content = image(&format!("blobs/sha256/{digest}"))?;
        let size = descriptor["size"].as_u64();
        if hexadecimal(&content) == digest && size == Some(content.len() as u64) {
            Ok(content)
        } else {
            Err(format!("the blob {digest} is not what its descriptor says").into())
        }
    };
    let parse = |text: &[u8]| serde_json::from_slice::<Value>(text).map_err(|error| Failure::from(error.to_string()));
    let index = parse(&image("index.json")?)?;
    let manifest = parse(&blob(&index["manifests"][0])?)?;
    parse(&blob(&manifest["config"])?)?;
    blob(&manifest["layers"][0]).map(drop)
}
