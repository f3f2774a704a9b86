using System;

namespace GraphToken;

/// <summary>A <c>gt_request</c>.</summary>
internal sealed class RequestHandle : NativeHandle
{
    private RequestHandle(NativeConstructor constructor)
        : base(constructor)
    {
    }

    internal static RequestHandle ForClient(Utf8Text scopes, OptionsHandle options)
    {
        using HandleUse use = options.Use();
        IntPtr settings = use.Pointer;
        return new((ref IntPtr request, ref IntPtr error) =>
            Native.gt_request_new_client_credentials(scopes.Borrow(), settings, ref request, ref error));
    }

    internal static RequestHandle ForPassword(
        Utf8Text scopes, Utf8Text username, Utf8Text password, OptionsHandle options)
    {
        using HandleUse use = options.Use();
        IntPtr settings = use.Pointer;
        return new((ref IntPtr request, ref IntPtr error) => Native.gt_request_new_password(
            scopes.Borrow(), username.Borrow(), password.Borrow(), settings, ref request, ref error));
    }

    internal static RequestHandle ForRefreshToken(Utf8Text scopes, Utf8Text refreshToken, OptionsHandle options)
    {
        using HandleUse use = options.Use();
        IntPtr settings = use.Pointer;
        return new((ref IntPtr request, ref IntPtr error) => Native.gt_request_new_refresh_token(
            scopes.Borrow(), refreshToken.Borrow(), settings, ref request, ref error));
    }

    internal static RequestHandle OnBehalfOf(Utf8Text scopes, Utf8Text assertion, OptionsHandle options)
    {
        using HandleUse use = options.Use();
        IntPtr settings = use.Pointer;
        return new((ref IntPtr request, ref IntPtr error) => Native.gt_request_new_on_behalf_of(
            assertion.Borrow(), scopes.Borrow(), settings, ref request, ref error));
    }

    internal static RequestHandle ForAccount(Utf8Text account, Utf8Text scopes, OptionsHandle options)
    {
        using HandleUse use = options.Use();
        IntPtr settings = use.Pointer;
        return new((ref IntPtr request, ref IntPtr error) => Native.gt_request_new_account(
            account.Borrow(), scopes.Borrow(), settings, ref request, ref error));
    }

    internal static RequestHandle ForDeviceCode(DeviceCodeHandle code, OptionsHandle options)
    {
        using HandleUse lent = code.Use();
        using HandleUse use = options.Use();
        IntPtr codePointer = lent.Pointer;
        IntPtr settings = use.Pointer;
        return new((ref IntPtr request, ref IntPtr error) =>
            Native.gt_request_new_device_code(codePointer, settings, ref request, ref error));
    }

    internal static RequestHandle ForSignIn(SignInHandle signIn, OptionsHandle options)
    {
        using HandleUse lent = signIn.Use();
        using HandleUse use = options.Use();
        IntPtr signInPointer = lent.Pointer;
        IntPtr settings = use.Pointer;
        return new((ref IntPtr request, ref IntPtr error) =>
            Native.gt_request_new_sign_in(signInPointer, settings, ref request, ref error));
    }

    private protected override void Free(IntPtr handle) => Native.gt_request_free(handle);
}
