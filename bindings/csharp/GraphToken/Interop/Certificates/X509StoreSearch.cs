using System;
using System.Collections.Generic;
using System.Security;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace GraphToken;

/// <summary>Finds one certificate in the user's and the machine's store of own certificates.</summary>
internal sealed class X509StoreSearch : IDisposable
{
    private readonly CertificateSearchHandle _search;
    private readonly List<X509Certificate2> _found = [];

    /// <summary>Reads both stores. The handle belongs to this object from now on.</summary>
    internal X509StoreSearch(CertificateSearchHandle search)
    {
        _search = search;
        try
        {
            Read(StoreLocation.CurrentUser);
            Read(StoreLocation.LocalMachine);
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <summary>What <paramref name="open"/> makes of the chosen certificate and its key.</summary>
    internal ClientCertificate Open(Func<X509Certificate2, ClientCertificate> open)
    {
        int index = _search.Choose();
        try
        {
            return open(_found[index]);
        }
        catch (GraphTokenException error) when (
            error.Kind == GraphTokenErrorKind.PrivateKeyInaccessible && error.InnerException != null)
        {
            _search.ThrowKeyRefused(index, error.InnerException);
            throw;
        }
    }

    /// <summary>Frees every certificate that was found.</summary>
    public void Dispose()
    {
        _found.ForEach(certificate => certificate.Dispose());
        _search.Dispose();
    }

    private void Read(StoreLocation location)
    {
        string place = $"{location}\\My";
        try
        {
            using var store = new X509Store(StoreName.My, location);
            store.Open(OpenFlags.ReadOnly | OpenFlags.OpenExistingOnly);
            foreach (X509Certificate2 certificate in store.Certificates)
            {
                _found.Add(certificate);
                _search.Add(place, certificate);
            }
            _search.Searched(place);
        }
        catch (Exception error) when (
            error is CryptographicException or SecurityException or PlatformNotSupportedException)
        {
            // The stores that can be read decide; the error of a search without a result tells this one.
            _search.Searched(place, error.Message);
        }
    }
}
