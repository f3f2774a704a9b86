using System.Text;

namespace GraphToken.Tests;

/// <summary>No text that the class library makes holds a secret, whatever happens.</summary>
public sealed class SecrecyTests(Emulator emulator) : EmulatorTest(emulator)
{
    private static readonly string[] Faults =
    [
        "error=AADSTS7000215", "error=AADSTS50126", "error=AADSTS50076,claims=present", "status=429", "status=503",
        "body=empty", "body=html", "body=text", "body=array", "body=no-token", "body=error-in-200",
        "body=no-description", "body=absurd-expiry", "body=token-type-wrong", "body=form", "body=line-break",
        "body=echo", "status=503,body=echo", "truncate", "reset",
        "redirect=https://example.invalid/",
    ];

    private readonly StringBuilder _written = new();

    [Fact]
    public void NothingWrittenHoldsASecret()
    {
        var secrets = new List<string>
        {
            Emulator.Password, Emulator.ClientSecret, TestFolder.FilePassword, "proxy-pässword",
            TestFolder.Key.ExportPkcs8PrivateKeyPem().Split('\n')[5],
        };
        using ClientCertificate certificate = ClientCertificate.FromFile(TestFolder.Pem);
        using ClientCredential byCertificate = ClientCredential.FromCertificate(certificate);
        using ClientCredential bySecret = ClientCredential.FromSecret(Emulator.ClientSecret.ToCharArray());
        Write(certificate, byCertificate, bySecret);
        foreach (ClientCredential credential in (ClientCredential[])[byCertificate, bySecret])
        {
            using TokenClient client = Emulator.Application().WithCredential(credential).WithoutCache().Build();
            using TokenRequest request = UserRequest();
            Write(client, request);
            secrets.AddRange(Succeed(client, request));
            foreach (string fault in Faults)
            {
                Emulator.Fault(fault + ",times=all");
                Fail(() => client.Acquire(request, TestContext.Current.CancellationToken));
                Emulator.Forget();
            }
        }
        Fail(() => ClientCertificate.FromFile(TestFolder.Pem + "x", TestFolder.FilePassword.ToCharArray()));
        Fail(() => ClientCertificate.FromBytes(File.ReadAllBytes(TestFolder.PrivateKey)));
        Fail(() => Emulator.Application().WithProxy("socks5://user:proxy-pässword@127.0.0.1").Build());
        Fail(() => ClientCredential.FromAssertion(Emulator.ClientSecret + "\n"));

        string written = _written.ToString();
        Assert.All(secrets, secret => Assert.DoesNotContain(secret, written));
        Assert.True(_written.Length > 10_000);
    }

    private IEnumerable<string> Succeed(TokenClient client, TokenRequest request)
    {
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
        Write(token, token.ExpiresOn, token.TokenType, token.CorrelationId);
        using var refreshToken = token.GetRefreshToken()!;
        return [token.GetPlainText(), Secret.Reveal(refreshToken), token.GetPlainText().Split('.')[2]];
    }

    private void Fail(Func<IDisposable> act)
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(act);
        Write(error, error.Hint, error.Claims ?? "", error.OAuthError ?? "", error.SubError ?? "", error.Data.Count);
    }

    private void Write(params object[] things)
    {
        foreach (object thing in things)
        {
            _written.AppendLine(thing.ToString()).AppendLine($"{thing}");
        }
    }

    private static TokenRequest UserRequest()
    {
        using var password = Secret.Of(Emulator.Password);
        return TokenRequest.ForPassword(Emulator.User, password, "User.Read offline_access");
    }
}
