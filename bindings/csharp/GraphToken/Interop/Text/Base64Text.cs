using System;
using System.Security;

namespace GraphToken;

/// <summary>Bytes as text in Base64 (RFC 4648 section 4).</summary>
internal static class Base64Text
{
    /// <summary>Secret bytes whose array is overwritten.</summary>
    internal static SecureString OfSecret(byte[] secret, string name)
    {
        if (secret == null)
        {
            throw new ArgumentNullException(name);
        }
        // Every three bytes, also when there are fewer of them at the end, make four characters.
        var characters = new char[(secret.Length + 2) / 3 * 4];
        try
        {
            int length = Convert.ToBase64CharArray(secret, 0, secret.Length, characters, 0);
            var text = new SecureString();
            for (int index = 0; index < length; index++)
            {
                text.AppendChar(characters[index]);
            }
            text.MakeReadOnly();
            return text;
        }
        finally
        {
            Array.Clear(characters, 0, characters.Length);
            Array.Clear(secret, 0, secret.Length);
        }
    }
}
