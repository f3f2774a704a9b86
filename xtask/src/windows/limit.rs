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

impl fmt::Display for Limit {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{:20}{}: {}", self.suite, self.test, self.reason)
    }
}

const CONSOLE: &str = "there is no console without a display, and none that a test could type at";
const PKCS11: &str = "keys on tokens are in the store there, and PKCS#11 is left out";
const ELLIPTIC: &str = "CNG has no elliptic curves there";
const STORE: &str = "fills the folder that is the store on Linux; the tests of the Windows store are others";

/// All of them. They count as tests that did not run.
pub const LIMITS: &[Limit] = &[
    cli("prompt_tests::a_user_s_password_is_asked_for", CONSOLE),
    cli(
        "prompt_tests::a_certificate_s_password_is_asked_for_when_it_needs_one",
        CONSOLE,
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
    cli("pkcs11_tests::", PKCS11),
    c("a_certificate_of_the_store_gets_a_token", STORE),
    c(
        "signers_refuse_pss_or_wait_until_they_are_cancelled",
        "its signer calls the command openssl, which is none of Windows",
    ),
    c(
        "the_library_exports_what_the_header_declares",
        "the lane reads the exports from the file itself (windows files)",
    ),
    csharp(
        "ExternalSignerTests.ACertificateObjectWithoutAnRsaKeyIsRefused",
        ELLIPTIC,
    ),
    csharp(
        "ExternalSignerTests.TheKeyOfACertificateObjectLivesAsLongAsTheClient",
        "collects garbage, in which the .NET runtime may end there",
    ),
    csharp(
        "TokenStoreTests.TheStoreLivesAsLongAsTheClientAndNoLonger",
        "collects garbage, in which the .NET runtime may end there",
    ),
    csharp("StoreTests.WhatCannotSignSaysWhy", ELLIPTIC),
    csharp(
        "StoreTests.IssuersOfTheStoreAreSentWithoutTheRoot",
        "does not come to an end; the cause is not known",
    ),
    csharp(
        "LibraryTests.*",
        "the .NET runtime hangs or ends in some of them; the cause is not known",
    ),
    Limit {
        suite: Limit::POWERSHELL,
        test: "*",
        reason: "the .NET runtime ends when it frees methods that the PowerShell engine made at run time",
    },
];

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
