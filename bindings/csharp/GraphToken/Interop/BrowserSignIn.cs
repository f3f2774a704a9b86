using System;

namespace GraphToken;

/// <summary>A sign-in in a web browser.</summary>
internal sealed class BrowserSignIn(bool opensBrowser, Action<string>? showAddress, OptionsHandle options, string scopes)
    : UserSignIn(options, scopes)
{
    private protected override RequestHandle Begin(IntPtr client, Utf8Text scopes, IntPtr options, IntPtr cancel)
    {
        using SignInHandle signIn = new(client, scopes, options);
        if (!opensBrowser || !IsOpened(signIn))
        {
            showAddress?.Invoke(signIn.ReadText(Native.gt_sign_in_url));
        }
        return RequestHandle.ForSignIn(signIn, Options);
    }

    /// <summary>Whether a browser was opened. Throws if nobody would learn of the address otherwise.</summary>
    private bool IsOpened(SignInHandle signIn)
    {
        try
        {
            signIn.OpenBrowser();
            return true;
        }
        catch (GraphTokenException error)
            when (error.Kind == GraphTokenErrorKind.InteractionRequired && showAddress != null)
        {
            return false;
        }
    }
}
