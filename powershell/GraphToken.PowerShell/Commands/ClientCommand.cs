using System;
using System.Management.Automation;

namespace GraphToken.PowerShell;

/// <summary>The parameters for the tenant, the application and its client assertions.</summary>
public abstract class ClientCommand : CertificateCommand
{
    /// <summary>Tenant as GUID, domain name, or whole authority URL.</summary>
    [Parameter]
    [Alias("Tenant", "TenantName")]
    [NotEmpty]
    public string? TenantId { get; set; }

    /// <summary>The national cloud; the global one by default.</summary>
    [Parameter]
    [CloudArgument]
    public NationalCloud? Environment { get; set; }

    /// <summary>
    /// Authority for clouds that <see cref="Environment"/> does not cover: its base URL, or with the tenant.
    /// </summary>
    [Parameter]
    [NotEmpty]
    public string? Authority { get; set; }

    /// <summary>The kind of authority; by default its address tells.</summary>
    [Parameter]
    public AuthorityType? AuthorityType { get; set; }

    /// <summary>The region of Azure whose token service answers applications, or <c>auto</c>.</summary>
    [Parameter]
    [NotEmpty]
    public string? AzureRegion { get; set; }

    /// <summary>Application (client) id.</summary>
    [Parameter]
    [Alias("AppId", "ApplicationId")]
    [NotEmpty]
    public string? ClientId { get; set; }

    /// <summary>Signature algorithm of the client assertion.</summary>
    [Parameter]
    public AssertionAlgorithm Algorithm { get; set; } = AssertionAlgorithm.Auto;

    /// <summary>How long the client assertion is valid after it is signed; nine minutes by default.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan? AssertionLifetime { get; set; }

    private static string Product =>
        $"GraphToken.PowerShell/{typeof(ClientCommand).Assembly.GetName().Version.ToString(3)}";

    /// <summary>A client builder for a source that needs no application, with the cloud of these parameters.</summary>
    private protected TokenClientBuilder CloudBuilder(TokenClientBuilder source)
    {
        TokenClientBuilder builder = source.WithProduct(Product).WithSharedCache();
        return Environment is NationalCloud cloud ? builder.WithCloud(cloud) : builder;
    }

    /// <summary>A client builder with the values of these parameters.</summary>
    private protected TokenClientBuilder ClientBuilder(string? clientId, ClientCredential? credential)
    {
        TokenClientBuilder builder = TokenClient.Builder(RequiredTenant(), RequiredClientId(clientId))
            .WithProduct(Product)
            .WithAlgorithm(Algorithm)
            .WithCertificateChain(SendCertificateChain)
            .WithSharedCache();
        builder = credential == null ? builder : builder.WithCredential(credential);
        builder = Environment is NationalCloud cloud ? builder.WithCloud(cloud) : builder;
        builder = Authority == null ? builder : builder.WithAuthority(Authority);
        builder = AuthorityType is AuthorityType type ? builder.WithAuthorityType(type) : builder;
        builder = AzureRegion == null ? builder : builder.WithAzureRegion(AzureRegion);
        return AssertionLifetime is TimeSpan lifetime ? builder.WithAssertionLifetime(lifetime) : builder;
    }

    /// <summary>The tenant where no parameter names one.</summary>
    private protected virtual string? DefaultTenantId => null;

    /// <summary>The application where no parameter names one.</summary>
    private protected virtual string? DefaultClientId => null;

    /// <summary>What to do where no parameter names the application.</summary>
    private protected virtual string ClientIdHint =>
        "Add -ClientId with the Application (client) ID from the app registration's overview page.";

    private string RequiredTenant() => TenantId ?? (Authority != null ? "" : DefaultTenantId ?? throw TokenError.InvalidArgument(
        "No tenant was given: both -TenantId and -Authority are missing.",
        "Add -TenantId with the tenant's id or domain name, such as contoso.onmicrosoft.com."));

    private string RequiredClientId(string? clientId) => clientId ?? DefaultClientId ?? throw TokenError.InvalidArgument(
        "No application was given: -ClientId is missing.", ClientIdHint);
}
