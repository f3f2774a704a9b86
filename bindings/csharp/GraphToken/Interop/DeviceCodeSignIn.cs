using System;

namespace GraphToken;

/// <summary>A sign-in on another device.</summary>
internal sealed class DeviceCodeSignIn(Action<DeviceCode> prompt, OptionsHandle options, string scopes)
    : UserSignIn(options, scopes)
{
    private protected override RequestHandle Begin(IntPtr client, Utf8Text scopes, IntPtr options, IntPtr cancel)
    {
        using DeviceCodeHandle code = new(client, scopes, options, cancel);
        prompt(new DeviceCode(code));
        return RequestHandle.ForDeviceCode(code, Options);
    }
}
