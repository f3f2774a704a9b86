using System;

namespace GraphToken;

/// <summary>The tokens that were kept, to be rid of them.</summary>
public static class TokenCache
{
    /// <summary>
    /// Forgets the tokens that clients with <see cref="TokenClientBuilder.WithSharedCache"/> share in this process, and
    /// removes the file of a cache when one is named. That there is no such file is no error.
    /// </summary>
    /// <param name="name">As in <see cref="TokenClientBuilder.WithTokenCache"/>; none by default.</param>
    /// <param name="folder">As there.</param>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> for a name that cannot be one,
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
