using System;
using System.Runtime.InteropServices;

namespace GraphToken;

/// <summary>Keeps records for the engine in a .NET store, on the engine's threads.</summary>
internal sealed class ExternalTokenStore
{
    /// <summary>Callbacks for <c>gt_token_store_new</c>; static, so that they are never collected.</summary>
    internal static readonly GtTokenStoreRead Read = OnRead;

    /// <inheritdoc cref="Read"/>
    internal static readonly GtTokenStoreWrite Write = OnWrite;

    /// <inheritdoc cref="Read"/>
    internal static readonly GtTokenStoreRemove Remove = OnRemove;

    /// <inheritdoc cref="Read"/>
    internal static readonly GtTokenStoreLock Lock = OnLock;

    /// <inheritdoc cref="Read"/>
    internal static readonly GtTokenStoreUnlock Unlock = OnUnlock;

    /// <inheritdoc cref="Read"/>
    internal static readonly GtTokenStoreRelease Release = OnRelease;

    private const int Done = 0;
    private const int None = -1;
    private const int Failed = 1;

    private readonly ITokenStore _store;
    private volatile Exception? _failure;

    internal ExternalTokenStore(ITokenStore store)
    {
        _store = store;
    }

    /// <summary>What the store threw last; <see langword="null"/> when it has worked since.</summary>
    internal Exception? Failure => _failure;

    /// <summary>Whether the store keeps locks.</summary>
    internal bool IsLocking => _store is ILockingTokenStore;

    /// <summary>The context for the callbacks: keeps this object alive until the engine releases it.</summary>
    internal IntPtr Lend() => GCHandle.ToIntPtr(GCHandle.Alloc(this));

    private static int OnRead(
        IntPtr context, IntPtr name, ulong nameLength, IntPtr record, ulong recordCapacity, out ulong recordLength)
    {
        ulong length = 0;
        int outcome = Of(context).Try(store =>
        {
            byte[]? value = store.Get(Text(name, nameLength));
            if (value == null)
            {
                return None;
            }
            length = (ulong)value.Length;
            if (length <= recordCapacity)
            {
                Marshal.Copy(value, 0, record, value.Length);
            }
            return Done;
        });
        recordLength = length;
        return outcome;
    }

    private static int OnWrite(
        IntPtr context, IntPtr name, ulong nameLength, IntPtr record, ulong recordLength, ulong lifetimeSeconds) =>
        Of(context).Try(store =>
        {
            byte[] value = Utf8Text.ReadBytes(new GtStr { data = record, len = recordLength });
            store.Set(Text(name, nameLength), value, TimeSpan.FromSeconds(lifetimeSeconds));
            return Done;
        });

    private static int OnRemove(IntPtr context, IntPtr name, ulong nameLength) =>
        Of(context).Try(store =>
        {
            store.Remove(Text(name, nameLength));
            return Done;
        });

    private static int OnLock(
        IntPtr context, IntPtr name, ulong nameLength, IntPtr owner, ulong ownerLength, ulong lifetimeSeconds) =>
        Of(context).Try(store =>
        {
            bool isTaken = ((ILockingTokenStore)store).TryLock(
                Text(name, nameLength), Text(owner, ownerLength), TimeSpan.FromSeconds(lifetimeSeconds));
            return isTaken ? Done : None;
        });

    private static int OnUnlock(IntPtr context, IntPtr name, ulong nameLength, IntPtr owner, ulong ownerLength) =>
        Of(context).Try(store =>
        {
            ((ILockingTokenStore)store).Unlock(Text(name, nameLength), Text(owner, ownerLength));
            return Done;
        });

    private static void OnRelease(IntPtr context) => GCHandle.FromIntPtr(context).Free();

    private static ExternalTokenStore Of(IntPtr context) =>
        (ExternalTokenStore)GCHandle.FromIntPtr(context).Target!;

    private static string Text(IntPtr text, ulong length) => Utf8Text.Read(new GtStr { data = text, len = length });

    private int Try(Func<ITokenStore, int> action)
    {
        try
        {
            int outcome = action(_store);
            _failure = null;
            return outcome;
        }
#pragma warning disable CA1031 // An exception must not unwind into native code; it is kept for TakeCacheFailure.
        catch (Exception error)
#pragma warning restore CA1031
        {
            _failure = error;
            return Failed;
        }
    }
}
