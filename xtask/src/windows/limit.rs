//! The tests that cannot hold under Wine.

use std::fmt;

/// A test that is left out, and why.
pub struct Limit {
    suite: &'static str,
    /// The test's own name in Rust, with its class in C#, where `*` is all of them.
    pub test: &'static str,
    reason: &'static str,
}

impl Limit {
    pub const CLI: &str = "windows cli";
    pub const C: &str = "windows c";
    pub const CSHARP: &str = "windows c#";
    pub const POWERSHELL: &str = "windows powershell";
}

/// Those of one suite.
pub fn of(suite: &str) -> impl Iterator<Item = &'static Limit> {
    LIMITS.iter().filter(move |limit| limit.suite == suite)
}

/// The tests of one suite that hold under Wine only in a process of their own.
pub fn alone(suite: &str) -> impl Iterator<Item = &'static str> {
    ALONE.iter().filter(move |(of, _)| *of == suite).map(|(_, test)| *test)
}

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:20}{}: {}", self.suite, self.test, self.reason)
    }
}

const CONSOLE: &str = "there is no console without a display, and none that a test could type at";
const PKCS11: &str = "keys on tokens are in the store there, and PKCS#11 is left out";
const ELLIPTIC: &str = "CNG has no elliptic curves there";
const REDIS: &str = "there is no redis-server for Windows; the command is tested with one on Linux";
const DEVICES: &str = "its pipes and devices are those of Linux";
const OF_UNIX: &str = "PKCS#11, and folders that cannot be used as on Unix";
const TOOLS: &str = "its az and azd are scripts of Unix, alone on the PATH, in which the runner finds nothing then";
const SCRIPTS: &str = "its az and azd are scripts of Unix; it would skip itself, by an exception (see ALONE)";
const BROWSER: &str = "the variable BROWSER names a program on Unix alone";
const ARGUMENTS: &str =
    "its secrets are arguments that are not ASCII, which a C program of Windows gets in another encoding";
const STORE: &str = "fills the folder that is the store on Linux; the tests of the Windows store are others";

