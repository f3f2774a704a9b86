using System;
using System.Runtime.InteropServices;
using System.Security;
using System.Text;

namespace GraphToken;

/// <summary>
/// Text and bytes on their way into the native library and out of it. Going in, the copy in UTF-8 does not move in
/// memory and is overwritten when this is disposed.
/// </summary>
internal sealed unsafe class Utf8Text : IDisposable
{
    private static readonly UTF8Encoding Utf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    private readonly byte[]? _bytes;
    private readonly int _length;
    private GCHandle _pin;

    private Utf8Text()
    {
    }

    private Utf8Text(int length)
    {
        // One byte more: empty text needs an address, for NULL would mean that there is none.
        _bytes = new byte[length + 1];
        _length = length;
        _pin = GCHandle.Alloc(_bytes, GCHandleType.Pinned);
    }

    /// <summary>A text that is no secret; <see langword="null"/> for none. Errors call it <paramref name="name"/>.
    /// </summary>
    internal static Utf8Text Of(string? text, string name)
    {
        if (text == null)
        {
            return new Utf8Text();
        }
        fixed (char* characters = text)
        {
            return Encode(characters, text.Length, name);
        }
    }

    /// <summary>Bytes that stay as they are; <see langword="null"/> for none.</summary>
    internal static Utf8Text CopyOf(byte[]? bytes)
    {
        if (bytes == null)
        {
            return new Utf8Text();
        }
        var copy = new Utf8Text(bytes.Length);
        Array.Copy(bytes, copy._bytes, bytes.Length);
        return copy;
    }

    /// <summary>A secret.</summary>
    internal static Utf8Text OfSecret(SecureString secret, string name) =>
        OfOptionalSecret(secret ?? throw new ArgumentNullException(name), name);

    /// <summary>A secret; <see langword="null"/> for none.</summary>
    internal static Utf8Text OfOptionalSecret(SecureString? secret, string name)
    {
        if (secret == null)
        {
            return new Utf8Text();
        }
        IntPtr characters = Marshal.SecureStringToGlobalAllocUnicode(secret);
        try
        {
            return Encode((char*)characters, secret.Length, name);
        }
        finally
        {
            Marshal.ZeroFreeGlobalAllocUnicode(characters);
        }
    }

    /// <summary>A secret whose array is overwritten.</summary>
    internal static Utf8Text OfSecret(char[] secret, string name)
    {
        if (secret == null)
        {
            throw new ArgumentNullException(name);
        }
        try
        {
            fixed (char* characters = secret)
            {
                return Encode(characters, secret.Length, name);
            }
        }
        finally
        {
            Array.Clear(secret, 0, secret.Length);
        }
    }

    /// <summary>A secret in UTF-8 whose array is overwritten.</summary>
    internal static Utf8Text OfSecret(byte[] secret, string name)
    {
        if (secret == null)
        {
            throw new ArgumentNullException(name);
        }
        try
        {
            return CopyOf(secret);
        }
        finally
        {
            Array.Clear(secret, 0, secret.Length);
        }
    }

    /// <summary>A text of the native library as a string.</summary>
    internal static string Read(GtStr text) =>
        text.len == 0 ? "" : Encoding.UTF8.GetString((byte*)text.data, checked((int)text.len));

    /// <summary>A text of the native library as a read-only SecureString.</summary>
    internal static SecureString ReadSecret(GtStr text)
    {
        int length = checked((int)text.len);
        // A byte of UTF-8 never makes more than one UTF-16 character.
        var characters = new char[length + 1];
        GCHandle pin = GCHandle.Alloc(characters, GCHandleType.Pinned);
        try
        {
            var start = (char*)pin.AddrOfPinnedObject();
            int count = length == 0 ? 0 : Encoding.UTF8.GetChars((byte*)text.data, length, start, characters.Length);
            var secret = new SecureString(start, count);
            secret.MakeReadOnly();
            return secret;
        }
        finally
        {
            Array.Clear(characters, 0, characters.Length);
            pin.Free();
        }
    }

    /// <summary>A copy of a text of the native library.</summary>
    internal static byte[] ReadBytes(GtStr text)
    {
        var bytes = new byte[checked((int)text.len)];
        if (bytes.Length > 0)
        {
            Marshal.Copy(text.data, bytes, 0, bytes.Length);
        }
        return bytes;
    }

    /// <summary>The text as an argument of a native call, valid until this is disposed.</summary>
    internal GtStr Borrow() => _bytes == null
        ? default
        : new GtStr { data = _pin.AddrOfPinnedObject(), len = (ulong)_length };

    /// <summary>Writes the bytes to an address that has room for them.</summary>
    internal void CopyTo(IntPtr place)
    {
        if (_bytes != null)
        {
            Marshal.Copy(_bytes, 0, place, _length);
        }
    }

    public void Dispose()
    {
        if (_bytes != null && _pin.IsAllocated)
        {
            Array.Clear(_bytes, 0, _bytes.Length);
            _pin.Free();
        }
    }

    private static Utf8Text Encode(char* characters, int count, string name)
    {
        if (count == 0)
        {
            return new Utf8Text(0);
        }
        int length;
        try
        {
            length = Utf8.GetByteCount(characters, count);
        }
        catch (EncoderFallbackException)
        {
            // Not passed on as the inner exception: it quotes a part of what may be a secret.
            throw new GraphTokenException(
                GraphTokenErrorKind.InvalidArgument,
                $"The text of {name} contains an unpaired surrogate, which is not a valid character.",
                "Pass well-formed Unicode text.");
        }
        var text = new Utf8Text(length);
        fixed (byte* bytes = text._bytes)
        {
            Utf8.GetBytes(characters, count, bytes, length);
        }
        return text;
    }
}
