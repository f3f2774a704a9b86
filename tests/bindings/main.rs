//! The committed bindings are what the generators make of the source, and all three lists of functions are the same.
//!
//! `BLESS=1` writes the files anew in place of comparing them.

mod c_reference;
mod declaration;

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use graphtoken::base::error::Status;
use graphtoken::ffi::inventory::inventory;
use graphtoken::ffi::version::ABI_VERSION;
use interoptopus::Interop as _;
use interoptopus::lang::c::CType;
use interoptopus::util::NamespaceMappings;
use interoptopus_backend_csharp::{Config, Generator};
use test_support::checkout::{compare, root};
use test_support::folder::Folder;

use crate::declaration::declarations;

#[test]
fn the_header_is_what_cbindgen_makes_of_the_source() {
    compare("bindings/c/graphtoken.h", &header());
}

#[test]
fn the_reference_of_c_is_what_the_header_says() {
    compare("docs/reference/c.md", &c_reference::page(&header()));
}

#[test]
fn the_documentation_names_only_what_the_header_declares() {
    let header = header();
    let declared: BTreeSet<String> = declarations(&header).into_iter().map(|one| one.name).collect();
    let spans = header.split('`').skip(1).step_by(2);
    for name in spans.filter(|span| span.to_lowercase().starts_with("gt")) {
        assert!(declared.contains(name), "the header does not declare {name}");
    }
}

#[test]
fn the_csharp_bindings_are_what_interoptopus_makes_of_the_source() {
    compare("bindings/csharp/Interop.g.cs", &csharp());
}

#[test]
fn header_csharp_and_inventory_list_the_same_functions() {
    let inventory: BTreeSet<String> = inventory()
        .functions()
        .iter()
        .map(|function| function.name().to_owned())
        .collect();
    let declared = |text: &str, before: &str| -> BTreeSet<String> {
        let names = text
            .lines()
            .filter_map(|line| line.split_once(before)?.1.split('(').next());
        names
            .filter(|name| name.starts_with("gt_"))
            .map(str::to_owned)
            .collect()
    };
    let in_header: BTreeSet<String> = ["int32_t ", "void "]
        .iter()
        .flat_map(|kind| declared(&header(), kind))
        .collect();
    let in_csharp: BTreeSet<String> = ["extern int ", "extern void "]
        .iter()
        .flat_map(|kind| declared(&csharp(), kind))
        .collect();
    assert_eq!(in_header, inventory);
    assert_eq!(in_csharp, inventory);
    let in_source: BTreeSet<String> = sources().iter().flat_map(|path| exported_by(path)).collect();
    assert_eq!(in_source, inventory);
}

#[test]
fn header_and_csharp_have_the_status_numbers_of_the_engine() {
    let (header, csharp) = (header(), csharp());
    for status in Status::all() {
        let name = status.name();
        let upper = name.chars().fold(String::from("GT_STATUS"), |mut text, c| {
            if c.is_uppercase() {
                text.push('_');
            }
            text.push(c.to_ascii_uppercase());
            text
        });
        assert!(
            header.contains(&format!("{upper} = {},", status.code())),
            "{upper} is not in the header"
        );
        assert!(
            csharp.contains(&format!("{name} = {},", status.code())),
            "{name} is not in the C# bindings"
        );
    }
    assert!(header.contains(&format!("#define GT_ABI_VERSION {ABI_VERSION}")));
}

#[test]
fn the_header_defines_nothing_but_its_own_names() {
    let header = header();
    let names = header
        .lines()
        .filter_map(|line| line.strip_prefix("#define ")?.split(' ').next());
    let names: Vec<&str> = names.collect();
    assert_eq!(
        names,
        [
            "GRAPHTOKEN_H",
            "GT_ABI_VERSION",
            "GT_SIGNER_UNSUPPORTED",
            "GT_TOKEN_STORE_NONE"
        ]
    );
    for declaration in declarations(&header) {
        let name = declaration.name;
        let is_own = name.starts_with("gt_") || name.starts_with("GT_") || name == "GtStr";
        assert!(is_own, "the header declares {name}");
    }
}

#[test]
fn no_parameter_is_named_like_a_csharp_keyword() {
    const KEYWORDS: [&str; 22] = [
        "in",
        "out",
        "ref",
        "new",
        "params",
        "object",
        "string",
        "base",
        "this",
        "event",
        "lock",
        "is",
        "as",
        "default",
        "delegate",
        "operator",
        "null",
        "void",
        "fixed",
        "checked",
        "internal",
        "namespace",
    ];
    for function in inventory().functions() {
        for parameter in function.signature().params() {
            assert!(
                !KEYWORDS.contains(&parameter.name()),
                "{} has a parameter {}",
                function.name(),
                parameter.name()
            );
        }
    }
}

#[test]
fn no_structure_is_returned_by_value() {
    for function in inventory().functions() {
        let result = function.signature().rval();
        assert!(
            matches!(result, CType::Primitive(_)),
            "{} returns {}",
            function.name(),
            result.name_within_lib()
        );
    }
}

fn sources() -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> = fs::read_dir(root().join("src/ffi"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .collect();
    files.retain(|path| !path.ends_with("inventory.rs") && !path.ends_with("mod.rs"));
    files.sort();
    files
}

fn exported_by(path: &Path) -> Vec<String> {
    let source = fs::read_to_string(path).unwrap();
    let names = source
        .split("pub unsafe extern \"C\" fn ")
        .skip(1)
        .filter_map(|rest| rest.split('(').next());
    names.map(str::to_owned).collect()
}

fn header() -> String {
    let config = cbindgen::Config::from_file(root().join("cbindgen.toml")).unwrap();
    let builder = [
        "src/base/error.rs",
        "src/base/surface.rs",
        "src/token/mod.rs",
        "src/diagnosis/finding.rs",
    ]
    .iter()
    .map(|path| root().join(path))
    .chain(sources())
    .fold(cbindgen::Builder::new().with_config(config), |builder, path| {
        builder.with_src(path)
    });
    let mut text = Vec::new();
    builder.generate().unwrap().write(&mut text);
    String::from_utf8(text).unwrap()
}

const CSHARP_HEADER: &str = "\
// <auto-generated>
// Generated from the library's source by interoptopus; do not edit. `BLESS=1 cargo xtask test` writes it anew.
// </auto-generated>";

fn csharp() -> String {
    let config = Config {
        file_header_comment: CSHARP_HEADER.to_owned(),
        class: "Native".to_owned(),
        dll_name: "graphtoken".to_owned(),
        namespace_mappings: NamespaceMappings::new("GraphToken"),
        ..Config::default()
    };
    let folder = Folder::new();
    let path = folder.path("Interop.g.cs");
    Generator::new(config, inventory()).write_file(&path).unwrap();
    fs::read_to_string(path).unwrap().replace("\r\n", "\n")
}
