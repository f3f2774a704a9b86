using System.Text;

namespace GraphToken.Tests;

/// <summary>
/// A secret for each input that is one, beside those of <see cref="Emulator"/> and <see cref="TestFolder"/>. None has a
/// part in common with another or with any other text.
/// </summary>
internal static class MarkedSecrets
{
    internal const string ProxyPassword = "vK6$pYd2Hb<S&5+t \"Mf%8/Wg'4@cN=x";
    internal const string RedisPassword = "zD9$hGm7Qj<L&3+r \"Vt%2/Fs'6@bX=k";
    internal const string Pin = "fT4$wNb8Rk<H&2+c \"Js%6/Qm'7@dP=y";
    internal const string WrongPassword = "yC2$jLs5Xv<P&8+d \"Tk%3/Zh'9@nF=q";
    internal const string RefreshToken = "rB7$tHq3Wn<G&6+k \"Cz%9/Jd'5@mV=s";
    internal const string Assertion = "xG5$nVc9Lp<D&7+jY\"Rw%4/Hk'8@tB=m";
    internal const string WrongSecret = "kS8$dZf6Tg<B&9+v \"Nh%7/Xc'2@pJ=w";

    /// <summary>A token cache file that ends in the middle of a token, as after a full disk.</summary>
    internal const string CutOffCacheFile =
        $$"""{"RefreshToken":{"one":{"home_account_id":"1.2","secret":"{{RefreshToken}}""";

    /// <summary>Encrypts tokens for other processes: 32 characters, so that its bytes can be recognised too.</summary>
    private const string CacheKeyText = "qW3$bJt5Vs<C&4+n-Gd%2/Pz'9@hK=fL";

    internal static string CacheKey { get; } = Convert.ToBase64String(Encoding.ASCII.GetBytes(CacheKeyText));

    /// <summary>A proxy's URL with user and password.</summary>
    internal static string ProxyUrl(string hostAndPort) =>
        $"http://proxy%20user:{Uri.EscapeDataString(ProxyPassword)}@{hostAndPort}";

    /// <summary>Looks for all of them, for the application's key, and for others.</summary>
    internal static SecretSearch Search(params IEnumerable<string> others) => new(
    [
        Emulator.ClientSecret, Emulator.Password, TestFolder.FilePassword, ProxyPassword, RedisPassword, Pin,
        WrongPassword, RefreshToken, Assertion, WrongSecret, CacheKeyText, CacheKey, .. KeyTexts(), .. others,
    ]);

    /// <summary>The application's key as a file has it, without what is public, and as numbers.</summary>
    private static IEnumerable<string> KeyTexts()
    {
        byte[] exponent = TestFolder.Key.ExportParameters(includePrivateParameters: true).D!;
        // The first lines hold the modulus; the last one may be short.
        return
        [
            .. TestFolder.Key.ExportPkcs8PrivateKeyPem().Split('\n')[8..^2],
            Convert.ToHexString(exponent), Convert.ToHexStringLower(exponent),
        ];
    }
}
