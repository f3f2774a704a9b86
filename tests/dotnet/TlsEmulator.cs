namespace GraphToken.Tests;

/// <summary>An entra-emulator over HTTPS, with a certificate by an authority of its own.</summary>
public sealed class TlsEmulator : Emulator
{
    /// <summary>Starts it.</summary>
    public TlsEmulator()
        : this(TestFolder.Combine($"ca-{Guid.NewGuid():N}.pem"))
    {
    }

    private TlsEmulator(string authorityFile)
        : base("--tls", "--ca-out", authorityFile) => AuthorityFile = authorityFile;

    /// <summary>PEM with the authority's certificate.</summary>
    internal string AuthorityFile { get; }
}
