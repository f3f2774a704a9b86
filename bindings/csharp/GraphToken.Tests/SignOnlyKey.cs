using System.Security.Cryptography;

namespace GraphToken.Tests;

/// <summary>A key like one in hardware: it signs digests and gives nothing else away.</summary>
internal sealed class SignOnlyKey(Func<RSA, byte[], RSASignaturePadding, byte[]> sign) : RSA
{
    /// <summary>Signs with the application's key.</summary>
    internal SignOnlyKey()
        : this((key, digest, padding) => key.SignHash(digest, HashAlgorithmName.SHA256, padding))
    {
    }

    internal bool IsDisposed { get; private set; }

    /// <inheritdoc/>
    public override byte[] SignHash(byte[] hash, HashAlgorithmName hashAlgorithm, RSASignaturePadding padding)
    {
        Assert.Equal(HashAlgorithmName.SHA256, hashAlgorithm);
        Assert.Equal(32, hash.Length);
        return sign(TestFolder.Key, hash, padding);
    }

    /// <inheritdoc/>
    public override RSAParameters ExportParameters(bool includePrivateParameters) =>
        throw new CryptographicException("The key is not exportable.");

    /// <inheritdoc/>
    public override void ImportParameters(RSAParameters parameters) => throw new NotSupportedException();

    /// <inheritdoc/>
    protected override void Dispose(bool disposing) => IsDisposed = true;
}
