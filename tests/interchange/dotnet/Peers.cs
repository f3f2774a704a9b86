using System.Net;
using System.Security.Cryptography.X509Certificates;
using System.Text.RegularExpressions;
using Microsoft.Identity.Client;

/// <summary>MSAL.NET as a client of an emulator: each case with its error, or null.</summary>
internal static class Peers
{
    private static readonly string[] Graph = ["https://graph.microsoft.com/.default"];

    internal static async Task<Dictionary<string, string?>> OutcomesAsync(string[] args)
    {
        (string authority, string client, string secret, string assertion) = (args[0], args[1], args[4], args[6]);
        (string publicClient, string user, string password) = (args[7], args[8], args[9]);
        using X509Certificate2 certificate = X509Certificate2.CreateFromPemFile(args[2], args[3]);
        using X509Certificate2 trusted = X509CertificateLoader.LoadCertificateFromFile(args[5]);
        var factory = new TrustingFactory(trusted);
        ConfidentialClientApplicationBuilder Application() => ConfidentialClientApplicationBuilder
            .Create(client)
            .WithAuthority(authority, validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(factory);
        IPublicClientApplication ofUsers = PublicClientApplicationBuilder
            .Create(publicClient)
            .WithAuthority(authority, validateAuthority: false)
            .WithInstanceDiscovery(false)
            .WithHttpClientFactory(factory)
            .WithRedirectUri("http://localhost")
            .Build();
        // The browser of the user, who signs in wherever it is sent.
        async Task SignInAsync(Uri address)
        {
            using var entries = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["username"] = user,
                ["password"] = password,
                ["action"] = "sign-in",
            });
            HttpResponseMessage answer = await factory.GetHttpClient().PostAsync(address, entries);
            string page = await answer.Content.ReadAsStringAsync();
            using var fields = new FormUrlEncodedContent(
                Regex.Matches(page, "type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").Select(
                    field => KeyValuePair.Create(field.Groups[1].Value, WebUtility.HtmlDecode(field.Groups[2].Value))));
            string target = Regex.Match(page, "action=\"([^\"]*)\"").Groups[1].Value;
            using var browser = new HttpClient();
            await browser.PostAsync(new Uri(target), fields);
        }

        Task OpenAsync(Uri address)
        {
            _ = Task.Run(() => SignInAsync(address));
            return Task.CompletedTask;
        }

        async Task EnterAsync(DeviceCodeResult code)
        {
            using var form = new FormUrlEncodedContent(new Dictionary<string, string>
            {
                ["user_code"] = code.UserCode,
                ["username"] = user,
                ["password"] = password,
                ["action"] = "approve",
            });
            HttpResponseMessage page = await factory.GetHttpClient().PostAsync(new Uri(code.VerificationUrl), form);
            page.EnsureSuccessStatusCode();
        }

        IConfidentialClientApplication bySecret = Application().WithClientSecret(secret).Build();
        string host = new Uri(authority).GetLeftPart(UriPartial.Authority);
        ConfidentialClientApplicationBuilder Elsewhere() =>
            ConfidentialClientApplicationBuilder.Create(client).WithHttpClientFactory(factory);
        ConfidentialClientApplicationBuilder Adfs() =>
            Elsewhere().WithAdfsAuthority($"{host}/adfs", validateAuthority: false);
        string flow = $"{host}/tfp{new Uri(authority).AbsolutePath}/b2c_1_signin";
        string[] api = ["https://api.contoso.example/.default"];

        return new Dictionary<string, string?>
        {
            ["MSAL.NET certificate"] = await OutcomeAsync(
                Application().WithCertificate(certificate).Build().AcquireTokenForClient(Graph).ExecuteAsync()),
            ["MSAL.NET certificate with chain"] = await OutcomeAsync(
                Application().WithCertificate(certificate, sendX5C: true).Build()
                    .AcquireTokenForClient(Graph).ExecuteAsync()),
            ["MSAL.NET secret"] = await OutcomeAsync(bySecret.AcquireTokenForClient(Graph).ExecuteAsync()),
            ["MSAL.NET on behalf of"] = await OutcomeAsync(
                bySecret.AcquireTokenOnBehalfOf(["User.Read"], new UserAssertion(assertion)).ExecuteAsync()),
            ["MSAL.NET AD FS certificate"] = await OutcomeAsync(
                Adfs().WithCertificate(certificate).Build().AcquireTokenForClient(api).ExecuteAsync()),
            ["MSAL.NET AD FS secret"] = await OutcomeAsync(
                Adfs().WithClientSecret(secret).Build().AcquireTokenForClient(api).ExecuteAsync()),
            ["MSAL.NET B2C"] = await OutcomeAsync(
                Elsewhere().WithB2CAuthority(flow).WithClientSecret(secret).Build()
                    .AcquireTokenForClient(api).ExecuteAsync()),
            ["MSAL.NET OpenID Connect"] = await OutcomeAsync(
                Elsewhere().WithOidcAuthority($"{host}/oidc").WithClientSecret(secret).Build()
                    .AcquireTokenForClient(["read"]).ExecuteAsync()),
            ["MSAL.NET device code"] = await OutcomeAsync(
                ofUsers.AcquireTokenWithDeviceCode(["User.Read"], EnterAsync).ExecuteAsync()),
            ["MSAL.NET browser"] = await OutcomeAsync(
                ofUsers.AcquireTokenInteractive(["User.Read"])
                    .WithSystemWebViewOptions(new SystemWebViewOptions { OpenBrowserAsync = OpenAsync })
                    .ExecuteAsync()),
        };
    }

    private static async Task<string?> OutcomeAsync(Task<AuthenticationResult> call)
    {
        try
        {
            await call;
            return null;
        }
        catch (MsalException error)
        {
            return error.Message;
        }
    }

    /// <summary>Trusts one authority of certificates.</summary>
    private sealed class TrustingFactory(X509Certificate2 trusted) : IMsalHttpClientFactory
    {
        private readonly HttpClient _client = new(new HttpClientHandler
        {
            UseProxy = false,
            ServerCertificateCustomValidationCallback = (_, certificate, _, _) =>
            {
                using var chain = new X509Chain();
                chain.ChainPolicy.TrustMode = X509ChainTrustMode.CustomRootTrust;
                chain.ChainPolicy.CustomTrustStore.Add(trusted);
                chain.ChainPolicy.RevocationMode = X509RevocationMode.NoCheck;
                return chain.Build(certificate!);
            },
        });

        public HttpClient GetHttpClient() => _client;
    }
}
