using System;
using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.PowerShell;

/// <summary>The parameters that say where, who and with which certificate.</summary>
public abstract class ClientCommand : TokenCommand
{
    /// <summary>Tenant as GUID, domain name, or whole authority URL.</summary>
    [Parameter]
    [Alias("Tenant", "TenantName")]
    [ValidateNotNullOrEmpty]
    public string? TenantId { get; set; }

    /// <summary>The national cloud; the global one by default.</summary>
    [Parameter]
    [CloudArgument]
    public NationalCloud? Environment { get; set; }

    /// <summary>Authority for what <see cref="Environment"/> does not name: its base, or with the tenant.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Authority { get; set; }

    /// <summary>Application (client) id.</summary>
    [Parameter]
    [Alias("AppId", "ApplicationId")]
    [ValidateNotNullOrEmpty]
    public string? ClientId { get; set; }

    /// <summary>The application's certificate; its private key signs where it is and need not be exportable.</summary>
    [Parameter(ValueFromPipeline = true)]
    [ValidateNotNull]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Thumbprint (SHA-1 or SHA-256) of a certificate in a store of the user or the machine.</summary>
    [Parameter]
    [Alias("Thumbprint")]
    [ValidateNotNullOrEmpty]
    public string? CertificateThumbprint { get; set; }

    /// <summary>Subject or common name of a certificate in a store; the newest valid one is taken.</summary>
    [Parameter]
    [Alias("CertificateName", "CertificateSubject")]
    [ValidateNotNullOrEmpty]
    public string? CertificateSubjectName { get; set; }

    /// <summary>Literal path of a PEM or PFX file with the application's certificate.</summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "LiteralPath")]
    [ValidateNotNullOrEmpty]
    public string? CertificatePath { get; set; }

    /// <summary>Password of the PFX file or of the encrypted private key.</summary>
    [Parameter]
    [SecretArgument]
    [ValidateNotNull]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>Literal path of the private key when <see cref="CertificatePath"/> does not hold it.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? PrivateKeyPath { get; set; }

    /// <summary>Sends the certificate with its chain in the assertion (<c>x5c</c>).</summary>
    [Parameter]
    [Alias("SendX5C")]
    public SwitchParameter SendCertificateChain { get; set; }

    /// <summary>Signature algorithm of the client assertion.</summary>
    [Parameter]
    public AssertionAlgorithm Algorithm { get; set; } = AssertionAlgorithm.Auto;

    /// <summary>How long the client assertion is valid; ten minutes by default.</summary>
    [Parameter]
    [DurationArgument]
    public TimeSpan? AssertionLifetime { get; set; }

    /// <summary>Whether one of the certificate parameters is given.</summary>
    private protected bool HasCertificate =>
        Certificate != null || CertificateThumbprint != null || CertificateSubjectName != null || FilePath != null;

    // A certificate of the drive Cert: comes by pipeline with its own path, which is no file.
    private string? FilePath =>
        Certificate != null && CertificatePath?.Contains(@"\Certificate::") == true ? null : CertificatePath;

    /// <summary>Allows one proof of the application: a certificate, or one of the other proofs of a command.</summary>
    private protected void RefuseProofConflicts(params (string Name, bool Given)[] otherProofs)
    {
        (string, bool) path = (nameof(CertificatePath), FilePath != null);
        ExclusiveParameters.AllowOneOf(
        [
            (nameof(Certificate), Certificate != null),
            (nameof(CertificateThumbprint), CertificateThumbprint != null),
            (nameof(CertificateSubjectName), CertificateSubjectName != null),
            path,
            .. otherProofs,
        ]);
        ExclusiveParameters.Require((nameof(CertificatePassword), CertificatePassword != null), path);
        ExclusiveParameters.Require((nameof(PrivateKeyPath), PrivateKeyPath != null), path);
    }

    /// <summary>A credential from the certificate parameters, after saying what is doubtful about it.</summary>
    private protected ClientCredential CertificateCredential()
    {
        using ClientCertificate certificate = OpenCertificate();
        WriteVerbose(
            $"Certificate {certificate.Subject}, thumbprint {certificate.Thumbprint}, " +
            $"RSA {certificate.KeyBits} bits, valid until {certificate.NotAfter.UtcDateTime:u}.");
        if (certificate.Warning is string warning)
        {
            WriteWarning(warning);
        }
        return ClientCredential.FromCertificate(certificate);
    }

    /// <summary>A client builder with everything these parameters say.</summary>
    private protected TokenClientBuilder ClientBuilder(string? clientId, ClientCredential? credential)
    {
        TokenClientBuilder builder = TokenClient.Builder(RequiredTenant(), RequiredClientId(clientId))
            .WithProduct($"GraphToken.PowerShell/{typeof(ClientCommand).Assembly.GetName().Version.ToString(3)}")
            .WithAlgorithm(Algorithm)
            .WithCertificateChain(SendCertificateChain)
            .WithSharedCache();
        builder = credential == null ? builder : builder.WithCredential(credential);
        builder = Environment is NationalCloud cloud ? builder.WithCloud(cloud) : builder;
        builder = Authority == null ? builder : builder.WithAuthority(Authority);
        return AssertionLifetime is TimeSpan lifetime ? builder.WithAssertionLifetime(lifetime) : builder;
    }

    private string RequiredTenant() => TenantId ?? (Authority != null ? "" : throw TokenError.InvalidArgument(
        "No tenant is named: neither -TenantId nor -Authority is given.",
        "Add -TenantId with the tenant's id or domain name, such as contoso.onmicrosoft.com."));

    private static string RequiredClientId(string? clientId) => clientId ?? throw TokenError.InvalidArgument(
        "No application is named: -ClientId is not given.",
        "Add -ClientId with the Application (client) ID from the app registration's overview page.");

    private ClientCertificate OpenCertificate()
    {
        if (Certificate != null)
        {
            return ClientCertificate.FromX509(Certificate, findIssuers: SendCertificateChain);
        }
        if (CertificateThumbprint != null)
        {
            return ClientCertificate.FromThumbprint(CertificateThumbprint, findIssuers: SendCertificateChain);
        }
        return CertificateSubjectName != null
            ? ClientCertificate.FromSubjectName(CertificateSubjectName, findIssuers: SendCertificateChain)
            : FromFile(CertificatePath!);
    }

    private ClientCertificate FromFile(string path) => ClientCertificate.FromFile(
        LiteralPath.FileOf(path, nameof(CertificatePath), SessionState),
        CertificatePassword,
        PrivateKeyPath == null ? null : LiteralPath.FileOf(PrivateKeyPath, nameof(PrivateKeyPath), SessionState));
}
