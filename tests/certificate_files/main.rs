//! Certificate and key files written by OpenSSL: each loads and signs, or is refused with a reason.

mod directory;
mod nested_bags;
mod refusals;
mod secrecy;
mod signatures;

use std::fs;
use std::process::Command;

use graphtoken::base::algorithm::SignatureAlgorithm;
use graphtoken::base::error::Status;
use graphtoken::certificate::signing::SigningCertificate;

use directory::{Directory, PASSWORD};

const BOTH: [SignatureAlgorithm; 2] = [SignatureAlgorithm::Ps256, SignatureAlgorithm::Rs256];
const INPUT: &[u8] = b"eyJhbGciOiJQUzI1NiJ9.e30";

#[test]
fn pem_and_der_load() {
    let directory = Directory::new();
    directory.openssl("rsa -in leaf.key -traditional -out pkcs1.key");
    directory.openssl("x509 -in leaf.pem -outform DER -out leaf.cer");
    directory.openssl("pkcs8 -topk8 -nocrypt -in leaf.key -outform DER -out pkcs8.der");
    directory.openssl("rsa -in leaf.key -traditional -outform DER -out pkcs1.der");
    let text = |name| String::from_utf8(directory.read(name)).unwrap();
    let everything = [text("other.key"), text("chain.pem"), text("leaf.key"), text("leaf.pem")].join("some text\n");
    directory.write("everything.pem", &everything);
    directory.write("windows.pem", format!("\u{feff}{}", everything.replace('\n', "\r\n")));
    for files in [
        "everything.pem",
        "windows.pem",
        "everything.pem pkcs1.key",
        "leaf.pem leaf.key",
        "leaf.pem pkcs1.key",
        "leaf.cer pkcs8.der",
        "leaf.cer pkcs1.der",
        "leaf.cer everything.pem",
    ] {
        check_leaf(files, &directory.load(files, None).expect(files));
    }
}

#[test]
fn encrypted_pkcs8_loads() {
    let directory = Directory::new();
    for options in [
        "",
        "-v2 aes-128-cbc -v2prf hmacWithSHA1",
        "-v2 aes-192-cbc -v2prf hmacWithSHA384",
        "-v2 aes-256-cbc -v2prf hmacWithSHA512 -iter 100000",
        "-v2 des3",
        "-scrypt",
        "-v1 PBE-SHA1-3DES",
        "-v1 PBE-SHA1-2DES",
        "-v1 PBE-SHA1-RC2-128 -provider legacy -provider default",
        "-v1 PBE-SHA1-RC2-40 -provider legacy -provider default",
    ] {
        for form in ["PEM", "DER"] {
            let command = format!("pkcs8 -topk8 -in leaf.key {options} -passout pass:PASSWORD -outform {form}");
            directory.openssl(&format!("{} -out encrypted.key", command.replace("  ", " ")));
            check_leaf(
                options,
                &directory.load("leaf.pem encrypted.key", Some(PASSWORD)).expect(options),
            );
            let error = directory.refusal("leaf.pem encrypted.key", Some("wrong"));
            assert_eq!(
                error.status(),
                Status::CertificatePasswordIncorrect,
                "{options}: {error}"
            );
        }
    }
    for (password, words) in [
        (None, "none was given"),
        (Some(""), "is empty"),
        (Some("wrong"), "is incorrect"),
    ] {
        let error = directory.refusal("leaf.pem encrypted.key", password);
        assert_eq!(error.status(), Status::CertificatePasswordIncorrect);
        assert!(error.message().contains(words), "{error}");
    }
}

