//! No error of the C interface shows a secret.

use graphtoken::Status;
use test_support::failing_call::{Action, FailingCalls};
use test_support::secrecy::assert_hidden;

use crate::program::Program;

#[test]
fn no_kind_of_error_shows_a_secret() {
    fail_without_secrets(&FailingCalls::new());
}

#[test]
fn no_kind_of_error_of_unix_shows_a_secret() {
    fail_without_secrets(&FailingCalls::of_unix());
}

fn fail_without_secrets(failing: &FailingCalls) {
    let secrets = failing.secrets();
    let program = Program::test("errors");
    for call in &failing.calls {
        let action = match call.action {
            Action::Get => "get",
            Action::ReadCache => "read-cache",
            Action::ClearCache => "clear-cache",
        };
        let options = call.options.iter().flat_map(|(name, value)| [*name, value.as_str()]);
        let arguments: Vec<&str> = [action].into_iter().chain(options).collect();
        let output = program.run(&arguments);
        assert_eq!(output.code, Some(0), "{call:?}: {output:?}");
        let status = output
            .stdout
            .lines()
            .next()
            .and_then(|line| line.strip_prefix("status: "));
        let status = status.and_then(|number| Status::from_code(number.parse().ok()?));
        assert_eq!(
            status.map(Status::name).as_deref(),
            Some(call.kind),
            "{call:?}: {output:?}"
        );
        assert_hidden(&(output.stdout + &output.stderr), &secrets, call.kind);
    }
}
