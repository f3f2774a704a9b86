using System;

namespace GraphToken;

/// <summary>A user who signs in during the call: the sign-in begins once a client is known.</summary>
internal abstract class UserSignIn(OptionsHandle options, string scopes) : IDisposable
{
    /// <summary>
    /// Begins the sign-in and tells the user. The request waits for the user; the caller keeps the client and the
    /// cancellation alive meanwhile.
    /// </summary>
    internal RequestHandle Ask(IntPtr client, IntPtr cancel)
    {
        using HandleUse settings = options.Use();
        using Utf8Text wanted = Utf8Text.Of(scopes, nameof(scopes));
        return Begin(client, wanted, settings.Pointer, cancel);
    }

    /// <summary>The options of the request, read when it was made, as those of every other request are.</summary>
    private protected OptionsHandle Options => options;

    private protected abstract RequestHandle Begin(IntPtr client, Utf8Text scopes, IntPtr options, IntPtr cancel);

    public void Dispose() => options.Dispose();
}
