using System;
using System.Security;

namespace GraphToken;

/// <summary>A request for a token. Immutable; may be used any number of times, from any thread.</summary>
/// <remarks>
/// In every method, <c>scopes</c> may be one or several, and one text may hold several separated by spaces. None means
/// everything that is granted to the application in the Microsoft Graph of the client's cloud (<c>/.default</c>).
/// </remarks>
public sealed class TokenRequest : IDisposable
{
    private readonly RequestHandle? _handle;

    private TokenRequest(RequestHandle handle) => _handle = handle;

    private TokenRequest(UserSignIn signIn) => SignIn = signIn;

    /// <summary>The native request; there is none for a user who signs in during the call.</summary>
    internal RequestHandle Handle => _handle ?? throw new InvalidOperationException();

    /// <summary>The sign-in of a user during the call, if this is one.</summary>
    internal UserSignIn? SignIn { get; }

    /// <summary>A token for the application itself: the client credentials grant (RFC 6749 section 4.4).</summary>
    /// <param name="scopes">What the token is for, such as <c>https://graph.microsoft.com/.default</c>.</param>
    /// <exception cref="GraphTokenException">
    /// An argument is invalid: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static TokenRequest ForClient(params string[] scopes) => ForClient(new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForClient(string[])"/>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for, such as <c>https://graph.microsoft.com/.default</c>.</param>
    public static TokenRequest ForClient(TokenRequestOptions options, params string[] scopes)
    {
        using OptionsHandle settings = Settings(options);
        using Utf8Text wanted = Joined(scopes);
        return new TokenRequest(RequestHandle.ForClient(wanted, settings));
    }

    /// <summary>
    /// A token for a user by name and password (RFC 6749 section 4.3). Microsoft advises against this grant: the
    /// application sees the password, and accounts with multifactor authentication are refused.
    /// </summary>
    /// <param name="username">The user's sign-in name.</param>
    /// <param name="password">The password, which may be disposed afterwards.</param>
    /// <param name="scopes">What the token is for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="GraphTokenException">
    /// An argument is invalid: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static TokenRequest ForPassword(string username, SecureString password, params string[] scopes) =>
        ForPassword(username, password, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForPassword(string, SecureString, string[])"/>
    /// <param name="username">The user's sign-in name.</param>
    /// <param name="password">The password, which may be disposed afterwards.</param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForPassword(
        string username, SecureString password, TokenRequestOptions options, params string[] scopes)
    {
        using Utf8Text secret = Utf8Text.OfSecret(password, nameof(password));
        return ForPassword(username, secret, options, scopes);
    }

    /// <inheritdoc cref="ForPassword(string, SecureString, string[])"/>
    /// <param name="username">The user's sign-in name.</param>
    /// <param name="password">The password. The array is overwritten with zeros, also when this fails.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForPassword(string username, char[] password, params string[] scopes) =>
        ForPassword(username, password, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForPassword(string, SecureString, string[])"/>
    /// <param name="username">The user's sign-in name.</param>
    /// <param name="password">The password. The array is overwritten with zeros, also when this fails.</param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForPassword(
        string username, char[] password, TokenRequestOptions options, params string[] scopes)
    {
        using Utf8Text secret = Utf8Text.OfSecret(password, nameof(password));
        return ForPassword(username, secret, options, scopes);
    }

    /// <summary>A new token for a user by a refresh token of an earlier answer (RFC 6749 section 6).</summary>
    /// <param name="refreshToken">The refresh token, which may be disposed afterwards.</param>
    /// <param name="scopes">What the token is for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="GraphTokenException">
    /// An argument is invalid: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static TokenRequest ForRefreshToken(SecureString refreshToken, params string[] scopes) =>
        ForRefreshToken(refreshToken, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForRefreshToken(SecureString, string[])"/>
    /// <param name="refreshToken">The refresh token, which may be disposed afterwards.</param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForRefreshToken(
        SecureString refreshToken, TokenRequestOptions options, params string[] scopes)
    {
        using Utf8Text secret = Utf8Text.OfSecret(refreshToken, nameof(refreshToken));
        using OptionsHandle settings = Settings(options);
        using Utf8Text wanted = Joined(scopes);
        return new TokenRequest(RequestHandle.ForRefreshToken(wanted, secret, settings));
    }

