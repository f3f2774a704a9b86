//! Whether a token for a scope may be issued.

use crate::answer::refusal::Refusal;
use crate::directory::application::Application;
use crate::directory::{Directory, Tenant};
use crate::issue::subject::Subject;

/// Refuses a resource that is not there, and a permission on it that the user has not granted to the application.
pub(crate) fn check(
    subject: &Subject,
    directory: &Directory,
    tenant: &Tenant,
    application: &Application,
) -> Result<(), Refusal> {
    if !directory.lists_resources() {
        return Ok(());
    }
    let scope = &subject.scope;
    let resource = directory.resource(&scope.resource);
    let resource = resource.ok_or_else(|| Refusal::new(500_011, &[&scope.resource, &tenant.name]))?;
    let names = scope.permission_names();
    if subject.user.is_some() && !names.split_ascii_whitespace().all(|name| resource.has(name)) {
        return Err(Refusal::new(65001, &[&application.client_id]));
    }
    Ok(())
}
