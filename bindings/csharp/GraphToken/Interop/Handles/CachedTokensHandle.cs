using System;
using System.Collections.Generic;

namespace GraphToken;

/// <summary>A <c>gt_cached_tokens</c>.</summary>
internal sealed class CachedTokensHandle : NativeHandle
{
    private CachedTokensHandle(NativeConstructor constructor)
        : base(constructor)
    {
    }

    /// <summary>A native function that reads a value of the token at an index.</summary>
    private delegate int TokenGetter<T>(IntPtr handle, ulong index, out T value);

    internal static CachedTokensHandle Of(TokenCacheOptions wanted)
    {
        using OptionsHandle options = wanted.ToHandle();
        using Utf8Text tenant = Utf8Text.Of(wanted.TenantId, nameof(wanted.TenantId));
        using Utf8Text clientId = Utf8Text.Of(wanted.ClientId, nameof(wanted.ClientId));
        using Utf8Text account = Utf8Text.Of(wanted.Account, nameof(wanted.Account));
        using HandleUse settings = options.Use();
        IntPtr settingsPointer = settings.Pointer;
        return new((ref IntPtr tokens, ref IntPtr error) => Native.gt_cached_tokens_new(
            settingsPointer, tenant.Borrow(), clientId.Borrow(), account.Borrow(), ref tokens, ref error));
    }

    internal IReadOnlyList<CachedToken> Tokens()
    {
        using HandleUse use = Use();
        var tokens = new List<CachedToken>();
        ulong count = Read<ulong>(Native.gt_cached_tokens_count);
        for (ulong index = 0; index < count; index++)
        {
            long end = At<long>(use, index, Native.gt_cached_tokens_expires_on);
            tokens.Add(new CachedToken(
                TextAt(use, index, Native.gt_cached_tokens_tenant),
                TextAt(use, index, Native.gt_cached_tokens_client_id),
                TextAt(use, index, Native.gt_cached_tokens_environment),
                TextAt(use, index, Native.gt_cached_tokens_username),
                At<int>(use, index, Native.gt_cached_tokens_is_for_user) != 0,
                TextAt(use, index, Native.gt_cached_tokens_scopes).Split([' '], StringSplitOptions.RemoveEmptyEntries),
                end == 0 ? null : DateTimeOffset.FromUnixTimeSeconds(end)));
        }
        return tokens;
    }

    private protected override void Free(IntPtr handle) => Native.gt_cached_tokens_free(handle);

    private static string TextAt(HandleUse use, ulong index, TokenGetter<GtStr> getter) =>
        Utf8Text.Read(At(use, index, getter));

    private static T At<T>(HandleUse use, ulong index, TokenGetter<T> getter)
    {
        NativeError.ThrowIfFailed(getter(use.Pointer, index, out T value), IntPtr.Zero);
        return value;
    }
}
