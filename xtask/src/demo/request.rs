//! A token request, as the emulator's journal has it.

use serde_json::Value;

/// Prints an entry of the journal. The emulator has masked every secret in it.
pub fn show(entry: &Value) {
    println!("  {} {}", text(&entry["method"]), text(&entry["path"]));
    for (name, value) in entry["form"].as_object().into_iter().flatten() {
        println!("  {name:22} {}", text(value));
    }
    println!("  {:22} {}", "assertion header", entry["assertion"]["header"]);
    println!("  {:22} {}", "assertion claims", entry["assertion"]["claims"]);
    println!("  {:22} {}", "answer's status", entry["answer"]["status"]);
}

/// Whether the entry is a token request.
pub fn is_one(entry: &Value) -> bool {
    entry["form"].is_object()
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}
