//! `--interactive` with a browser that people use. `GRAPHTOKEN_TEST_SCREENSHOTS` names a folder for pictures of the pages.

use std::env;
use std::path::PathBuf;

use serde_json::json;
use test_support::browser::parameter;
use test_support::chromium::Chromium;
use test_support::emulator::{Emulator, PASSWORD, PUBLIC, USER};
use test_support::folder::Folder;

use crate::browser_tests::SignIn;
use crate::call::{Call, claims};

/// Opens the emulator's page, with which the command has started the program in `BROWSER`.
fn opened(browser: &mut Chromium, emulator: &Emulator, more: &[&str]) -> SignIn {
    let folder = Folder::new();
    let address = folder.path("address");
    let program = folder.program("browser", &format!("printf '%s' \"$1\" > {}", address.display()));
    let call = Call::get(emulator, PUBLIC)
        .and(more)
        .variable("BROWSER", &program.display().to_string());
    let sign_in = SignIn::of(call);
    browser.open(&std::fs::read_to_string(address).expect("the program was started"));
    sign_in
}

fn photograph(browser: &mut Chromium, name: &str) {
    if let Some(folder) = env::var_os("GRAPHTOKEN_TEST_SCREENSHOTS") {
        browser.photograph(&PathBuf::from(folder).join(format!("{name}.png")));
    }
}

/// Waits until the browser has brought the answer, which takes a page on the way.
fn wait_for_end(browser: &mut Chromium, sign_in: &SignIn) {
    let end = parameter(sign_in.url(), "redirect_uri").unwrap();
    while browser.evaluate("location.origin") != json!(end) {
        browser.wait_until_loaded();
    }
}

#[test]
#[ignore = "needs Chromium; the lane chromium runs it"]
fn a_person_signs_in_in_chromium() {
    let (emulator, mut browser) = (Emulator::start(), Chromium::start("en-GB,en"));
    let sign_in = opened(&mut browser, &emulator, &[]);
    photograph(&mut browser, "sign-in-page");
    let told = browser.accessible();
    for (role, name) in [
        ("heading", "Sign in"),
        ("textbox", "User name"),
        ("textbox", "Password"),
        ("button", "Sign in"),
        ("button", "Decline"),
    ] {
        assert!(
            told.contains(&(role.to_owned(), name.to_owned())),
            "{role} {name}: {told:?}"
        );
    }
    // With the keyboard alone: the first field has the focus.
    browser.enter(USER);
    browser.press("Tab", 9);
    browser.enter(PASSWORD);
    browser.evaluate("document.activeElement.form.querySelector('[value=sign-in]').click()");
    wait_for_end(&mut browser, &sign_in);

    photograph(&mut browser, "signed-in-page");
    let page = browser.evaluate(
        "({title: document.title, address: location.href, dir: document.dir, scripts: document.scripts.length, \
         width: getComputedStyle(document.querySelector('main')).maxWidth})",
    );
    assert_eq!(page["title"], "You are signed in");
    let redirect_uri = parameter(sign_in.url(), "redirect_uri").unwrap();
    assert_eq!(
        page["address"],
        format!("{redirect_uri}/"),
        "nothing of the answer is in the address"
    );
    assert_eq!((&page["dir"], &page["scripts"]), (&json!("ltr"), &json!(0)));
    assert_eq!(page["width"], "576px", "the policy lets the page's own style pass");
    let (exit_code, printed, rest) = sign_in.end();
    assert_eq!((exit_code, rest.as_str()), (Some(0), ""));
    assert_eq!(claims(printed.trim_end())["upn"], USER);

    // The service knows the browser now.
    let silent = opened(&mut browser, &emulator, &["--prompt", "none", "--login-hint", USER]);
    wait_for_end(&mut browser, &silent);
    let (exit_code, printed, rest) = silent.end();
    assert_eq!((exit_code, rest.as_str()), (Some(0), ""));
    assert_eq!(claims(printed.trim_end())["upn"], USER);
}

#[test]
#[ignore = "needs Chromium; the lane chromium runs it"]
fn a_person_whose_language_runs_from_right_to_left_declines_in_chromium() {
    let (emulator, mut browser) = (Emulator::start(), Chromium::start("he-IL,he"));
    let sign_in = opened(&mut browser, &emulator, &[]);
    browser.evaluate("document.querySelector('[value=decline]').click()");
    wait_for_end(&mut browser, &sign_in);
    photograph(&mut browser, "declined-page");
    let page = browser.evaluate("({title: document.title, dir: document.dir, lang: document.documentElement.lang})");
    let expected = json!({"title": "You are not signed in", "dir": "rtl", "lang": "he-IL"});
    assert_eq!(page, expected);
    assert_eq!(sign_in.end().0, Some(8));
}
