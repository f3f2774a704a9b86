using Xunit.Sdk;
using Xunit.v3;

[assembly: Parallelization(Mode = ParallelMode.None)]
[assembly: AssemblyFixture(typeof(GraphToken.PowerShell.Tests.Stage))]

namespace GraphToken.PowerShell.Tests;

/// <summary>What all tests share: the emulators, each started when first needed.</summary>
public sealed class Stage : IDisposable
{
    private readonly Lazy<Emulator> _plain = new(() => new Emulator());
    private readonly Lazy<Emulator> _shortLived = new(() => new Emulator("--token-lifetime", "120"));
    private readonly Lazy<WorkloadEmulator> _workload = new(() => new WorkloadEmulator());
    private readonly Lazy<TlsEmulator> _tls = new(() => new TlsEmulator());

    /// <summary>Tokens of an hour.</summary>
    internal Emulator Plain => Fresh(_plain);

    /// <summary>Tokens of two minutes, which are always about to expire.</summary>
    internal Emulator ShortLived => Fresh(_shortLived);

    /// <summary>With a workload, and as the token service of GitHub Actions and Azure Pipelines.</summary>
    internal WorkloadEmulator Workload => Fresh(_workload);

    /// <summary>Over TLS, with a certificate that only <see cref="TrustedCertificates"/> vouches for.</summary>
    internal Emulator Tls => Fresh(_tls);

    internal string TrustedCertificates => _tls.Value.AuthorityFile;

    /// <inheritdoc/>
    public void Dispose()
    {
        End(_plain);
        End(_shortLived);
        End(_workload);
        End(_tls);
    }

    private static T Fresh<T>(Lazy<T> emulator)
        where T : Emulator
    {
        emulator.Value.Forget();
        return emulator.Value;
    }

    private static void End<T>(Lazy<T> emulator)
        where T : Emulator
    {
        if (emulator.IsValueCreated)
        {
            emulator.Value.Dispose();
        }
    }
}
