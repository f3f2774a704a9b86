using System;

namespace GraphToken;

/// <summary>A <c>gt_token_store</c> around a .NET store.</summary>
internal sealed class TokenStoreHandle : NativeHandle
{
    private TokenStoreHandle(NativeConstructor constructor, ExternalTokenStore store)
        : base(constructor)
    {
        Store = store;
    }

    /// <summary>The .NET store behind it.</summary>
    internal ExternalTokenStore Store { get; }

    internal static TokenStoreHandle Of(ExternalTokenStore store, Utf8Text key) =>
        new(
            (ref IntPtr handle, ref IntPtr error) => Native.gt_token_store_new(
                store.Lend(),
                ExternalTokenStore.Read,
                ExternalTokenStore.Write,
                ExternalTokenStore.Remove,
                store.IsLocking ? ExternalTokenStore.Lock : null!,
                store.IsLocking ? ExternalTokenStore.Unlock : null!,
                ExternalTokenStore.Release,
                key.Borrow(),
                ref handle,
                ref error),
            store);

    private protected override void Free(IntPtr handle) => Native.gt_token_store_free(handle);
}
