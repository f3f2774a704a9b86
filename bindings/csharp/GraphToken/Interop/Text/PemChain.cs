using System;
using System.Security.Cryptography.X509Certificates;
using System.Text;

namespace GraphToken;

/// <summary>A certificate and those that issued it as PEM text (RFC 7468 section 5), leaf first.</summary>
internal static class PemChain
{
    internal static string Of(X509Certificate2 leaf, X509Certificate2Collection? chain)
    {
        var text = new StringBuilder();
        Append(text, leaf);
        foreach (X509Certificate2 issuer in chain ?? [])
        {
            if (!issuer.Equals(leaf))
            {
                Append(text, issuer);
            }
        }
        return text.ToString();
    }

    private static void Append(StringBuilder text, X509Certificate2 certificate) => text
        .Append("-----BEGIN CERTIFICATE-----\n")
        .Append(Convert.ToBase64String(certificate.RawData, Base64FormattingOptions.InsertLineBreaks).Replace("\r", ""))
        .Append("\n-----END CERTIFICATE-----\n");
}