#[test]
fn pfx_loads() {
    let directory = Directory::new();
    for options in [
        "",
        "-legacy",
        "-keypbe AES-128-CBC -certpbe AES-192-CBC -macalg sha512",
        "-keypbe PBE-SHA1-2DES -certpbe PBE-SHA1-RC2-128 -legacy",
        "-descert -macalg sha1 -iter 50000",
        "-nomaciter -noiter",
        "-nomac",
        "-keypbe NONE -certpbe NONE",
        "-macalg sha384 -name friendly -CSP provider -LMK",
    ] {
        let export = format!("pkcs12 -export -inkey leaf.key -in leaf.pem -certfile chain.pem {options} -out x.pfx");
        let export = export.replace("  ", " ");
        directory.openssl(&format!("{export} -passout pass:PASSWORD"));
        check_leaf(options, &directory.load("x.pfx", Some(PASSWORD)).expect(options));
        if !options.contains("NONE") {
            for (password, words) in [(None, "none was given"), (Some("wrong"), "is incorrect")] {
                let error = directory.refusal("x.pfx", password);
                assert_eq!(
                    error.status(),
                    Status::CertificatePasswordIncorrect,
                    "{options}: {error}"
                );
                assert!(error.message().contains(words), "{options}: {error}");
            }
        }
        directory.openssl(&format!("{export} -passout pass:"));
        for password in [None, Some("")] {
            check_leaf(options, &directory.load("x.pfx", password).expect(options));
        }
    }
    directory.openssl("pkcs12 -in x.pfx -passin pass: -noenc -out bags.pem");
    assert!(
        String::from_utf8(directory.read("bags.pem"))
            .unwrap()
            .starts_with("Bag Attributes")
    );
    check_leaf("bags.pem", &directory.load("bags.pem", None).unwrap());
}

/// A renewal that keeps the key. The file says which certificate belongs to it, and that is not the newest one.
#[test]
fn of_two_certificates_for_one_key_the_one_with_its_local_key_id_signs() {
    let directory = Directory::new();
    directory.write("index", "");
    directory.write("ca.cnf", AUTHORITY);
    for (name, start) in [("Older", "20200101000000Z"), ("Newer", "20210101000000Z")] {
        directory.openssl(&format!("req -new -key leaf.key -subj /CN={name} -out request"));
        directory.openssl(&format!(
            "ca -batch -config ca.cnf -selfsign -keyfile leaf.key -in request -startdate {start} -days 36500 -notext \
             -out {name}.pem"
        ));
    }
    // OpenSSL writes the identifier only for the first certificate that belongs to the key.
    for (linked, other) in [("Older", "Newer"), ("Newer", "Older")] {
        directory.openssl(&format!(
            "pkcs12 -export -inkey leaf.key -in {linked}.pem -certfile {other}.pem -passout pass: -out {linked}.pfx"
        ));
        let signs = directory.load(&format!("{linked}.pfx"), None).unwrap();
        assert_eq!(signs.certificate().subject(), format!("CN={linked}"));
    }

    let parts = ["leaf.key", "Older.pem", "Newer.pem"].map(|name| directory.read(name));
    directory.write("without-identifier.pem", parts.concat());
    let signs = directory.load("without-identifier.pem", None).unwrap();
    assert_eq!(signs.certificate().subject(), "CN=Newer");
}

const AUTHORITY: &str = "\
[ca]
default_ca = any
[any]
database = index
new_certs_dir = .
rand_serial = yes
default_md = sha256
unique_subject = no
policy = name
[name]
commonName = supplied
";

/// For an empty password, OpenSSL derives keys from the terminator alone. Other programs derive them from no bytes.
#[test]
fn a_pfx_written_without_any_password_loads() {
    let directory = Directory::new();
    directory.openssl(
        "pkcs12 -export -inkey leaf.key -in leaf.pem -keypbe NONE -certpbe NONE -passout pass: -out x.pfx -iter 2048",
    );
    let mut pfx = directory.read("x.pfx");
    // The file ends with the digest (32 bytes), the header and salt (2 + 8) and the iteration count (4).
    // The MAC covers the content of the first OCTET STRING, which has a header of 4 bytes at 26.
    let mac_at = pfx.len() - 4 - 10 - 32;
    let covered = 30..30 + usize::from(u16::from_be_bytes([pfx[28], pfx[29]]));
    assert_eq!((pfx[26], &pfx[pfx.len() - 4..]), (0x04, &[0x02, 0x02, 0x08, 0x00][..]));
    let hex = |bytes: &[u8]| {
        bytes
            .iter()
            .map(|byte| format!("{byte:02x}"))
            .collect::<Vec<_>>()
            .concat()
    };
    let salt = hex(&pfx[pfx.len() - 12..pfx.len() - 4]);
    directory.write("covered", &pfx[covered]);
    let key = directory.openssl(&format!(
        "kdf -keylen 32 -kdfopt digest:SHA256 -kdfopt hexpass: -kdfopt hexsalt:{salt} -kdfopt iter:2048 -kdfopt id:3 \
         PKCS12KDF"
    ));
    let key = key.trim().replace(':', "");
    directory.openssl(&format!(
        "dgst -sha256 -mac HMAC -macopt hexkey:{key} -binary -out mac covered"
    ));
    pfx.splice(mac_at..mac_at + 32, directory.read("mac"));
    directory.write("x.pfx", pfx);
    check_leaf("x.pfx", &directory.load("x.pfx", None).unwrap());
}