/// All of them. They count as tests that did not run.
pub const LIMITS: &[Limit] = &[
    cli("prompt_tests::a_user_s_password_is_asked_for", CONSOLE),
    cli(
        "prompt_tests::a_certificate_s_password_is_asked_for_when_it_needs_one",
        CONSOLE,
    ),
    cli(
        "cache_tests::the_file_is_in_the_users_data_folder_and_a_key_comes_from_a_file",
        "Wine says itself where a user's data folder is, whatever the environment says",
    ),
    cli(
        "cache_tests::a_folder_that_others_can_write_is_warned_about",
        "the access of other users is read from the permissions of Unix",
    ),
    cli(
        "output_tests::a_full_disk_is_exit_code_1",
        "the device and the words of the error are those of Linux",
    ),
    cli(
        "store_tests::a_certificate_is_found_by_thumbprint_and_by_subject",
        STORE,
    ),
    cli("store_tests::what_is_not_found_is_listed", STORE),
    cli(
        "store_tests::an_expired_certificate_is_taken_by_thumbprint_alone",
        STORE,
    ),
    cli("store_tests::the_chain_comes_from_the_store_of_authorities", STORE),
    cli(
        "certificate_tests::certificate_and_key_may_come_through_standard_input",
        "/dev/stdin is no file there",
    ),
    cli(
        "store_tests::a_path_of_the_drive_cert_is_that_of_a_certificate_in_a_store",
        STORE,
    ),
    cli("certificate_tests::what_is_no_certificate_file_is_named", DEVICES),
    cli(
        "network_tests::authorities_in_something_else_than_a_file_are_refused_without_waiting",
        DEVICES,
    ),
    cli(
        "managed_identity_tests::arc_reads_the_key_that_the_agent_names_in_its_own_folder",
        "the emulator, a program of Linux, names the path of the key",
    ),
    cli("pkcs11_tests::", PKCS11),
    cli("serve_tests::signals::", "they are signals of Unix"),
    cli("chain_tests::", TOOLS),
    cli(
        "browser_tests::a_browser_is_started_with_the_address_as_its_only_argument",
        BROWSER,
    ),
    cli("browser_tests::without_a_browser_the_address_is_shown", BROWSER),
    cli("secrecy_tests::no_kind_of_error_of_unix_shows_a_secret", OF_UNIX),
    cli(
        "secrecy_tests::the_running_command_forbids_core_dumps",
        "the limits of a process are those of Linux",
    ),
    c("secrecy::no_kind_of_error_of_unix_shows_a_secret", OF_UNIX),
    c("a_user_stays_signed_in_until_signing_out", ARGUMENTS),
    c("each_kind_of_authority_gives_tokens", ARGUMENTS),
    c("the_environment_a_chain_and_developer_tools_get_tokens", ARGUMENTS),
    c("a_certificate_of_the_store_gets_a_token", STORE),
    c(
        "signers_refuse_pss_or_wait_until_they_are_cancelled",
        "its signer calls the command openssl, which is none of Windows",
    ),
    c(
        "nothing_of_a_secret_or_token_is_in_memory_after_everything_was_freed",
        "its program reads its own memory from /proc",
    ),
    c(
        "the_library_exports_what_the_header_declares",
        "the lane reads the exports from the file itself (windows files)",
    ),
    csharp(
        "ExternalSignerTests.ACertificateObjectWithAnEllipticKeyIsRefused",
        ELLIPTIC,
    ),
    csharp(
        "NonExportableKeyTests.*",
        "its key is on a token that OpenSSL's engine for PKCS#11 opens; those of the Windows store are others",
    ),
    csharp("StoreTests.AnEllipticKeyIsRefused", ELLIPTIC),
    csharp("RedisTests.*", REDIS),
    csharp("BrowserTests.WithoutABrowserItIsSaidOrShown", BROWSER),
    csharp("ChainTests.AChainKeepsItsChoiceAndSaysWhy", SCRIPTS),
    csharp("ChainTests.ADeveloperToolGivesItsUsersToken", SCRIPTS),
    csharp("ChainTests.TheDiagnosisAsksOnlyWhatItIsToldTo", SCRIPTS),
    csharp(
        "SourceSecrecyTests.NothingThatADeveloperToolSaysIsShownUnredacted",
        SCRIPTS,
    ),
    powershell("BrowserTests.Without_a_browser_the_address_is_shown", BROWSER),
    powershell("BrowserTests.The_user_s_browser_is_opened", BROWSER),
    powershell(
        "BrowserTests.A_script_block_proves_the_application",
        "never shows the address there, for a reason that is not known yet; with a device code it holds",
    ),
    powershell("ChainTests.A_chain_says_what_it_uses_and_why", SCRIPTS),
    powershell("ChainTests.A_developer_tool_gives_its_users_token", SCRIPTS),
    powershell("ChainTests.The_setup_check_asks_only_what_it_is_told_to", SCRIPTS),
    powershell("ErrorTests.An_elliptic_key", ELLIPTIC),
    powershell("PathTests.A_pipe_in_place_of_a_certificate_is_not_waited_for", DEVICES),
    powershell(
        "PathTests.A_device_in_place_of_a_certificate_is_not_read_without_end",
        DEVICES,
    ),
    powershell("RedisTests.*", REDIS),
    powershell(
        "SecretParameterTests.*",
        "thousands of refused calls, for whose exceptions Wine takes many minutes",
    ),
];

const ALONE: &[(&str, &str)] = &[
    // A process does not see issuers that are stored after it has built its first chain.
    (Limit::CSHARP, "StoreTests.IssuersOfTheStoreAreSentWithoutTheRoot"),
    // An exception that leaves a method called by reflection stays in Wine's list of handlers, though its stack is
    // gone; the next such exception ends the thread without a word, and the run waits for it until its time is over.
    // So it is in programs without this library too, and therefore what follows a failing test may hang.
    (
        Limit::CSHARP,
        "LibraryTests.AMissingLibraryIsAnErrorThatListsEveryPlace",
    ),
    (Limit::CSHARP, "LibraryTests.ADamagedLibraryIsAnErrorThatNamesIt"),
];

const fn powershell(test: &'static str, reason: &'static str) -> Limit {
    Limit {
        suite: Limit::POWERSHELL,
        test,
        reason,
    }
}

const fn cli(test: &'static str, reason: &'static str) -> Limit {
    Limit {
        suite: Limit::CLI,
        test,
        reason,
    }
}

const fn c(test: &'static str, reason: &'static str) -> Limit {
    Limit {
        suite: Limit::C,
        test,
        reason,
    }
}

const fn csharp(test: &'static str, reason: &'static str) -> Limit {
    Limit {
        suite: Limit::CSHARP,
        test,
        reason,
    }
}
