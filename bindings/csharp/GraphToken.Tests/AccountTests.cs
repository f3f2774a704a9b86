namespace GraphToken.Tests;

/// <summary>Users who signed in: their tokens without them, and their sign-out.</summary>
public sealed class AccountTests(Emulator emulator) : EmulatorTest(emulator)
{
    private const string Scope = "https://graph.microsoft.com/User.Read";

    private static CancellationToken Stop => TestContext.Current.CancellationToken;

    [Fact]
    public async Task AUserStaysSignedInUntilSigningOut()
    {
        using TokenClient client = Client();
        Assert.Empty(client.GetAccounts());
        SignIn(client);

        Account account = Assert.Single(client.GetAccounts());
        Assert.Equal((Emulator.User, "MSSTS"), (account.Username, account.AuthorityType));
        Assert.Equal(Emulator.User, account.ToString());
        Assert.Equal(Emulator.Tenant, account.TenantId);
        Assert.Contains(account.LocalAccountId, account.HomeAccountId);
        Assert.EndsWith(account.Environment, Emulator.Address);
        using (TokenRequest request = TokenRequest.ForAccount(account, Scope))
        {
            using AccessToken cached = client.Acquire(request, Stop);
            Assert.Equal((Emulator.User, true), (cached.Username, cached.FromCache));
        }
        using (var request = TokenRequest.ForAccount(account, new TokenRequestOptions { ForceRefresh = true }, Scope))
        {
            using AccessToken token = await client.AcquireAsync(request, Stop);
            Assert.Equal((Emulator.User, false), (token.Username, token.FromCache));
            Assert.True(token.HasRefreshToken);
        }

        client.SignOut(account);
        client.SignOut(account);
        Assert.Empty(client.GetAccounts());
        using TokenRequest late = TokenRequest.ForAccount(account, Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(late, Stop));
        Assert.Equal(GraphTokenErrorKind.InteractionRequired, error.Kind);
        Assert.Contains("WithTokenCache", error.Hint);
    }

    [Theory]
    [InlineData("")]
    [InlineData("ALICE@contoso.onmicrosoft.com")]
    public void ANameIsEnough(string name)
    {
        using TokenClient client = Client();
        using TokenRequest request = TokenRequest.ForAccount(name, Scope);
        var error = Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
        Assert.Equal(GraphTokenErrorKind.InteractionRequired, error.Kind);
        Assert.Empty(Emulator.Journal());
        SignIn(client);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.True(token.FromCache);
        client.SignOut("alice@CONTOSO.onmicrosoft.com");
        Assert.Throws<GraphTokenException>(() => client.Acquire(request, Stop));
    }

    [Fact]
    public void ClientsShareAFile()
    {
        string folder = Directory.CreateTempSubdirectory("graphtoken-accounts-").FullName;
        try
        {
            using TokenClient first = WithFile(folder);
            SignIn(first);
            using TokenClient second = WithFile(folder);
            Account account = Assert.Single(second.GetAccounts());
            using TokenRequest request = TokenRequest.ForAccount(account, Scope);
            second.Acquire(request, Stop).Dispose();
            second.SignOut(account);
            Assert.Empty(first.GetAccounts());
            Assert.Throws<GraphTokenException>(() => first.Acquire(request, Stop));
            Assert.Empty(Directory.GetFileSystemEntries(folder));
        }
        finally
        {
            Directory.Delete(folder, recursive: true);
        }
    }

    [Fact]
    public void BadArgumentsAreRefused()
    {
        using TokenClient client = Client();
        Assert.Throws<ArgumentNullException>(() => TokenRequest.ForAccount((Account)null!, Scope));
        Assert.Throws<ArgumentNullException>(() => TokenRequest.ForAccount((string)null!, Scope));
        Assert.Throws<ArgumentNullException>(() => client.SignOut((Account)null!));
        Assert.Throws<ArgumentNullException>(() => client.SignOut((string)null!));
        Assert.Equal(
            GraphTokenErrorKind.InvalidArgument,
            Assert.Throws<GraphTokenException>(() => TokenRequest.ForAccount("a\nb", Scope)).Kind);
        Assert.Equal(
            GraphTokenErrorKind.InvalidArgument, Assert.Throws<GraphTokenException>(() => client.SignOut("")).Kind);
    }

    private TokenClient Client() => Emulator.PublicApplication().Build();

    private TokenClient WithFile(string folder) =>
        Emulator.PublicApplication().WithTokenCache("users", folder).WithPlainTokenCache().Build();

    private static void SignIn(TokenClient client)
    {
        using var password = Secret.Of(Emulator.Password);
        using TokenRequest request = TokenRequest.ForPassword(Emulator.User, password, Scope);
        using AccessToken token = client.Acquire(request, Stop);
        Assert.Equal(Emulator.User, token.Username);
    }
}
