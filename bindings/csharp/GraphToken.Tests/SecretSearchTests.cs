using System.Buffers.Text;
using System.Net;
using System.Text;
using System.Text.Json;

namespace GraphToken.Tests;

/// <summary>The search that the tests for secrecy rely on finds what it should, and nothing else.</summary>
public sealed class SecretSearchTests
{
    private const string Marked = "mQ7$xRw4Zc<K&9+w \"Zp%4/Tb'8@vR2uY";

    public static TheoryData<string> Betrayals =>
    [
        $"you sent {Marked}, no",
        "you sent mQ7$xRw4, no",
        "you sent \u201cm Q7$\nxRw4Zc\u201d",
        Each(value => $"%{value:X2}"),
        Each(value => $"%{value:x2}"),
        Each(value => $"&#{value};"),
        Each(value => $"&#x{value:X};"),
        Each(value => $"\\u{value:x4}"),
        Each(value => $"{value:x2}"),
        "f" + Each(value => $"{value:X2}"),
        Each(value => $"{(char)value}\u200b"),
        "mQ7$xRw4Zc&lt;K&amp;9+w",
        "you sent=Zc%3CK%269%2Bw+%22Zp&",
        $"[{string.Join(", ", Bytes(Marked))}]",
        WebUtility.UrlEncode(Marked)!,
        WebUtility.HtmlEncode(Marked)!,
        JsonSerializer.Serialize(Marked),
        Convert.ToBase64String(Bytes(Marked)),
        Convert.ToBase64String(Bytes("x" + Marked)),
        Base64Url.EncodeToString(Bytes("xy" + Marked)),
    ];

    [Theory]
    [MemberData(nameof(Betrayals))]
    public void ASecretIsFoundWholeOrInPartAndInEachEncoding(string text) =>
        Assert.NotNull(new SecretSearch(Marked).PartIn(text));

    [Theory]
    [InlineData("you sent mQ7$xRw, no")]
    [InlineData("")]
    [InlineData("mQ7$-xRw4-Zc<K")]
    public void WhatIsNoPartOfASecretIsNotFound(string text) => Assert.Null(new SecretSearch(Marked).PartIn(text));

    private static string Each(Func<byte, string> form) => string.Concat(Bytes(Marked).Select(form));

    private static byte[] Bytes(string text) => Encoding.UTF8.GetBytes(text);
}
