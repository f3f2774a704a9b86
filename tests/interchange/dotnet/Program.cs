// Writes token caches with MSAL.NET, or prints what it finds in them, as one JSON object. Without `peers` it uses no network.
//
//     MsalDotnet write APPLICATION_FILE USER_FILE
//     MsalDotnet read APPLICATION_FILE USER_FILE
//     MsalDotnet sign-out USER_FILE
//     MsalDotnet on-behalf-of USER_FILE ASSERTION
//     MsalDotnet peers AUTHORITY CLIENT_ID CERTIFICATE KEY SECRET CA_FILE USER_ASSERTION
//
// `write` and `read` have a token of the application in one file and the tokens of a user in the other: MSAL.NET refuses
// files with both (`combined_user_app_cache_not_supported`). `on-behalf-of` gets a token from the file, or into it.
// `peers` gets tokens from an emulator.

using System.Net;
using System.Text;
using System.Text.Json;
using Microsoft.Identity.Client;

if (args[0] == "peers")
{
    Console.WriteLine(JsonSerializer.Serialize(await Peers.OutcomesAsync(args[1..])));
    return;
}
string[] application = ["https://graph.microsoft.com/.default"];
string[] user = ["User.Read"];
Service service = new();
IConfidentialClientApplication app = ConfidentialClientApplicationBuilder
    .Create("11111111-2222-3333-4444-555555555555")
    .WithClientSecret("s3cret value")
    .WithAuthority("https://login.microsoftonline.com/contoso.onmicrosoft.com")
    .WithHttpClientFactory(service)
    .Build();
bool isOnBehalfOf = args[0] == "on-behalf-of";
bool isSignOut = args[0] == "sign-out";
(ITokenCache, string)[] files = isOnBehalfOf || isSignOut
    ? [(app.UserTokenCache, args[1])]
    : [(app.AppTokenCache, args[1]), (app.UserTokenCache, args[2])];
foreach ((ITokenCache cache, string file) in files)
{
    cache.SetBeforeAccess(access =>
    {
        if (File.Exists(file))
        {
            access.TokenCache.DeserializeMsalV3(File.ReadAllBytes(file));
        }
    });
    cache.SetAfterAccess(access =>
    {
        if (access.HasStateChanged)
        {
            File.WriteAllBytes(file, access.TokenCache.SerializeMsalV3());
        }
    });
}

if (isOnBehalfOf)
{
    AuthenticationResult token = await app.AcquireTokenOnBehalfOf(user, new UserAssertion(args[2])).ExecuteAsync();
    Console.WriteLine(JsonSerializer.Serialize(
        new { access_token = token.AccessToken, token_requests = service.TokenRequests }));
    return;
}
if (isSignOut)
{
    await app.RemoveAsync(await app.GetAccountAsync("u.t"));
    return;
}
if (args[0] == "write")
{
    await app.AcquireTokenForClient(application).ExecuteAsync();
    await ((IByRefreshToken)app).AcquireTokenByRefreshToken(user, "given to MSAL").ExecuteAsync();
    return;
}
AuthenticationResult forApplication = await app.AcquireTokenForClient(application).ExecuteAsync();
IAccount? account = await app.GetAccountAsync("u.t");
AuthenticationResult? forUser =
    account == null ? null : await app.AcquireTokenSilent(user, account).ExecuteAsync();
Console.WriteLine(JsonSerializer.Serialize(new
{
    application = new { access_token = forApplication.AccessToken },
    user = forUser == null ? null : new { access_token = forUser.AccessToken },
    username = account?.Username,
    token_requests = service.TokenRequests,
}));

/// <summary>Answers in place of the network: one token for the application and one for the user.</summary>
internal sealed class Service : HttpMessageHandler, IMsalHttpClientFactory
{
    private const string Host = "login.microsoftonline.com";

    // The year 2100: a fixture must not expire.
    private static readonly DateTimeOffset s_forever = DateTimeOffset.FromUnixTimeSeconds(4102444800);

    internal int TokenRequests { get; private set; }

    public HttpClient GetHttpClient() => new(this, disposeHandler: false);

    protected override async Task<HttpResponseMessage> SendAsync(
        HttpRequestMessage request, CancellationToken cancellationToken)
    {
        object answer;
        if (request.Method == HttpMethod.Get)
        {
            string[] aliases = [Host, "login.windows.net", "login.microsoft.com", "sts.windows.net"];
            answer = new
            {
                tenant_discovery_endpoint = $"https://{Host}/contoso.onmicrosoft.com/v2.0",
                metadata = new[] { new { preferred_network = Host, preferred_cache = aliases[1], aliases } },
            };
        }
        else
        {
            TokenRequests++;
            string form = await request.Content!.ReadAsStringAsync(cancellationToken);
            answer = Token(form.Contains("grant_type=client_credentials"));
        }
        string body = JsonSerializer.Serialize(answer);
        return new HttpResponseMessage(HttpStatusCode.OK)
        {
            Content = new StringContent(body, Encoding.UTF8, "application/json"),
        };
    }

    private static object Token(bool isForApplication)
    {
        long life = (long)(s_forever - DateTimeOffset.UtcNow).TotalSeconds;
        if (isForApplication)
        {
            return new { token_type = "Bearer", expires_in = life, access_token = "application-token-of-MSAL" };
        }
        string claims = Encode(
            new { oid = "o", sub = "s", tid = "contoso.onmicrosoft.com", preferred_username = "alice@contoso.com" });
        return new
        {
            token_type = "Bearer",
            expires_in = life,
            access_token = "user-token-of-MSAL",
            refresh_token = "refresh-token-of-MSAL",
            scope = "User.Read openid profile",
            client_info = Encode(new { uid = "u", utid = "t" }),
            id_token = Encode(new { alg = "none" }) + "." + claims + ".",
        };
    }

    private static string Encode(object value) =>
        Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(value)).TrimEnd('=').Replace('+', '-').Replace('/', '_');
}
