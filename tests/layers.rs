//! The house keeps its shape: folders import only from the floors below, files form no circles, and only the boundary
//! and the operating system's folder are `unsafe`.

mod source;

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::Path;

use source::{files, is_test, root, sources};
use syn::visit::{self, Visit};

/// The engine's folders from the ground up. A folder imports only from floors below its own, so folders on one floor do
/// not know each other.
const FLOORS: &[&[&str]] = &[
    &["base", "os"],
    &["certificate", "authority", "http", "token"],
    &["credential", "request", "cache"],
    &["service", "store"],
    &["managed_identity"],
    &["client"],
    &["diagnosis", "sign_in"],
    &["ffi"],
];

/// Folders whose code may be `unsafe`.
const UNSAFE: &[&str] = &["src/ffi", "src/os"];

/// A file that is longer than this without its tests holds two nouns.
const LONGEST_FILE: usize = 400;

#[test]
fn every_folder_has_its_floor_and_no_file_stands_outside() {
    let mut found: Vec<String> = fs::read_dir(root().join("src"))
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .filter(|name| name != "lib.rs")
        .collect();
    found.sort();
    let mut listed = FLOORS.concat();
    listed.sort_unstable();
    assert_eq!(found, listed, "FLOORS is not what is under src");
}

#[test]
fn folders_import_only_from_floors_below() {
    let floor = |folder: &str| FLOORS.iter().position(|floor| floor.contains(&folder));
    let mut wrong = Vec::new();
    for (module, imports) in engine() {
        for import in imports {
            let (from, to) = (folder_of(&module), folder_of(&import));
            if from != to && floor(to) >= floor(from) {
                wrong.push(format!("{} imports {}", module.join("::"), import.join("::")));
            }
        }
    }
    assert!(wrong.is_empty(), "not downward:\n{}", wrong.join("\n"));
}

/// Inside a folder its files and subfolders are neighbours. A subfolder counts as one.
#[test]
fn neighbours_form_no_circle() {
    let mut neighbours: BTreeMap<Vec<String>, BTreeSet<Vec<String>>> = BTreeMap::new();
    for (module, imports) in engine() {
        for import in imports {
            let shared = module
                .iter()
                .zip(&import)
                .take_while(|(one, other)| one == other)
                .count();
            // A parent is not its child's neighbour.
            if shared < module.len() && shared < import.len() {
                let from = module[..=shared].to_vec();
                neighbours.entry(from).or_default().insert(import[..=shared].to_vec());
            }
        }
    }
    for start in neighbours.keys() {
        let mut reached = BTreeSet::new();
        let mut next: Vec<_> = neighbours[start].iter().collect();
        while let Some(module) = next.pop() {
            assert_ne!(module, start, "{} is part of a circle", start.join("::"));
            if reached.insert(module) {
                next.extend(neighbours.get(module).into_iter().flatten());
            }
        }
    }
}

#[test]
fn children_take_nothing_but_types_from_their_parent() {
    let mut wrong = Vec::new();
    for (path, file) in sources("src") {
        let module = module_of(&path);
        for path_used in paths_of(&file, &module) {
            let parent = (1..module.len())
                .rev()
                .find(|depth| path_used.starts_with(&module[..*depth]));
            let Some(depth) = parent else { continue };
            let Some(item) = path_used.get(depth) else { continue };
            let is_parent_s_own = !root()
                .join(format!("src/{}/{item}", module[..depth].join("/")))
                .exists()
                && !root()
                    .join(format!("src/{}/{item}.rs", module[..depth].join("/")))
                    .exists();
            let is_type = item.starts_with(char::is_uppercase) && item.chars().any(char::is_lowercase);
            if is_parent_s_own && !is_type {
                wrong.push(format!("{} takes {item}", path.display()));
            }
        }
    }
    assert!(wrong.is_empty(), "from their parents:\n{}", wrong.join("\n"));
}

#[test]
fn no_file_is_too_long() {
    for folder in ["src", "cli/src", "emulator/src", "xtask/src"] {
        for path in files(folder) {
            let text = fs::read_to_string(&path).unwrap();
            let lines = text
                .split("#[cfg(test)]\nmod tests")
                .next()
                .unwrap_or_default()
                .lines()
                .count();
            assert!(lines <= LONGEST_FILE, "{} has {lines} lines", path.display());
        }
    }
}

#[test]
fn only_the_boundary_and_the_operating_system_are_unsafe() {
    for folder in ["src", "cli/src", "emulator/src", "xtask/src"] {
        for (path, file) in sources(folder) {
            let allowed = UNSAFE.iter().any(|folder| path.starts_with(root().join(folder)));
            let mut code = Code::default();
            code.visit_file(&file);
            assert!(allowed || !code.has_unsafe, "{} has unsafe code", path.display());
        }
    }
}

#[test]
fn the_emulator_shares_nothing_with_the_engine() {
    let manifest = fs::read_to_string(root().join("emulator/Cargo.toml")).unwrap();
    assert!(
        !manifest.contains("graphtoken"),
        "what checks must not share code with what signs"
    );
}

