namespace GraphToken;

/// <summary>Where a client gets its tokens from.</summary>
internal enum ClientSource
{
    /// <summary>The token service, for an application or its users.</summary>
    Application,

    /// <summary>The platform of Azure that this process runs on.</summary>
    ManagedIdentity,

    /// <summary>The token service, for what environment variables describe.</summary>
    Environment,

    /// <summary>The first that applies.</summary>
    Chain,

    /// <summary>The Azure CLI.</summary>
    AzureCli,

    /// <summary>The Azure Developer CLI.</summary>
    AzureDeveloperCli,
}
