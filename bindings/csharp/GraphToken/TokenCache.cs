using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>Lists and removes cached tokens.</summary>
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

    /// <summary>
    /// Removes some of the tokens of a cache, or all of them. Of an account its access tokens of any application and
    /// tenant, its id tokens, its refresh tokens and its entry are removed. The service is not told: tokens that were
    /// issued live on, and so does the browser's session. A file with nothing left is removed with its locks.
    /// </summary>
    /// <remarks>
    /// A refresh token is for every tenant: with <see cref="TokenCacheOptions.TenantId"/> it is removed when nothing of
    /// its user and application is left in another one.
    /// </remarks>
    /// <param name="options">Which cache, and which of its tokens.</param>
    /// <returns>How many access tokens were removed.</returns>
    /// <exception cref="ArgumentNullException">The options are null.</exception>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> for an invalid name and when several accounts have the name;
    /// <see cref="GraphTokenErrorKind.CacheUnreadable"/>, <see cref="GraphTokenErrorKind.CacheUnwritable"/> or
    /// <see cref="GraphTokenErrorKind.CacheLocked"/> for the file.
    /// </exception>
    public static int Clear(TokenCacheOptions options)
    {
        TokenCacheOptions wanted = options ?? throw new ArgumentNullException(nameof(options));
        using OptionsHandle handle = wanted.ToHandle();
        using Utf8Text tenant = Utf8Text.Of(wanted.TenantId, nameof(wanted.TenantId));
        using Utf8Text clientId = Utf8Text.Of(wanted.ClientId, nameof(wanted.ClientId));
        using Utf8Text account = Utf8Text.Of(wanted.Account, nameof(wanted.Account));
        using HandleUse settings = handle.Use();
        IntPtr error = IntPtr.Zero;
        int status = Native.gt_cache_remove(
            settings.Pointer, tenant.Borrow(), clientId.Borrow(), account.Borrow(), out ulong count, ref error);
        NativeError.ThrowIfFailed(status, error);
        return (int)count;
    }

    /// <summary>
    /// Lists the access tokens of a cache, without the tokens themselves. A file that is not there has none, and is not
    /// created.
    /// </summary>
    /// <param name="options">Which cache, and which of its tokens; by default all in the memory of the process.</param>
    /// <exception cref="GraphTokenException">
    /// <see cref="GraphTokenErrorKind.InvalidArgument"/> for an invalid name,
    /// <see cref="GraphTokenErrorKind.CacheUnreadable"/> or <see cref="GraphTokenErrorKind.CacheLocked"/> when the file
    /// cannot be read.
    /// </exception>
    public static IReadOnlyList<CachedToken> List(TokenCacheOptions? options = null)
    {
        using CachedTokensHandle tokens = CachedTokensHandle.Of(options ?? new TokenCacheOptions());
        return tokens.Tokens();
    }
}
