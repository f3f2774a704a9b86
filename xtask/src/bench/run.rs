//! One run: how much is measured, with which programs, and against which services.

use test_support::service::Service;

use super::Extent;
use super::build::Benches;
use crate::artifacts::release_command;
use crate::process::Failure;
use crate::stage::Stage;

/// How long the slow service takes.
pub const DELAY_MILLISECONDS: u32 = 50;

pub const CLIENT_ID: &str = "11111111-2222-3333-4444-555555555555";

/// What every part of a run is told.
pub struct Run {
    pub extent: Extent,
    pub benches: Benches,
    /// With a service that answers at once.
    pub stage: Stage,
    /// Answers after [`DELAY_MILLISECONDS`].
    pub slow_service: Service,
    /// Its tokens are to be renewed a second after they were issued, and live for 20 more.
    pub renewing_service: Service,
    /// Its tokens live for an hour and were to be renewed before they were issued.
    pub long_renewing_service: Service,
}

impl Run {
    pub fn new(extent: Extent, benches: Benches) -> Result<Self, Failure> {
        let program = release_command("canned-service");
        let start = |options: &[&str]| Service::start(&program, options);
        let delay = DELAY_MILLISECONDS.to_string();
        Ok(Self {
            extent,
            benches,
            stage: Stage::set(&program, 1, |_| Vec::new())?,
            slow_service: start(&["--delay-ms", &delay])?,
            renewing_service: start(&["--refresh-in", "1", "--expires-in", "21", "--delay-ms", "500"])?,
            long_renewing_service: start(&["--refresh-in", "-400", "--delay-ms", "500"])?,
        })
    }

    /// This many in a full run, or as few as do in a quick one.
    pub fn count(&self, full: usize, quick: usize) -> usize {
        match self.extent {
            Extent::Full => full,
            Extent::Quick => quick,
        }
    }
}
