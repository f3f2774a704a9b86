using System;
using System.Runtime.InteropServices;

namespace GraphToken;

/// <summary>What the engine calls for an application's credential, on the engine's threads.</summary>
internal abstract class ExternalCallback
{
    /// <summary>
    /// What was thrown last, when it can be behind an error of this kind. With several calls at once it may have been
    /// thrown in another one of them.
    /// </summary>
    internal abstract Exception? FailureBehind(GraphTokenErrorKind kind);

    /// <summary>Told before each call that waits for a token.</summary>
    internal virtual void Begin()
    {
    }

    /// <summary>Told after it; <paramref name="isCancelled"/> when nobody waits for what is still running.</summary>
    internal virtual void End(bool isCancelled)
    {
    }

    /// <summary>The context for the callbacks: keeps this object alive until the engine releases it.</summary>
    internal IntPtr Lend() => GCHandle.ToIntPtr(GCHandle.Alloc(this));
}