#[test]
fn a_usable_key_among_unusable_keys_is_found() {
    let directory = Directory::new();
    directory.openssl("ecparam -genkey -name prime256v1 -out ec.key");
    directory.openssl("pkcs8 -topk8 -in other.key -passout pass:unknown -out encrypted.key");
    let parts = ["ec.key", "encrypted.key", "leaf.pem", "leaf.key"].map(|name| directory.read(name));
    directory.write("mixed.pem", parts.concat());
    check_leaf("mixed.pem", &directory.load("mixed.pem", None).unwrap());
}

#[cfg(unix)]
#[test]
fn a_pipe_loads() {
    let directory = Directory::new();
    let pipe = directory.path("pipe");
    assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
    let content = [directory.read("leaf.pem"), directory.read("leaf.key")].concat();
    let loaded = std::thread::scope(|scope| {
        scope.spawn(|| fs::write(&pipe, &content).unwrap());
        SigningCertificate::from_files(&pipe, None, None)
    });
    check_leaf("pipe", &loaded.unwrap());
}

#[test]
fn the_chain_is_ordered_and_without_its_root() {
    let directory = Directory::new();
    let subjects = |loaded: SigningCertificate| {
        loaded
            .chain()
            .iter()
            .map(|certificate| certificate.subject().to_owned())
            .collect::<Vec<_>>()
    };
    directory.write(
        "all.pem",
        [directory.read("chain.pem"), directory.read("leaf.pem")].concat(),
    );
    directory.openssl("pkcs12 -export -inkey leaf.key -in all.pem -passout pass: -out x.pfx");
    let whole = ["CN=Leaf,O=Contoso", "CN=Middle,O=Contoso"];
    assert_eq!(subjects(directory.load("all.pem leaf.key", None).unwrap()), whole);
    assert_eq!(subjects(directory.load("x.pfx", None).unwrap()), whole);
    assert_eq!(
        subjects(directory.load("all.pem middle.key", None).unwrap()),
        ["CN=Middle,O=Contoso"]
    );
    assert_eq!(
        subjects(directory.load("leaf.pem leaf.key", None).unwrap()),
        ["CN=Leaf,O=Contoso"]
    );

    directory.openssl("req -x509 -key other.key -subj /CN=Alone -out alone.pem");
    assert_eq!(
        subjects(directory.load("alone.pem other.key", None).unwrap()),
        ["CN=Alone"]
    );
}

#[test]
fn thumbprints_and_size_agree_with_openssl() {
    let directory = Directory::new();
    directory.openssl("req -x509 -newkey rsa:3072 -noenc -keyout big.key -subj /CN=Big -out big.pem");
    for (files, bits) in [("leaf.pem leaf.key", 2048), ("big.pem big.key", 3072)] {
        let loaded = directory.load(files, None).unwrap();
        let certificate = loaded.certificate();
        let fingerprint = |hash: &str| {
            let file = files.split(' ').next().unwrap();
            let line = directory.openssl(&format!("x509 -in {file} -noout -fingerprint -{hash}"));
            line.trim().split_once('=').unwrap().1.replace(':', "")
        };
        assert_eq!(certificate.thumbprint_sha1_hex(), fingerprint("sha1"));
        assert_eq!(certificate.thumbprint_sha256_hex(), fingerprint("sha256"));
        assert_eq!(certificate.key_bits(), bits);
    }
}

fn check_leaf(files: &str, loaded: &SigningCertificate) {
    assert_eq!(loaded.certificate().subject(), "CN=Leaf,O=Contoso", "{files}");
    for algorithm in BOTH {
        let signature = loaded.sign(algorithm, INPUT).unwrap();
        assert!(
            loaded.certificate().verify(algorithm, INPUT, &signature),
            "{files}: {}",
            algorithm.name()
        );
    }
}
