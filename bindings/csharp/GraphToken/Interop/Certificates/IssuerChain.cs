using System;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken;

/// <summary>The certificates that issued another one, as far as this machine has them.</summary>
internal sealed class IssuerChain : IDisposable
{
    private readonly X509Chain _chain = new();

    /// <summary>Searches the stores of this machine, without waiting for the network.</summary>
    internal IssuerChain(X509Certificate2 certificate)
    {
        _chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
        // .NET Standard 2.0 cannot disable the download of issuers. This ends an attempt at once.
        _chain.ChainPolicy.UrlRetrievalTimeout = TimeSpan.FromMilliseconds(1);
        // Whether it is trusted or still valid is for the token service to decide.
        _chain.ChainPolicy.VerificationFlags = X509VerificationFlags.AllFlags;
        // Incomplete or not: what was found is found.
        _ = _chain.Build(certificate);
        foreach (X509ChainElement element in _chain.ChainElements)
        {
            Certificates.Add(element.Certificate);
        }
    }

    /// <summary>With the certificate itself first and the root last, when it was found. Disposed with this object.
    /// </summary>
    internal X509Certificate2Collection Certificates { get; } = [];

    /// <inheritdoc/>
    public void Dispose()
    {
        foreach (X509Certificate2 certificate in Certificates)
        {
            certificate.Dispose();
        }
        _chain.Dispose();
    }
}