    /// <summary>
    /// A token for the user who called this application, by the access token that the caller sent: the on-behalf-of
    /// grant (RFC 7523 section 2.1, as Microsoft Entra ID extends it).
    /// </summary>
    /// <remarks>
    /// The client needs a credential of the application, and the tenant that issued <paramref name="assertion"/> (its
    /// claim <c>tid</c>). Without a credential, or with a tenant such as <c>common</c>,
    /// <see cref="TokenClient.Acquire"/> throws <see cref="GraphTokenErrorKind.InvalidArgument"/> before it sends
    /// anything. An assertion that the service refuses, such as an expired one or one for another application, is
    /// <see cref="GraphTokenErrorKind.UserCredentialRejected"/>, and the hint shows its audience and expiry. If the
    /// service demands more of the user, the kind is <see cref="GraphTokenErrorKind.InteractionRequired"/>: return
    /// <see cref="GraphTokenException.Claims"/> to the caller, because only the caller can have the user sign in again.
    /// <para>
    /// Tokens are cached for this assertion alone: another assertion of the same user gets its own. There is no refresh
    /// token; to get a new token, make a request with the assertion that the caller sends next.
    /// </para>
    /// </remarks>
    /// <param name="assertion">
    /// The access token, as it stands in the caller's <c>Authorization</c> header, with or without <c>Bearer</c>. It
    /// must have been issued for this application: an id token, or a token for Microsoft Graph, is refused. It may be
    /// disposed afterwards: the request keeps a copy until it is disposed itself.
    /// </param>
    /// <param name="scopes">What the token is for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="GraphTokenException">
    /// The assertion is empty: <see cref="GraphTokenErrorKind.CredentialMissing"/>. It cannot be a token, or another
    /// argument is invalid: <see cref="GraphTokenErrorKind.InvalidArgument"/>. The message does not quote it.
    /// </exception>
    public static TokenRequest OnBehalfOf(SecureString assertion, params string[] scopes) =>
        OnBehalfOf(assertion, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="OnBehalfOf(SecureString, string[])"/>
    /// <param name="assertion">
    /// The access token, as it stands in the caller's <c>Authorization</c> header, with or without <c>Bearer</c>. It
    /// must have been issued for this application: an id token, or a token for Microsoft Graph, is refused. It may be
    /// disposed afterwards: the request keeps a copy until it is disposed itself.
    /// </param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest OnBehalfOf(
        SecureString assertion, TokenRequestOptions options, params string[] scopes)
    {
        using Utf8Text secret = Utf8Text.OfSecret(assertion, nameof(assertion));
        using OptionsHandle settings = Settings(options);
        using Utf8Text wanted = Joined(scopes);
        return new TokenRequest(RequestHandle.OnBehalfOf(wanted, secret, settings));
    }

