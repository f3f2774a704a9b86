using System;
using System.Linq;
using System.Security;
using System.Security.Cryptography;

namespace GraphToken;

/// <summary>What an exception of a key means to the engine.</summary>
internal static class SignerFailure
{
    private const int Unsupported = -1;

    // Windows error codes (winerror.h): NTE_PERM, NTE_BAD_KEYSET, NTE_SILENT_CONTEXT, E_ACCESSDENIED.
    private static readonly uint[] Denied = [0x80090010, 0x80090016, 0x80090022, 0x80070005];

    // SCARD_W_CANCELLED_BY_USER, and ERROR_CANCELLED as an HRESULT: the user closed the prompt for the PIN.
    private static readonly uint[] UserCancelled = [0x8010006E, 0x800704C7];

    /// <summary>The number that the signer callback returns.</summary>
    internal static int CodeOf(Exception error, RSASignaturePadding padding)
    {
        uint result = unchecked((uint)error.HResult);
        if (error is OperationCanceledException || UserCancelled.Contains(result))
        {
            return (int)GtStatus.Cancelled;
        }
        if (error is UnauthorizedAccessException or SecurityException || Denied.Contains(result))
        {
            return (int)GtStatus.PrivateKeyInaccessible;
        }
        // Key providers have no common way to say that they cannot do PSS. One that fails for another reason fails
        // again with the other padding.
        bool isRefusal = error is CryptographicException or NotSupportedException or NotImplementedException;
        return isRefusal && padding == RSASignaturePadding.Pss ? Unsupported : (int)GtStatus.SigningFailed;
    }
}
