//! The region of Azure that this machine is in.

use std::fmt;
use std::sync::OnceLock;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use crate::authority::region::Region;
use crate::base::error::Result;
use crate::base::json;
use crate::base::secret::Secret;
use crate::http::metadata::{DirectTransport, MetadataRequest, MetadataTransport, MetadataTrust};
use crate::http::transport::TransportSettings;
use crate::managed_identity::imds;
use crate::managed_identity::variables::{Variables, refused};
use crate::service::region::RegionSource;

/// Finds the region when a token is requested: in the variable `REGION_NAME`, which App Service, Functions and others
/// set, or else from the Instance Metadata Service (MSAL.NET `RegionManager.cs`). What it has found it keeps.
pub struct RegionDetector {
    variables: Variables,
    /// `None` if only the variable is read.
    transport: Option<Box<dyn MetadataTransport>>,
    found: OnceLock<Region>,
    was_missed: AtomicBool,
}

impl RegionDetector {
    /// A detector that has not looked yet. `asks_imds` tells whether it may send a request.
    ///
    /// # Errors
    /// What is wrong with the host of the metadata service, or with the trusted certificate authorities.
    pub fn new(variables: Variables, settings: &TransportSettings, asks_imds: bool) -> Result<Self> {
        let connect = || -> Result<Box<dyn MetadataTransport>> {
            let trust = if imds::origin(&variables)?.is_https() {
                MetadataTrust::Authority(settings.trust.ca_file())
            } else {
                MetadataTrust::Address
            };
            Ok(Box::new(DirectTransport::new(settings.product.clone(), &trust)?))
        };
        let transport = asks_imds.then(connect).transpose()?;
        Ok(Self::with_transport(variables, transport))
    }

    fn with_transport(variables: Variables, transport: Option<Box<dyn MetadataTransport>>) -> Self {
        Self {
            variables,
            transport,
            found: OnceLock::new(),
            was_missed: AtomicBool::new(false),
        }
    }

    fn detected(&self) -> Result<Option<Region>> {
        if let Some(name) = self.variables.get(VARIABLE)? {
            let name: String = name.expose_text().unwrap_or_default().split(' ').collect();
            let region = Region::parse(&name).ok_or_else(|| refused(VARIABLE, "is not the name of a region"))?;
            return Ok(Some(region));
        }
        let Some(transport) = &self.transport else {
            return Ok(None);
        };
        let url = format!(
            "{}?api-version=2021-02-01",
            imds::origin(&self.variables)?.with_path(PATH)
        );
        let header = Secret::copy_of(b"true");
        let answer = transport.send(&MetadataRequest {
            url: &url,
            headers: &[("Metadata", &header)],
            form: None,
            timeout: TIME_LIMIT,
        });
        let answer = match answer {
            Ok(answer) if answer.status == 200 => answer,
            Ok(answer) => {
                log::info!("the metadata service tells no region: HTTP {}", answer.status);
                return Ok(None);
            }
            Err(error) => {
                log::info!("the metadata service tells no region: {error}");
                return Ok(None);
            }
        };
        let document = json::parse(&json::text_of(answer.body.expose()));
        let location = document
            .as_ref()
            .and_then(|document| document.get("location")?.as_str());
        Ok(location.and_then(Region::parse))
    }
}

/// App Service and others set it ("Environment variables and app settings in Azure App Service"). Some write the name
/// that the portal shows, with spaces.
const VARIABLE: &str = "REGION_NAME";

const PATH: &str = "/metadata/instance/compute";

const TIME_LIMIT: Duration = Duration::from_secs(2);

impl RegionSource for RegionDetector {
    fn region(&self) -> Result<Option<Region>> {
        if let Some(found) = self.found.get() {
            return Ok(Some(found.clone()));
        }
        let detected = self.detected()?;
        match &detected {
            Some(region) => {
                log::info!("this machine is in the region {}", region.name());
                _ = self.found.set(region.clone());
            }
            None => log::info!("the Azure region of this machine was not found"),
        }
        self.was_missed.store(detected.is_none(), Ordering::Relaxed);
        Ok(detected)
    }

