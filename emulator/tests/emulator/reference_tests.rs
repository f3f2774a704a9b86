//! The page in the reference is what the command line says.

use clap::CommandFactory;
use entra_emulator::Settings;
use test_support::checkout::compare;
use test_support::command_page::page;

#[test]
fn the_reference_has_every_option() {
    compare("docs/reference/entra-emulator.md", &page(&Settings::command()));
}
