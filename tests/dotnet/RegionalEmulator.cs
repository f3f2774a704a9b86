namespace GraphToken.Tests;

/// <summary>
/// An entra-emulator that is its own proxy, and serves hosts of Microsoft by their names: a region of the worldwide cloud,
/// an external tenant and a B2C tenant, but not the worldwide cloud itself.
/// </summary>
public sealed class RegionalEmulator : Emulator
{
    internal const string Region = "westeurope";
    internal const string External = "https://contoso.ciamlogin.com";
    internal const string UserFlow = "https://contoso.b2clogin.com/contoso.onmicrosoft.com/B2C_1_SignIn";

    /// <summary>Starts it.</summary>
    public RegionalEmulator()
        : this(TestFolder.Combine($"ca-{Guid.NewGuid():N}.pem"))
    {
    }

    private RegionalEmulator(string authorityFile)
        : base(
            "--tls", "--ca-out", authorityFile, "--authority", "https://login.microsoftonline.com",
            "--tls-name", $"{Region}.login.microsoft.com", "--tls-name", "contoso.ciamlogin.com",
            "--tls-name", "contoso.b2clogin.com") => AuthorityFile = authorityFile;

    /// <summary>PEM with the authority's certificate.</summary>
    internal string AuthorityFile { get; }

    /// <summary>Its address as a proxy.</summary>
    internal string Proxy => Address.Replace("https:", "http:", StringComparison.Ordinal);
}