    fn warning(&self) -> &'static str {
        if self.was_missed.load(Ordering::Relaxed) {
            "The Azure region of this machine was not found: the authority itself is asked for tokens."
        } else {
            ""
        }
    }
}

impl fmt::Debug for RegionDetector {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("RegionDetector")
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Mutex;

    use super::*;
    use crate::base::error::{Error, Status};
    use crate::http::HttpAnswer;

    /// Answers every request with this body, or nothing.
    struct Imds {
        body: Option<&'static str>,
        asked: &'static Mutex<Vec<String>>,
    }

    impl MetadataTransport for Imds {
        fn send(&self, request: &MetadataRequest) -> Result<HttpAnswer> {
            assert_eq!(request.timeout, Duration::from_secs(2));
            assert_eq!(request.headers[0].0, "Metadata");
            self.asked.lock().unwrap().push(request.url.to_owned());
            let body = self
                .body
                .ok_or_else(|| Error::new(Status::ConnectionFailed, "nobody", ""))?;
            Ok(HttpAnswer {
                status: 200,
                body: Secret::copy_of(body.as_bytes()),
                ..HttpAnswer::default()
            })
        }
    }

    fn detector(variables: &str, body: Option<&'static str>) -> (RegionDetector, &'static Mutex<Vec<String>>) {
        let asked: &'static Mutex<Vec<String>> = Box::leak(Box::default());
        let variables = Variables::parse(variables).unwrap();
        let transport = Some(Box::new(Imds { body, asked }) as Box<dyn MetadataTransport>);
        (RegionDetector::with_transport(variables, transport), asked)
    }

    fn name(detector: &RegionDetector) -> Option<String> {
        detector.region().unwrap().map(|region| region.name().to_owned())
    }

    #[test]
    fn the_variable_is_read_before_anything_is_sent() {
        let (detector, asked) = detector("REGION_NAME=West Europe\0", None);
        assert_eq!(name(&detector).as_deref(), Some("westeurope"));
        assert!(asked.lock().unwrap().is_empty());
    }

    #[test]
    fn the_metadata_service_is_asked_once() {
        let host = "AZURE_POD_IDENTITY_AUTHORITY_HOST=http://127.0.0.1:7\0";
        let (detector, asked) = detector(host, Some(r#"{"location":"swedencentral"}"#));
        for _ in 0..2 {
            assert_eq!(name(&detector).as_deref(), Some("swedencentral"));
        }
        let expected = "http://127.0.0.1:7/metadata/instance/compute?api-version=2021-02-01";
        assert_eq!(*asked.lock().unwrap(), [expected]);
    }

    #[test]
    fn a_machine_without_a_region_is_asked_again() {
        for body in [
            None,
            Some(r#"{"location":"evil.example/"}"#),
            Some("[]"),
            Some("<html>"),
        ] {
            let (detector, asked) = detector("", body);
            assert_eq!((name(&detector), name(&detector)), (None, None), "{body:?}");
            assert_eq!(asked.lock().unwrap().len(), 2);
        }
    }

    #[test]
    fn a_variable_that_names_no_region_is_refused() {
        let (detector, asked) = detector("REGION_NAME=evil.example/\0", Some(r#"{"location":"x"}"#));
        assert_eq!(detector.region().unwrap_err().status(), Status::InvalidArgument);
        assert!(asked.lock().unwrap().is_empty());
    }

    #[test]
    fn nothing_is_sent_unless_it_may_be() {
        let settings = TransportSettings::default();
        let detector = RegionDetector::new(Variables::parse("").unwrap(), &settings, false).unwrap();
        assert_eq!(name(&detector), None);
    }
}
