using System.Security;
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
        "truncate", "reset",
    ];

    private readonly StringBuilder _written = new();

    [Fact]
    public void NothingWrittenHoldsASecret()
    {
        var received = new List<string>();
        using ClientCertificate certificate = ClientCertificate.FromFile(TestFolder.Pem);
        using ClientCredential byCertificate = ClientCredential.FromCertificate(certificate);
        using ClientCredential bySecret = ClientCredential.FromSecret(Emulator.ClientSecret.ToCharArray());
        Write(certificate, byCertificate, bySecret);
        string assertion = Emulator.UserToken(EmulatorClients.ApplicationScope);
        received.Add(assertion);
        foreach ((ClientCredential credential, Func<TokenRequest> userRequest) in
            from credential in (ClientCredential[])[byCertificate, bySecret]
            from userRequest in (Func<TokenRequest>[])[ByPassword, () => ByAssertion(assertion)]
            select (credential, userRequest))
        {
            using TokenClient client = Emulator.Application().WithCredential(credential).WithoutCache()
                .WithRetries(0).Build();
            using TokenRequest request = userRequest();
            Write(client, request);
            received.AddRange(Succeed(client, request));
            foreach (string fault in Faults)
            {
                Emulator.Fault(fault + ",times=all");
                Fail(() => client.Acquire(request, TestContext.Current.CancellationToken));
                Emulator.Forget();
            }
        }
        MarkedSecrets.Search(received).AssertHidden(_written.ToString(), "what was written");
        Assert.True(_written.Length > 10_000);
    }

    private IEnumerable<string> Succeed(TokenClient client, TokenRequest request)
    {
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
        Write(token, token.ExpiresOn, token.TokenType, token.CorrelationId);
        using SecureString? refreshToken = token.GetRefreshToken();
        string[] issued = [token.GetPlainText(), token.GetPlainText().Split('.')[2]];
        return refreshToken == null ? issued : [.. issued, Secret.Reveal(refreshToken)];
    }

    private void Fail(Func<IDisposable> act)
    {
        GraphTokenException error = Assert.Throws<GraphTokenException>(act);
        Write(error, error.Claims ?? "", error.OAuthError ?? "", error.SubError ?? "");
    }

    private void Write(params object[] things)
    {
        foreach (object thing in things)
        {
            _written.AppendLine(thing.ToString()).AppendLine($"{thing}");
        }
    }

    private static TokenRequest ByAssertion(string assertion)
    {
        using var secret = Secret.Of(assertion);
        return TokenRequest.OnBehalfOf(secret, "User.Read");
    }

    private static TokenRequest ByPassword()
    {
        using var password = Secret.Of(Emulator.Password);
        return TokenRequest.ForPassword(Emulator.User, password, "User.Read offline_access");
    }
}
