using System.Collections;

namespace GraphToken.Tests;

/// <summary>No error of any kind shows a secret, whatever the call was given.</summary>
public sealed class ErrorSecrecyTests(Emulator emulator, TlsEmulator tls)
    : EmulatorTest(emulator), IClassFixture<TlsEmulator>
{
    private static readonly SecretSearch Search = MarkedSecrets.Search();

    /// <summary>The kinds that no call here fails as, and why.</summary>
    private static readonly Dictionary<GraphTokenErrorKind, string> Excepted = new(
    [
        new(GraphTokenErrorKind.NativeLibraryMismatch, "the library is looked for before any input is read"),
        .. OperatingSystem.IsWindows()
            ? [new(GraphTokenErrorKind.CacheProtectionUnavailable, "every account of Windows has a protection")]
            : (KeyValuePair<GraphTokenErrorKind, string>[])[],
    ]);

    public static TheoryData<GraphTokenErrorKind> Kinds =>
        new(Enum.GetValues<GraphTokenErrorKind>().Except(Excepted.Keys));

    private IEnumerable<FailingCall> Calls =>
    [
        .. MistakenCalls.All(Emulator), .. CertificateCalls.All(Emulator), .. NetworkCalls.All(Emulator, tls),
        .. ServiceCalls.All(Emulator), .. CacheCalls.All(Emulator),
    ];

    [Theory]
    [MemberData(nameof(Kinds))]
    public void NoErrorShowsASecret(GraphTokenErrorKind kind) => Assert.All(
        Calls.Where(call => call.Kind == kind),
        call =>
        {
            Emulator.Forget();
            GraphTokenException error = Assert.Throws<GraphTokenException>(call.Run);
            Assert.True(error.Kind == kind, $"{call.What} is {error.Kind}: {error}");
            Search.AssertHidden(TextOf(error) + TextOf(error.ForPowerShell()), call.What);
        });

    [Fact]
    public void EveryKindIsOfACallOrExcepted() => Assert.Equal(
        Enum.GetValues<GraphTokenErrorKind>(),
        Calls.Select(call => call.Kind).Distinct().Concat(Excepted.Keys).Order());

    /// <summary>The texts of all properties, and that of the exception with those behind it.</summary>
    private static string TextOf(GraphTokenException error) => string.Join(
        '\n',
        [
            $"{error}",
            .. typeof(GraphTokenException).GetProperties().Select(property => $"{property.GetValue(error)}"),
            .. error.Data.Cast<DictionaryEntry>().Select(entry => $"{entry.Key}: {entry.Value}"),
        ]);
}
