using System.Net;
using System.Security;

namespace GraphToken.Tests;

/// <summary>Secrets in the form that the class library takes.</summary>
internal static class Secret
{
    internal static SecureString Of(string text) => new NetworkCredential("", text).SecurePassword;

    internal static string Reveal(SecureString secret) => new NetworkCredential("", secret).Password;
}
