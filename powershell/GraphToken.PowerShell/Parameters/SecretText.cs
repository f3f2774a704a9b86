using System.Security;

namespace GraphToken.PowerShell;

/// <summary>Plain text that is a secret.</summary>
internal static class SecretText
{
    /// <summary>A read-only copy of the text. The text itself stays in memory until it is collected.</summary>
    internal static SecureString Of(string text)
    {
        var secret = new SecureString();
        foreach (char character in text)
        {
            secret.AppendChar(character);
        }
        secret.MakeReadOnly();
        return secret;
    }
}
