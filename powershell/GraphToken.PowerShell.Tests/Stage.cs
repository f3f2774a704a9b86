using Xunit;
using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(GraphToken.PowerShell.Tests.Stage))]

namespace GraphToken.PowerShell.Tests;

/// <summary>What all tests share: the certificate files and the emulators, each started when first needed.</summary>
public sealed class Stage : IDisposable
{
    private readonly Lazy<Emulator> _plain;
    private readonly Lazy<Emulator> _shortLived;
    private readonly Lazy<Emulator> _tls;

    /// <summary>Prepares; starts nothing.</summary>
    public Stage()
    {
        TrustedCertificates = Folder.Combine("ca.pem");
        _plain = new(() => new Emulator(Folder));
        _shortLived = new(() => new Emulator(Folder, "--token-lifetime", "120"));
        _tls = new(() => new Emulator(Folder, "--tls", "--ca-out", TrustedCertificates));
    }

    internal TestFolder Folder { get; } = new();

    /// <summary>Tokens of an hour.</summary>
    internal Emulator Plain => Fresh(_plain);

    /// <summary>Tokens of two minutes, which are always about to expire.</summary>
    internal Emulator ShortLived => Fresh(_shortLived);

    /// <summary>Over TLS, with a certificate that only <see cref="TrustedCertificates"/> vouches for.</summary>
    internal Emulator Tls => Fresh(_tls);

    internal string TrustedCertificates { get; }

    /// <inheritdoc/>
    public void Dispose()
    {
        Lazy<Emulator>[] emulators = [_plain, _shortLived, _tls];
        foreach (Lazy<Emulator> started in emulators.Where(emulator => emulator.IsValueCreated))
        {
            started.Value.Dispose();
        }
        Folder.Dispose();
    }

    private static Emulator Fresh(Lazy<Emulator> emulator)
    {
        emulator.Value.Forget();
        return emulator.Value;
    }
}
