namespace GraphToken.Tests;

/// <summary>Clients of the emulator, which trust its certificate.</summary>
internal static class EmulatorClients
{
    /// <summary>The App ID URI of the confidential application.</summary>
    internal const string ApplicationUri = $"api://{Emulator.ClientId}";

    /// <summary>What a caller of the confidential application asks for.</summary>
    internal const string ApplicationScope = $"{ApplicationUri}/access_as_user";

    /// <summary>A builder for the confidential application, without its credential.</summary>
    internal static TokenClientBuilder Application(this Emulator emulator) =>
        Trusting(emulator, TokenClient.Builder(emulator.TenantUrl, Emulator.ClientId));

    /// <summary>A builder for the application without any credential.</summary>
    internal static TokenClientBuilder PublicApplication(this Emulator emulator) =>
        Trusting(emulator, TokenClient.Builder(emulator.TenantUrl, Emulator.PublicClientId));

    /// <summary>A builder that trusts the operating system's authorities alone.</summary>
    internal static TokenClientBuilder DistrustingApplication(this TlsEmulator emulator) =>
        TokenClient.Builder(emulator.TenantUrl, Emulator.ClientId);

    /// <summary>The confidential application with its secret.</summary>
    internal static TokenClient SecretClient(this Emulator emulator)
    {
        using var secret = Secret.Of(Emulator.ClientSecret);
        return emulator.Application().WithClientSecret(secret).WithoutCache().Build();
    }

    /// <summary>A new access token that the public application gets for the user.</summary>
    internal static string UserToken(this Emulator emulator, string scope)
    {
        using var password = Secret.Of(Emulator.Password);
        using TokenClient client = emulator.PublicApplication().WithoutCache().Build();
        using TokenRequest request = TokenRequest.ForPassword(Emulator.User, password, scope);
        using AccessToken token = client.Acquire(request, TestContext.Current.CancellationToken);
        return token.GetPlainText();
    }

    private static TokenClientBuilder Trusting(Emulator emulator, TokenClientBuilder builder) =>
        emulator is TlsEmulator tls ? builder.WithTrustedCertificates(tls.AuthorityFile) : builder;
}
