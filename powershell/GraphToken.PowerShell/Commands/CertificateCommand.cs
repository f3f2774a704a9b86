using System.Management.Automation;
using System.Security;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken.PowerShell;

/// <summary>The parameters that name a certificate: an object, one in a store, a file or its content, or a key on a
/// token.</summary>
public abstract class CertificateCommand : TokenCommand
{
    /// <summary>The application's certificate; its private key signs where it is and need not be exportable.</summary>
    [Parameter(ValueFromPipeline = true)]
    [CertificateArgument]
    [NotEmpty]
    public X509Certificate2? Certificate { get; set; }

    /// <summary>Thumbprint (SHA-1 or SHA-256) of a certificate in a store of the user or the machine.</summary>
    [Parameter]
    [Alias("Thumbprint")]
    [NotEmpty]
    public string? CertificateThumbprint { get; set; }

    /// <summary>Subject or common name of a certificate in a store; the newest valid one is taken.</summary>
    [Parameter]
    [Alias("CertificateName", "CertificateSubject")]
    [NotEmpty]
    public string? CertificateSubjectName { get; set; }

    /// <summary>
    /// Literal path of a PEM or PFX file with the application's certificate, or of a certificate in the drive Cert:.
    /// </summary>
    [Parameter(ValueFromPipelineByPropertyName = true)]
    [Alias("FullName", "PSPath", "LiteralPath")]
    [NotEmpty]
    public string? CertificatePath { get; set; }

    /// <summary>The content of a PEM or PFX file with the application's certificate and private key.</summary>
    [Parameter]
    [CertificateContentArgument]
    [NotEmpty]
    public byte[]? CertificateBytes { get; set; }

    /// <summary>The content of such a file in Base64, as secret stores return it, or the PEM text itself.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? CertificateBase64 { get; set; }

    /// <summary>Password of the PFX file or of the encrypted private key.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? CertificatePassword { get; set; }

    /// <summary>Literal path of the private key when <see cref="CertificatePath"/> does not hold it.</summary>
    [Parameter]
    [NotEmpty]
    public string? PrivateKeyPath { get; set; }

    /// <summary>Literal path of the PKCS#11 module of the token that holds the private key.</summary>
    [Parameter]
    [NotEmpty]
    public string? Pkcs11Module { get; set; }

    /// <summary>Which token and which object on it are meant (RFC 7512).</summary>
    [Parameter]
    [NotEmpty]
    public string? Pkcs11Uri { get; set; }

    /// <summary>The user's PIN of the token.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? Pkcs11Pin { get; set; }

    /// <summary>Sends the certificate with its chain in the assertion (<c>x5c</c>).</summary>
    [Parameter]
    [Alias("SendX5C")]
    public SwitchParameter SendCertificateChain { get; set; }

    /// <summary>Whether one of the certificate parameters is given.</summary>
    private protected bool HasCertificate =>
        Certificate != null || CertificateThumbprint != null || CertificateSubjectName != null || FilePath != null ||
        CertificateBytes != null || CertificateBase64 != null || Pkcs11Module != null;

    /// <summary>Whether a secret of these parameters was given as plain text.</summary>
    private protected virtual bool IsSecretPlainText =>
        SecretArgumentAttribute.WasText(CertificatePassword) || SecretArgumentAttribute.WasText(CertificateBase64) ||
        SecretArgumentAttribute.WasText(Pkcs11Pin);

    // A certificate of the drive Cert: comes by pipeline with its own path, which is no file.
    private string? FilePath =>
        Certificate != null && CertificatePath?.Contains(@"\Certificate::") == true ? null : CertificatePath;

    /// <summary>
    /// Allows one credential of the application: a certificate, or one of the other credentials of a command.
    /// </summary>
    private protected void RefuseCertificateConflicts(params (string Name, bool Given)[] otherCredentials)
    {
        (string, bool) path = (nameof(CertificatePath), FilePath != null);
        (string, bool) bytes = (nameof(CertificateBytes), CertificateBytes != null);
        (string, bool) base64 = (nameof(CertificateBase64), CertificateBase64 != null);
        (string, bool) module = (nameof(Pkcs11Module), Pkcs11Module != null);
        (string, bool) password = (nameof(CertificatePassword), CertificatePassword != null);
        (string, bool) privateKey = (nameof(PrivateKeyPath), PrivateKeyPath != null);
        ExclusiveParameters.AllowOneOf(
        [
            (nameof(Certificate), Certificate != null),
            (nameof(CertificateThumbprint), CertificateThumbprint != null),
            (nameof(CertificateSubjectName), CertificateSubjectName != null),
            // Beside a module the file holds the certificate, and the token the key.
            Pkcs11Module == null ? path : module,
            bytes,
            base64,
            .. otherCredentials,
        ]);
        ExclusiveParameters.Require(password, path, bytes, base64);
        ExclusiveParameters.Require(privateKey, path);
        ExclusiveParameters.AllowOneOf(password, module);
        ExclusiveParameters.AllowOneOf(privateKey, module);
        ExclusiveParameters.Require((nameof(Pkcs11Uri), Pkcs11Uri != null), module);
        ExclusiveParameters.Require((nameof(Pkcs11Pin), Pkcs11Pin != null), module);
    }

    /// <summary>A credential from the certificate parameters. Warns about an invalid certificate.</summary>
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
        if (CertificateSubjectName != null)
        {
            return ClientCertificate.FromSubjectName(CertificateSubjectName, findIssuers: SendCertificateChain);
        }
        if (CertificateBytes != null)
        {
            return ClientCertificate.FromBytes(CertificateBytes, null, CertificatePassword);
        }
        if (CertificateBase64 != null)
        {
            return ClientCertificate.FromBase64(CertificateBase64, CertificatePassword);
        }
        return Pkcs11Module == null ? FromPath(CertificatePath!) : FromToken(Pkcs11Module);
    }

    private ClientCertificate FromPath(string path)
    {
        if (!StorePath.IsOne(path))
        {
            return ClientCertificate.FromFile(
                FileOf(path, nameof(CertificatePath)),
                CertificatePassword,
                PrivateKeyPath == null ? null : FileOf(PrivateKeyPath, nameof(PrivateKeyPath)));
        }
        return PrivateKeyPath == null
            ? ClientCertificate.FromThumbprint(path, findIssuers: SendCertificateChain)
            : throw TokenError.InvalidArgument(
                "-PrivateKeyPath was given for a certificate of a store, which has its private key there.",
                "Leave out -PrivateKeyPath.");
    }

    private ClientCertificate FromToken(string module) => ClientCertificate.FromPkcs11(
        FileOf(module, nameof(Pkcs11Module)),
        Pkcs11Pin,
        Pkcs11Uri,
        FilePath == null ? null : CertificateFile.Read(FileOf(FilePath, nameof(CertificatePath))));
}
