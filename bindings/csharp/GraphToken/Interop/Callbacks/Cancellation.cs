using System;
using System.Threading;

namespace GraphToken;

/// <summary>Passes a .NET cancellation on to one native call.</summary>
internal sealed class Cancellation : IDisposable
{
    private readonly CancelHandle? _handle;
    private readonly CancellationTokenRegistration _registration;

    internal Cancellation(CancellationToken token)
    {
        if (token.CanBeCanceled)
        {
            _handle = new CancelHandle();
            _registration = token.Register(_handle.Signal);
        }
    }

    /// <summary>The <c>gt_cancel</c>, valid until this is disposed; NULL when nothing can cancel the call.</summary>
    internal IntPtr Pointer => _handle?.DangerousGetHandle() ?? IntPtr.Zero;

    public void Dispose()
    {
        // In this order: it waits for a signal that is being given.
        _registration.Dispose();
        _handle?.Dispose();
    }
}
