//! `dist/oci`: what a container image takes, made without a daemon: an image layout ("OCI Image Layout Specification")
//! as one file, and the plain root folder as another.

use std::path::Path;

use serde_json::{Value, json};

use super::Pack;
use super::archive::{self, Entries};
use super::checksums::hexadecimal;
use super::documents::Documents;
use super::native::COMMANDS;
use super::platform::Platform;
use crate::process::Failure;

/// The platform whose commands run on every Linux.
const RID: &str = "linux-musl-x64";

/// The certificate authorities that Mozilla trusts, where Debian's `ca-certificates` keeps them.
const AUTHORITIES: &str = "/etc/ssl/certs/ca-certificates.crt";

/// Writes both files, unless the platform is left out.
pub fn write(pack: &Pack, folder: &Path) -> Result<(), Failure> {
    let Some(platform) = pack.platforms.iter().find(|platform| platform.rid == RID) else {
        println!("dist/oci: {RID} is left out, so that there is no image");
        return Ok(());
    };
    let files = root_folder(pack, platform)?;
    let name = format!("graph-token-{}-{RID}", pack.version);
    let io = |error: std::io::Error| Failure::from(format!("{name}: {error}"));
    let layer = files.tar(pack.time).map_err(io)?;
    let compressed = files.compressed_tar(pack.time).map_err(io)?;
    archive::write(&folder.join(format!("{name}-root.tar.gz")), &compressed)?;
    let image = layout(pack, &layer, compressed);
    let tar = image.tar(pack.time).map_err(io)?;
    archive::write(&folder.join(format!("{name}.oci.tar")), &tar)
}

fn root_folder(pack: &Pack, platform: &Platform) -> Result<Entries, Failure> {
    let mut files = Entries::default();
    for command in COMMANDS {
        files.add_program(format!("usr/bin/{command}"), &platform.command(command))?;
    }
    files.add_file("etc/ssl/certs/ca-certificates.crt", Path::new(AUTHORITIES))?;
    // The unprivileged user that the image runs as.
    files.add(
        "etc/passwd",
        "graph-token:x:65532:65532::/home/graph-token:/sbin/nologin\n",
    );
    files.add("etc/group", "graph-token:x:65532:\n");
    let documents = Documents {
        readme: "packaging/commands/README.md",
        bill_of_materials: &pack.bill_of_materials,
    };
    documents.add_to(&mut files, "usr/share/doc/graphtoken")?;
    Ok(files)
}

/// An image with one layer.
fn layout(pack: &Pack, layer: &[u8], compressed: Vec<u8>) -> Entries {
    let mut image = Entries::default();
    let layer_digest = format!("sha256:{}", hexadecimal(layer));
    let created = &pack.created;
    let config = json!({
        "architecture": "amd64",
        "os": "linux",
        "created": created,
        "config": {
            "User": "65532:65532",
            "Env": ["PATH=/usr/bin", "SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt"],
            "Entrypoint": ["/usr/bin/graph-token"],
            "Labels": { "org.opencontainers.image.version": pack.version },
        },
        "rootfs": { "type": "layers", "diff_ids": [layer_digest] },
        "history": [{ "created": created, "created_by": "cargo xtask package" }],
    });
    let config = add_blob(
        &mut image,
        "application/vnd.oci.image.config.v1+json",
        config.to_string().into_bytes(),
    );
    let layer = add_blob(&mut image, "application/vnd.oci.image.layer.v1.tar+gzip", compressed);
    let manifest = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.manifest.v1+json",
        "config": config,
        "layers": [layer],
    });
    let mut manifest = add_blob(
        &mut image,
        "application/vnd.oci.image.manifest.v1+json",
        manifest.to_string().into_bytes(),
    );
    manifest["platform"] = json!({ "architecture": "amd64", "os": "linux" });
    manifest["annotations"] = json!({ "org.opencontainers.image.ref.name": pack.version });
    let index = json!({
        "schemaVersion": 2,
        "mediaType": "application/vnd.oci.image.index.v1+json",
        "manifests": [manifest],
    });
    image.add("index.json", index.to_string());
    image.add("oci-layout", json!({ "imageLayoutVersion": "1.0.0" }).to_string());
    image
}

/// Adds content under its digest, and returns its descriptor.
fn add_blob(image: &mut Entries, media_type: &str, content: Vec<u8>) -> Value {
    let digest = hexadecimal(&content);
    let descriptor = json!({
        "mediaType": media_type,
        "digest": format!("sha256:{digest}"),
        "size": content.len(),
    });
    image.add(format!("blobs/sha256/{digest}"), content);
    descriptor
}
