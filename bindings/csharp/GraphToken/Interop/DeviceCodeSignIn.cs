using System;

namespace GraphToken;

/// <summary>What a sign-in on another device needs: the request to the service is made once a client is known.</summary>
internal sealed class DeviceCodeSignIn(Action<DeviceCode> prompt, TokenRequestOptions options, string scopes)
    : IDisposable
{
    // Read when the request is made, as the options of every other request are.
    private readonly OptionsHandle _options = options.ToHandle();

    /// <summary>
    /// Asks for a code and shows it. The request waits for the user; the caller keeps the client and the cancellation
    /// alive meanwhile.
    /// </summary>
    internal RequestHandle Ask(IntPtr client, IntPtr cancel)
    {
        using HandleUse settings = _options.Use();
        using Utf8Text wanted = Utf8Text.Of(scopes, nameof(scopes));
        using DeviceCodeHandle code = new(client, wanted, settings.Pointer, cancel);
        prompt(new DeviceCode(code));
        return RequestHandle.ForDeviceCode(code, _options);
    }

    public void Dispose() => _options.Dispose();
}
