using System;
using System.Management.Automation;
using System.Security;

namespace GraphToken.PowerShell;

/// <summary>The credentials of the application other than certificates.</summary>
public abstract class ApplicationCommand : NetworkCommand
{
    /// <summary>The application's client secret.</summary>
    [Parameter]
    [SecretArgument]
    [NotEmpty]
    public SecureString? ClientSecret { get; set; }

    /// <summary>Application id as user name, client secret as password.</summary>
    [Parameter]
    [CredentialArgument]
    [NotEmpty]
    public PSCredential? ClientSecretCredential { get; set; }

    /// <summary>A client assertion that was signed elsewhere.</summary>
    [Parameter]
    [SecretArgument(AllowsText = true)]
    [NotEmpty]
    public SecureString? ClientAssertion { get; set; }

    private protected override bool IsSecretPlainText =>
        base.IsSecretPlainText || SecretArgumentAttribute.WasText(ClientSecret);

    /// <summary>Refuses parameters that exclude each other, and empty credentials.</summary>
    private protected void RefuseApplicationConflicts()
    {
        RefuseCertificateConflicts(
            (nameof(ClientSecret), ClientSecret != null),
            (nameof(ClientSecretCredential), ClientSecretCredential != null),
            (nameof(ClientAssertion), ClientAssertion != null));
        RefuseProxyConflicts();
        RefuseEmpty(ClientSecretCredential, nameof(ClientSecretCredential));
    }

    /// <summary>The application's credential; <see langword="null"/> for a public client.</summary>
    private protected ClientCredential? ApplicationCredential()
    {
        if (HasCertificate)
        {
            return CertificateCredential();
        }
        if ((ClientSecret ?? ClientSecretCredential?.Password) is SecureString secret)
        {
            return ClientCredential.FromSecret(secret);
        }
        return ClientAssertion == null ? null : ClientCredential.FromAssertion(ClientAssertion);
    }

    /// <summary>A client builder with the values of these parameters.</summary>
    private protected TokenClientBuilder ApplicationBuilder(ClientCredential? credential) =>
        NetworkBuilder(EffectiveClientId(), credential);

    private string? EffectiveClientId()
    {
        string? userName = ClientSecretCredential?.UserName;
        if (ClientId != null && userName != null &&
            !PastedText.Id(ClientId).Equals(PastedText.Id(userName), StringComparison.OrdinalIgnoreCase))
        {
            throw TokenError.InvalidArgument(
                "-ClientId and the user name of -ClientSecretCredential differ.",
                "Leave out -ClientId: the user name of -ClientSecretCredential is the client id.");
        }
        return ClientId ?? userName;
    }
}
