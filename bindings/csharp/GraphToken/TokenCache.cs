using System;

namespace GraphToken;

/// <summary>Removes cached tokens.</summary>
public static class TokenCache
{
    /// <summary>
    /// Removes the file of a token cache, with its tokens and its locks; or, if none is named, the tokens that clients
    /// with <see cref="TokenClientBuilder.WithSharedCache"/> share in this process. A missing file is not an error.
    /// </summary>
    /// <param name="name">
    /// As in <see cref="TokenClientBuilder.WithTokenCache"/>; by default the memory of the process is cleared.
    /// </param>
    /// <param name="folder">As there.</param>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> for an invalid name,
    /// <see cref="GraphTokenErrorKind.CacheUnwritable"/> or <see cref="GraphTokenErrorKind.CacheLocked"/> when the file
    /// cannot be removed.
    /// </exception>
    public static void Clear(string? name = null, string? folder = null)
    {
        using var options = new OptionsHandle();
        options.SetWhen(name, "cache.name");
        options.SetWhen(folder, "cache.folder");
        using HandleUse settings = options.Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_cache_clear(settings.Pointer, ref error);
        NativeError.ThrowIfFailed(status, error);
    }
}
