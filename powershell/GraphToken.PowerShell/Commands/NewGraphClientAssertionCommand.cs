using System.Management.Automation;
using System.Threading;

namespace GraphToken.PowerShell;

/// <summary>Signs a client assertion: the JWT by which an application proves that it holds its certificate's key.
/// </summary>
[Cmdlet(VerbsCommon.New, "GraphClientAssertion")]
[OutputType(typeof(string))]
public sealed class NewGraphClientAssertionCommand : ClientCommand
{
    /// <summary>Audience of the assertion; by default the token endpoint.</summary>
    [Parameter]
    [ValidateNotNullOrEmpty]
    public string? Audience { get; set; }

    private protected override void Run(CancellationToken stop)
    {
        RefuseProofConflicts();
        OneTimeWarning.PlainTextSecret.WriteWhen(SecretArgumentAttribute.WasText(CertificatePassword), this);
        if (!HasCertificate)
        {
            throw new GraphTokenException(
                GraphTokenErrorKind.CredentialMissing,
                "No certificate is given: a client assertion is signed with the key of one.",
                "Add -Certificate, -CertificateThumbprint, -CertificateSubjectName or -CertificatePath.");
        }
        using ClientCredential credential = CertificateCredential();
        TokenClientBuilder builder = ClientBuilder(ClientId, credential);
        using TokenClient client = (Audience == null ? builder : builder.WithAssertionAudience(Audience)).Build();
        WriteObject(client.CreateAssertion(stop));
    }
}
