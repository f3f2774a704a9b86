using System;
using System.Runtime.InteropServices;
using System.Threading;

namespace GraphToken;

/// <summary>Provides client assertions for the engine, on the engine's threads.</summary>
internal sealed class ExternalAssertion : ExternalCallback
{
    /// <summary>Callback for <c>gt_credential_new_with_assertion</c>; static, so that it is never collected.</summary>
    internal static readonly GtAssertionCallback Provide = OnProvide;

    /// <inheritdoc cref="Provide"/>
    internal static readonly GtAssertionRelease Release = OnRelease;

    private readonly Func<AssertionRequest, CancellationToken, string> _assertion;
    private readonly object _lock = new();
    // Never disposed: it has neither a timer nor a wait handle, and a callback may still look at it.
    private CancellationTokenSource _cancellation = new();
    private int _waiting;
    private volatile Exception? _failure;

    internal ExternalAssertion(Func<AssertionRequest, CancellationToken, string> assertion) => _assertion = assertion;

    internal override Exception? FailureBehind(GraphTokenErrorKind kind) => kind switch
    {
        GraphTokenErrorKind.Cancelled or
        GraphTokenErrorKind.CredentialMissing or
        GraphTokenErrorKind.SigningFailed => _failure,
        _ => null,
    };

    internal override void Begin()
    {
        lock (_lock)
        {
            _waiting++;
        }
    }

    internal override void End(bool isCancelled)
    {
        CancellationTokenSource? abandoned = null;
        lock (_lock)
        {
            _waiting--;
            if (isCancelled && _waiting == 0)
            {
                abandoned = _cancellation;
                _cancellation = new CancellationTokenSource();
            }
        }
        abandoned?.Cancel();
    }

    private static int OnProvide(
        IntPtr context,
        IntPtr tenant,
        ulong tenantLength,
        IntPtr clientId,
        ulong clientIdLength,
        IntPtr tokenEndpoint,
        ulong tokenEndpointLength,
        IntPtr assertion,
        ulong assertionCapacity,
        out ulong assertionLength)
    {
        assertionLength = 0;
        var external = (ExternalAssertion)GCHandle.FromIntPtr(context).Target!;
        try
        {
            var request = new AssertionRequest(
                Text(tenant, tenantLength), Text(clientId, clientIdLength), Text(tokenEndpoint, tokenEndpointLength));
            using Utf8Text given = Utf8Text.Of(external.Assertion(request), "assertion");
            GtStr text = given.Borrow();
            // The engine refuses what is longer than its room.
            assertionLength = text.len;
            if (text.len <= assertionCapacity)
            {
                given.CopyTo(assertion);
            }
            external._failure = null;
            return (int)GtStatus.Ok;
        }
#pragma warning disable CA1031 // An exception must not unwind into native code; it comes out as the inner exception.
        catch (Exception error)
#pragma warning restore CA1031
        {
            external._failure = error;
            return (int)(error is OperationCanceledException ? GtStatus.Cancelled : GtStatus.SigningFailed);
        }
    }

    private static void OnRelease(IntPtr context) => GCHandle.FromIntPtr(context).Free();

    private static string Text(IntPtr data, ulong length) => Utf8Text.Read(new GtStr { data = data, len = length });

    private string Assertion(AssertionRequest request)
    {
        CancellationToken cancellation;
        lock (_lock)
        {
            cancellation = _cancellation.Token;
        }
        return _assertion(request, cancellation) ?? "";
    }
}
