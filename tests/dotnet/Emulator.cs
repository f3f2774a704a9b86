using System.Diagnostics;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace GraphToken.Tests;

/// <summary>An entra-emulator process with one tenant, two applications and one user: a fixture of tests.</summary>
public class Emulator : IDisposable
{
    internal const string Tenant = "contoso.onmicrosoft.com";
    internal const string ClientId = "11111111-2222-3333-4444-555555555555";
    internal const string ClientSecret = "mQ7$xRw4~Zc<K&9+w= \"Zp%4/Tb'8@vR2uY";
    internal const string PublicClientId = "66666666-7777-8888-9999-000000000000";
    internal const string User = "alice@contoso.onmicrosoft.com";
    internal const string Password = "Pässwörd nT3$kWf<J&6+h= \"Xq%5/Ly'2@zD 🔑";

    /// <summary>Where both applications have the answers of a browser brought to.</summary>
    private const string Redirect = "http://localhost";

    private readonly Process _process;
    private readonly HttpClient _http;

    /// <summary>Starts it over plain HTTP.</summary>
    public Emulator()
        : this([])
    {
    }

    /// <summary>Starts it with more options.</summary>
    internal Emulator(params string[] options)
    {
        var start = new ProcessStartInfo(TestSetting.Emulator)
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            UseShellExecute = false,
        };
        string[] arguments =
        [
            "--strict", "--listen", "127.0.0.1:0", "--exit-with-stdin", "--tenant", Tenant,
            "--app", $"{ClientId}:cert={TestFolder.CertificateOnly}:secret={ClientSecret}:redirect={Redirect}",
            "--app", $"{PublicClientId}:redirect={Redirect}", "--user", $"{User}:{Password}", "--device-code-interval", "1", .. options,
        ];
        Array.ForEach(arguments, start.ArgumentList.Add);
        _process = Process.Start(start)!;
        Address = _process.StandardOutput.ReadLine()
            ?? throw new InvalidOperationException("entra-emulator ended without printing its address.");
        _http = new HttpClient(new HttpClientHandler
        {
            UseProxy = false,
            ServerCertificateCustomValidationCallback = HttpClientHandler.DangerousAcceptAnyServerCertificateValidator,
        });
    }

    internal string Address { get; }

    /// <summary>The authority with its tenant.</summary>
    internal string TenantUrl => $"{Address}/{Tenant}";

    /// <summary>The requests so far, first one first.</summary>
    internal JsonElement[] Journal()
    {
        using JsonDocument journal = JsonDocument.Parse(Send(HttpMethod.Get, "/_journal", null));
        return [.. journal.RootElement.Clone().EnumerateArray()];
    }

    /// <summary>Empties the journal and takes back all faults.</summary>
    internal void Forget()
    {
        Send(HttpMethod.Delete, "/_journal", null);
        Send(HttpMethod.Delete, "/_faults", null);
    }

    /// <summary>Adds a fault for the next token requests.</summary>
    internal void Fault(string specification) =>
        Send(HttpMethod.Post, "/_faults", new StringContent(specification));

    /// <summary>Enters the code of a device as the user, who accepts the sign-in or declines it.</summary>
    internal void EnterDeviceCode(string userCode, bool isAccepted = true)
    {
        using var form = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["user_code"] = userCode,
            ["username"] = User,
            ["password"] = Password,
            ["action"] = isAccepted ? "approve" : "decline",
        });
        Send(HttpMethod.Post, "/devicelogin", form);
    }

    /// <summary>
    /// What a browser does with the address of a sign-in while its user signs in or declines. Returns the page on which
    /// it ends.
    /// </summary>
    internal string SignIn(string address, string action = "sign-in") => Bring(SignInResponse(address, action));

    /// <summary>Where the browser is to bring the answer, and its fields.</summary>
    internal (string Address, Dictionary<string, string> Fields) SignInResponse(
        string address, string action = "sign-in")
    {
        using var entries = new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["username"] = User,
            ["password"] = Password,
            ["action"] = action,
        });
        string page = Send(HttpMethod.Post, address[Address.Length..], entries);
        string target = Regex.Match(page, "action=\"([^\"]*)\"").Groups[1].Value;
        var fields = Regex.Matches(page, "type=\"hidden\" name=\"([^\"]*)\" value=\"([^\"]*)\"").ToDictionary(
            field => field.Groups[1].Value, field => WebUtility.HtmlDecode(field.Groups[2].Value));
        return (target, fields);
    }

    /// <summary>Brings the answer to the application, and returns its page.</summary>
    internal string Bring((string Address, Dictionary<string, string> Fields) response)
    {
        using var form = new FormUrlEncodedContent(response.Fields);
        using var request = new HttpRequestMessage(HttpMethod.Post, response.Address) { Content = form };
        using HttpResponseMessage answer = _http.Send(request);
        using var reader = new StreamReader(answer.Content.ReadAsStream());
        return reader.ReadToEnd();
    }

    /// <summary>Has its API refuse every token that was issued until now.</summary>
    internal void Revoke() => Send(HttpMethod.Post, "/_revocation", null);

    /// <summary>
    /// Calls its API with a token; the value of the header <c>WWW-Authenticate</c> if that is refused.
    /// </summary>
    internal string? Challenge(string token)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, Address + "/_resource");
        request.Headers.Add("Authorization", $"Bearer {token}");
        using HttpResponseMessage response = _http.Send(request);
        return response.IsSuccessStatusCode ? null : Assert.Single(response.Headers.GetValues("WWW-Authenticate"));
    }

    /// <summary>Ends the process.</summary>
    public void Dispose()
    {
        _http.Dispose();
        _process.StandardInput.Close();
        _process.WaitForExit();
        _process.Dispose();
        GC.SuppressFinalize(this);
    }

    private protected string Send(HttpMethod method, string path, HttpContent? body)
    {
        using var request = new HttpRequestMessage(method, Address + path);
        request.Content = body;
        using HttpResponseMessage response = _http.Send(request);
        response.EnsureSuccessStatusCode();
        using var reader = new StreamReader(response.Content.ReadAsStream());
        return reader.ReadToEnd();
    }
}
