using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Signs a client assertion with the key of the application's certificate, and sends nothing.
/// </summary>
[Cmdlet(VerbsCommon.New, "GraphClientAssertion")]
[OutputType(typeof(string))]
public sealed class NewGraphClientAssertionCommand : ClientCommand
{
    /// <summary>Audience of the assertion; by default the token endpoint.</summary>
    [Parameter]
    [NotEmpty]
    public string? Audience { get; set; }

    private protected override void Run(CancellationToken stop)
    {
        RefuseCertificateConflicts();
        OneTimeWarning.PlainTextSecret.WriteWhen(IsSecretPlainText, this);
        if (!HasCertificate)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CredentialMissing,
                "No certificate was given to sign the client assertion with.",
                "Add -Certificate, -CertificateThumbprint, -CertificateSubjectName, -CertificatePath, " +
                "-CertificateBytes, -CertificateBase64 or -Pkcs11Module.");
        }
        using ClientCredential credential = CertificateCredential();
        TokenClientBuilder builder = ClientBuilder(ClientId, credential);
        using TokenClient client = (Audience == null ? builder : builder.WithAssertionAudience(Audience)).Build();
        WriteObject(client.CreateAssertion(stop));
    }
}