    /// <summary>
    /// A token for a user who signs in on another device, with a code that <paramref name="prompt"/> shows: the device
    /// authorization grant (RFC 8628).
    /// </summary>
    /// <remarks>
    /// Each call of <see cref="TokenClient.Acquire"/> asks for a new code, calls <paramref name="prompt"/> on the thread
    /// of the call, and waits until the user has signed in. It throws
    /// <see cref="GraphTokenErrorKind.ServiceRejected"/> if the user declines,
    /// <see cref="GraphTokenErrorKind.InteractionRequired"/> if the code expires first, and
    /// <see cref="GraphTokenErrorKind.RequestTimeout"/> if <see cref="TokenRequestOptions.Timeout"/> ends first; without
    /// that option the wait lasts as long as the code is valid. What <paramref name="prompt"/> throws ends the call. The
    /// client needs no credential of the application if the application is a public client.
    /// </remarks>
    /// <example>
    /// <code>
    /// using TokenRequest request = TokenRequest.ForDeviceCode(code => Console.Error.WriteLine(code.Message), "User.Read");
    /// using AccessToken token = await client.AcquireAsync(request, cancellationToken);
    /// </code>
    /// </example>
    /// <param name="prompt">Shows the code to the user, and returns at once.</param>
    /// <param name="scopes">What the token is for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="GraphTokenException">
    /// An option is invalid: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static TokenRequest ForDeviceCode(Action<DeviceCode> prompt, params string[] scopes) =>
        ForDeviceCode(prompt, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForDeviceCode(Action{DeviceCode}, string[])"/>
    /// <param name="prompt">Shows the code to the user, and returns at once.</param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForDeviceCode(
        Action<DeviceCode> prompt, TokenRequestOptions options, params string[] scopes)
    {
        if (prompt == null)
        {
            throw new ArgumentNullException(nameof(prompt));
        }
        string wanted = Text(scopes);
        return new TokenRequest(new DeviceCodeSignIn(prompt, Settings(options), wanted));
    }

