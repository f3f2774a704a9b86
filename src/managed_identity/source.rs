//! The platforms.

/// A platform of Azure that gives its machines an identity.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Source {
    /// A node of a Service Fabric cluster.
    ServiceFabric,
    /// App Service, Functions, Container Apps, and Automation in the cloud.
    AppService,
    /// A compute instance of Machine Learning.
    MachineLearning,
    /// Cloud Shell.
    CloudShell,
    /// A server elsewhere, with the Azure Connected Machine agent.
    Arc,
    /// A virtual machine, a scale set or a node of a Kubernetes cluster, with its Instance Metadata Service.
    Imds,
}

impl Source {
    /// Every platform, in the order in which they are looked for.
    pub const ALL: [Self; 6] = [
        Self::ServiceFabric,
        Self::AppService,
        Self::MachineLearning,
        Self::CloudShell,
        Self::Arc,
        Self::Imds,
    ];

    /// The name in options.
    pub const fn name(self) -> &'static str {
        match self {
            Self::ServiceFabric => "service_fabric",
            Self::AppService => "app_service",
            Self::MachineLearning => "machine_learning",
            Self::CloudShell => "cloud_shell",
            Self::Arc => "arc",
            Self::Imds => "imds",
        }
    }

    /// The platform with this name, in any letter case.
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|source| source.name().eq_ignore_ascii_case(name))
    }

    /// The product's own name, for messages.
    pub const fn product(self) -> &'static str {
        match self {
            Self::ServiceFabric => "Service Fabric",
            Self::AppService => "App Service",
            Self::MachineLearning => "Azure Machine Learning",
            Self::CloudShell => "Cloud Shell",
            Self::Arc => "Azure Arc",
            Self::Imds => "the Instance Metadata Service (IMDS)",
        }
    }
}