#[test]
fn imports_are_found_however_they_are_written() {
    let code = "use crate::base::error::Error;
        use crate::certificate::{key, file::{pfx::Pfx, *}};
        use super::sibling;
        use child::Thing;
        fn f() -> crate::token::Token { crate::base::clock::now(); vec![crate::http::Form] }
        #[cfg(test)] mod tests { use crate::client::Client; }";
    let module = ["a".to_owned(), "b".to_owned()];
    let found = paths_of(&syn::parse_file(code).unwrap(), &module);
    let found: Vec<String> = found.iter().map(|path| path.join("::")).collect();
    assert_eq!(
        found,
        [
            "base::error::Error",
            "certificate::key",
            "certificate::file::pfx::Pfx",
            "certificate::file",
            "a::sibling",
            "token::Token",
            "base::clock::now",
            "http::Form",
        ]
    );
}

/// Every module of the engine with the modules that it imports.
fn engine() -> Vec<(Vec<String>, Vec<Vec<String>>)> {
    let sources = sources("src");
    let modules: BTreeSet<Vec<String>> = sources.iter().map(|(path, _)| module_of(path)).collect();
    let module_behind = |path: &[String]| {
        let depth = (1..=path.len()).rev().find(|depth| modules.contains(&path[..*depth]))?;
        Some(path[..depth].to_vec())
    };
    sources
        .iter()
        .map(|(path, file)| {
            let module = module_of(path);
            let used = paths_of(file, &module);
            let imports = used.iter().filter_map(|path| module_behind(path)).collect();
            (module, imports)
        })
        .filter(|(module, _)| !module.is_empty())
        .collect()
}

/// The path of a file as a module; empty for the root of the crate.
fn module_of(path: &Path) -> Vec<String> {
    let inside = path.strip_prefix(root().join("src")).unwrap().with_extension("");
    let parts = inside.iter().map(|part| part.to_str().unwrap().to_owned());
    parts.filter(|part| part != "mod" && part != "lib").collect()
}

fn folder_of(module: &[String]) -> &str {
    &module[0]
}

/// The paths in a file's code, without its tests, which begin at the root of the crate once `super` is followed.
fn paths_of(file: &syn::File, module: &[String]) -> Vec<Vec<String>> {
    let mut code = Code::default();
    code.visit_file(file);
    code.paths
        .iter()
        .filter_map(|path| match path.first()?.as_str() {
            "crate" => Some(path[1..].to_vec()),
            "super" => {
                let ups = path.iter().take_while(|part| *part == "super").count();
                let parent = module.get(..module.len().checked_sub(ups)?)?;
                Some([parent, &path[ups..]].concat())
            }
            _ => None,
        })
        .collect()
}

/// What a file's code says, but for its tests, which may use what they like.
#[derive(Default)]
struct Code {
    paths: Vec<Vec<String>>,
    has_unsafe: bool,
}

impl Code {
    fn add_tree(&mut self, mut path: Vec<String>, tree: &syn::UseTree) {
        match tree {
            syn::UseTree::Path(tree) => {
                path.push(tree.ident.to_string());
                self.add_tree(path, &tree.tree);
            }
            syn::UseTree::Group(group) => {
                for tree in &group.items {
                    self.add_tree(path.clone(), tree);
                }
            }
            syn::UseTree::Name(name) => {
                if name.ident != "self" {
                    path.push(name.ident.to_string());
                }
                self.paths.push(path);
            }
            syn::UseTree::Rename(rename) => {
                path.push(rename.ident.to_string());
                self.paths.push(path);
            }
            syn::UseTree::Glob(_) => self.paths.push(path),
        }
    }
}

impl<'ast> Visit<'ast> for Code {
    fn visit_item_mod(&mut self, module: &'ast syn::ItemMod) {
        if !is_test(module) {
            visit::visit_item_mod(self, module);
        }
    }

    fn visit_item_use(&mut self, item: &'ast syn::ItemUse) {
        self.add_tree(Vec::new(), &item.tree);
    }

    fn visit_path(&mut self, path: &'ast syn::Path) {
        self.paths
            .push(path.segments.iter().map(|segment| segment.ident.to_string()).collect());
        visit::visit_path(self, path);
    }

    fn visit_macro(&mut self, call: &'ast syn::Macro) {
        visit::visit_macro(self, call);
        // The arguments of most macros are expressions.
        let arguments =
            call.parse_body_with(syn::punctuated::Punctuated::<syn::Expr, syn::Token![,]>::parse_terminated);
        for argument in arguments.iter().flatten() {
            self.visit_expr(argument);
        }
    }

    fn visit_expr_unsafe(&mut self, block: &'ast syn::ExprUnsafe) {
        self.has_unsafe = true;
        visit::visit_expr_unsafe(self, block);
    }

    fn visit_item_impl(&mut self, item: &'ast syn::ItemImpl) {
        self.has_unsafe |= item.unsafety.is_some();
        visit::visit_item_impl(self, item);
    }

    fn visit_signature(&mut self, signature: &'ast syn::Signature) {
        self.has_unsafe |= matches!(signature.safety, syn::Safety::Unsafe(_));
        visit::visit_signature(self, signature);
    }
}