    /// <summary>
    /// A token for a user who signs in in a web browser on this machine: the authorization code grant with PKCE
    /// (RFC 6749 section 4.1, RFC 7636).
    /// </summary>
    /// <remarks>
    /// Each call of <see cref="TokenClient.Acquire"/> opens the browser, or shows the address, and waits until the user
    /// has signed in, at most <see cref="TokenRequestOptions.Timeout"/> or five minutes. The browser brings the answer
    /// to a port of this machine, on which the call listens: the application has <c>http://localhost</c> registered as
    /// a redirect URI for mobile and desktop applications, and the port does not count. The call throws
    /// <see cref="GraphTokenErrorKind.ServiceRejected"/> if the user declines,
    /// <see cref="GraphTokenErrorKind.RequestTimeout"/> if nobody signs in in time,
    /// <see cref="GraphTokenErrorKind.InteractionRequired"/> if there is no browser and no
    /// <see cref="BrowserOptions.ShowAddress"/>, and <see cref="GraphTokenErrorKind.InvalidArgument"/> if the port is
    /// in use. The client needs no credential of the application if the application is a public client.
    /// </remarks>
    /// <example>
    /// <code>
    /// var browser = new BrowserOptions { ShowAddress = Console.Error.WriteLine };
    /// using TokenRequest request = TokenRequest.ForBrowser(browser, "User.Read");
    /// using AccessToken token = await client.AcquireAsync(request, cancellationToken);
    /// </code>
    /// </example>
    /// <param name="browser">How the user signs in.</param>
    /// <param name="scopes">What the token is for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="ArgumentException">
    /// <paramref name="browser"/> neither opens a browser nor shows the address.
    /// </exception>
    /// <exception cref="GraphTokenException">
    /// An option is invalid: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static TokenRequest ForBrowser(BrowserOptions browser, params string[] scopes) =>
        ForBrowser(browser, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForBrowser(BrowserOptions, string[])"/>
    /// <param name="browser">How the user signs in.</param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForBrowser(BrowserOptions browser, TokenRequestOptions options, params string[] scopes)
    {
        if (browser == null)
        {
            throw new ArgumentNullException(nameof(browser));
        }
        if (!browser.OpenBrowser && browser.ShowAddress == null)
        {
            throw new ArgumentException("Nobody would learn of the address: set ShowAddress.", nameof(browser));
        }
        string wanted = Text(scopes);
        OptionsHandle settings = Settings(options);
        try
        {
            browser.SetIn(settings);
            return new TokenRequest(new BrowserSignIn(browser.OpenBrowser, browser.ShowAddress, settings, wanted));
        }
        catch
        {
            settings.Dispose();
            throw;
        }
    }

    /// <summary>A token for a user who signed in earlier, without the user.</summary>
    /// <remarks>
    /// The client finds the user where it keeps accounts (<see cref="TokenClient.GetAccounts"/>): the cached token is
    /// returned, or a new one by the user's refresh token. A public client also uses the refresh token of its family of
    /// applications. <see cref="TokenClient.Acquire"/> throws
    /// <see cref="GraphTokenErrorKind.InteractionRequired"/> if the user has to sign in: try this request first, and then
    /// the one for which the user acts. It throws <see cref="GraphTokenErrorKind.InvalidArgument"/> if several accounts
    /// have the name.
    /// </remarks>
    /// <example>
    /// <code>
    /// Account account = client.GetAccounts()[0];
    /// using TokenRequest request = TokenRequest.ForAccount(account, "User.Read");
    /// using AccessToken token = await client.AcquireAsync(request, cancellationToken);
    /// </code>
    /// </example>
    /// <param name="account">The user.</param>
    /// <param name="scopes">What the token is for.</param>
    /// <exception cref="ArgumentNullException">An argument is null.</exception>
    /// <exception cref="GraphTokenException">
    /// An argument is invalid: <see cref="GraphTokenErrorKind.InvalidArgument"/>.
    /// </exception>
    public static TokenRequest ForAccount(Account account, params string[] scopes) =>
        ForAccount(account, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForAccount(Account, string[])"/>
    /// <param name="account">The user.</param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForAccount(Account account, TokenRequestOptions options, params string[] scopes) =>
        ForAccount((account ?? throw new ArgumentNullException(nameof(account))).HomeAccountId, options, scopes);

    /// <inheritdoc cref="ForAccount(Account, string[])"/>
    /// <param name="account">
    /// A sign-in name, in any letter case, a home account id, or an id in a tenant. An empty text stands for the only user
    /// who has signed in to the application and tenant of the client.
    /// </param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForAccount(string account, params string[] scopes) =>
        ForAccount(account, new TokenRequestOptions(), scopes);

    /// <inheritdoc cref="ForAccount(Account, string[])"/>
    /// <param name="account">
    /// A sign-in name, in any letter case, a home account id, or an id in a tenant. An empty text stands for the only user
    /// who has signed in to the application and tenant of the client.
    /// </param>
    /// <param name="options">Options of the request.</param>
    /// <param name="scopes">What the token is for.</param>
    public static TokenRequest ForAccount(string account, TokenRequestOptions options, params string[] scopes)
    {
        using Utf8Text name = Utf8Text.Of(account ?? throw new ArgumentNullException(nameof(account)), nameof(account));
        using OptionsHandle settings = Settings(options);
        using Utf8Text wanted = Joined(scopes);
        return new TokenRequest(RequestHandle.ForAccount(name, wanted, settings));
    }

    /// <summary>Frees the request and wipes the password, refresh token or assertion in it.</summary>
    public void Dispose()
    {
        _handle?.Dispose();
        SignIn?.Dispose();
    }

    /// <summary>The name of the class, never the user's credential.</summary>
    public override string ToString() => nameof(TokenRequest);

    private static TokenRequest ForPassword(
        string username, Utf8Text password, TokenRequestOptions options, string[] scopes)
    {
        if (username == null)
        {
            throw new ArgumentNullException(nameof(username));
        }
        using Utf8Text name = Utf8Text.Of(username, nameof(username));
        using OptionsHandle settings = Settings(options);
        using Utf8Text wanted = Joined(scopes);
        return new TokenRequest(RequestHandle.ForPassword(wanted, name, password, settings));
    }

    private static OptionsHandle Settings(TokenRequestOptions options) =>
        (options ?? throw new ArgumentNullException(nameof(options))).ToHandle();

    private static Utf8Text Joined(string[] scopes) => Utf8Text.Of(Text(scopes), nameof(scopes));

    private static string Text(string[] scopes) =>
        string.Join(" ", scopes ?? throw new ArgumentNullException(nameof(scopes)));
}
