using System;
using System.Globalization;

namespace GraphToken;

/// <summary>
/// How a user signs in in a web browser. The options are read when the request is made: later changes have no effect.
/// </summary>
public sealed class BrowserOptions
{
    /// <summary>
    /// Whether the user's browser is opened; <see langword="true"/> by default. On Linux the environment variable
    /// <c>BROWSER</c>, as the process was started with it, names the browser; or else <c>xdg-open</c>, and in WSL
    /// <c>wslview</c>, open it. Without <c>BROWSER</c> none is opened for root, or in a session without a display.
    /// </summary>
    public bool OpenBrowser { get; set; } = true;

    /// <summary>
    /// Shows the address of the sign-in, if no browser was opened, and returns at once. It is called on the thread of
    /// the call. Without it, <see cref="TokenClient.Acquire"/> throws
    /// <see cref="GraphTokenErrorKind.InteractionRequired"/> if there is no browser to open.
    /// </summary>
    public Action<string>? ShowAddress { get; set; }

    /// <summary>
    /// The port of this machine that the browser brings the answer to, 1 to 65535; any that is free by default. A port
    /// that is forwarded from another machine, on which the browser runs, must be known before.
    /// </summary>
    public int? RedirectPort { get; set; }

    /// <summary>
    /// The name of this machine in the redirect URI, as it is registered for the application: <c>localhost</c> or
    /// <c>127.0.0.1</c>. By default <c>localhost</c>, and <c>127.0.0.1</c> at AD FS and OpenID Connect issuers.
    /// </summary>
    public string? RedirectHost { get; set; }

    /// <summary>The sign-in name of the user who is expected. None by default.</summary>
    public string? LoginHint { get; set; }

    /// <summary>
    /// What the user is shown: by default the accounts, to select one, or with <see cref="LoginHint"/> what the service
    /// chooses.
    /// </summary>
    public Prompt? Prompt { get; set; }

    internal void SetIn(OptionsHandle options)
    {
        options.SetWhen(RedirectPort?.ToString(CultureInfo.InvariantCulture), "redirect.port");
        options.SetWhen(RedirectHost, "redirect.host");
        options.SetWhen(LoginHint, "login_hint");
        options.SetWhen(Name(Prompt), "prompt");
    }

    private static string? Name(Prompt? prompt) => prompt switch
    {
        null => null,
        GraphToken.Prompt.SelectAccount => "select_account",
        GraphToken.Prompt.Login => "login",
        GraphToken.Prompt.Consent => "consent",
        GraphToken.Prompt.None => "none",
        // The engine refuses it, and names the option.
        _ => "unknown",
    };
}
