using System;
using System.Linq;
using System.Threading;

namespace GraphToken.PowerShell;

// Users who sign in during the call, or who signed in earlier.
public sealed partial class GetGraphTokenCommand
{
    // The engine's own, as long as no other is given.
    private static readonly TimeSpan BrowserTimeout = TimeSpan.FromSeconds(300);

    // As parameters of one parameter set they would select it, and PowerShell would ask for the switch.
    private void RefuseBrowserConflicts()
    {
        (string, bool) browser = (nameof(Interactive), Interactive);
        ExclusiveParameters.Require((nameof(NoBrowser), NoBrowser), browser);
        ExclusiveParameters.Require((nameof(RedirectPort), RedirectPort != null), browser);
        ExclusiveParameters.Require((nameof(LoginHint), LoginHint != null), browser);
        ExclusiveParameters.Require((nameof(Prompt), Prompt != null), browser);
        // Whoever is signed in already needs no port, and would not learn of the mistake.
        if (RedirectPort is < 1 or > 65535)
        {
            throw TokenError.InvalidArgument("The value of -RedirectPort is not a port.", "Use a number from 1 to 65535.");
        }
    }

    // A host without an interface has one here nevertheless, which shows nothing: its name tells it apart.
    private void RefuseInvisibleHost()
    {
        if ((UseDeviceCode || Interactive) && Host.Name == "Default Host")
        {
            string shown = UseDeviceCode ? "-UseDeviceCode has nowhere to show the code" :
                "-Interactive has nowhere to show the address of the sign-in";
            throw new GraphTokenException(
                GraphTokenErrorKind.InteractionRequired,
                $"{shown}: this PowerShell host has no user interface.",
                "Run the command in a console, or sign in with an application's credential.");
        }
    }

    /// <summary>The token of a user who signs in, now or earlier; <see langword="null"/> for every other way.</summary>
    private AccessToken? SignedIn(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        if (UseDeviceCode)
        {
            return AcquireForUser(client, scopes, options, stop, AcquireOnDevice);
        }
        return Interactive ? AcquireForUser(client, scopes, options, stop, AcquireInBrowser) : null;
    }

    /// <summary>A token for the user who signed in earlier, or else for the one who signs in now.</summary>
    private AccessToken AcquireForUser(
        TokenClient client,
        string[] scopes,
        TokenRequestOptions options,
        CancellationToken stop,
        Func<TokenClient, string[], TokenRequestOptions, CancellationToken, AccessToken> ask)
    {
        // Whoever says what the user is shown wants the user.
        if (ForceRefresh || Prompt != null)
        {
            return OfNamedUser(client, ask(client, scopes, options, stop));
        }
        using TokenRequest request = TokenRequest.ForAccount(Account ?? LoginHint ?? "", options, scopes);
        try
        {
            return Wait(() => client.Acquire(request, stop));
        }
        catch (GraphTokenException error) when (error.Kind == GraphTokenErrorKind.InteractionRequired)
        {
            WriteVerbose($"The user has to sign in: {error.Message}");
            return OfNamedUser(client, ask(client, scopes, options, stop));
        }
    }

    /// <summary>The token, if its user is the one that -Account names.</summary>
    private AccessToken OfNamedUser(TokenClient client, AccessToken token)
    {
        string account = PastedText.Unwrapped(Account ?? "");
        bool isNamed = account.Length == 0 || IsNamed(token.Username) || client.GetAccounts().Any(
            known => known.Username == token.Username && (known.HomeAccountId == account || known.LocalAccountId == account));
        if (isNamed)
        {
            return token;
        }
        string username = token.Username;
        token.Dispose();
        throw new GraphTokenException(
            GraphTokenErrorKind.UserCredentialRejected,
            $"Another user has signed in than -Account names: {username}.",
            "Sign in as the user that -Account names, or leave it out.");

        bool IsNamed(string name) => string.Equals(name, account, StringComparison.OrdinalIgnoreCase);
    }

    private AccessToken AcquireOnDevice(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        var display = new DeviceCodeDisplay(this);
        if (ScriptThread is PipelineThread thread)
        {
            // This thread runs the script block at each poll, so nothing counts down.
            using TokenRequest proved = TokenRequest.ForDeviceCode(
                code => thread.Invoke(() => display.Write(code)), options, scopes);
            return Wait(() => client.Acquire(proved, stop));
        }
        using TokenRequest request = TokenRequest.ForDeviceCode(display.Show, options, scopes);
        return display.Wait(client.AcquireAsync(request, stop));
    }

    private AccessToken AcquireInBrowser(
        TokenClient client, string[] scopes, TokenRequestOptions options, CancellationToken stop)
    {
        var display = new BrowserDisplay(this, options.Timeout ?? BrowserTimeout);
        PipelineThread? thread = ScriptThread;
        var browser = new BrowserOptions
        {
            OpenBrowser = !NoBrowser,
            // This thread runs the script block of the application's proof, so nothing counts down.
            ShowAddress = thread == null ? display.Show : address => thread.Invoke(() => display.Write(address)),
            RedirectPort = RedirectPort,
            LoginHint = LoginHint,
            Prompt = Prompt,
        };
        using TokenRequest request = TokenRequest.ForBrowser(browser, options, scopes);
        return thread == null
            ? display.Wait(client.AcquireAsync(request, stop))
            : Wait(() => client.Acquire(request, stop));
    }

    private protected override string ClientIdHint => ParameterSetName switch
    {
        InteractiveSet => Registration(
            "add the platform \"Mobile and desktop applications\" with the redirect URI http://localhost"),
        DeviceCodeSet or AccountSet or PasswordSet or RefreshTokenSet => Registration(
            "set \"Allow public client flows\" to Yes under Authentication"),
        _ => base.ClientIdHint,
    };

    private static string Registration(string step) =>
        "Add -ClientId with the Application (client) ID of an app registration. To register an application, open " +
        $"https://entra.microsoft.com, select App registrations and New registration, and {step}.";
}
