namespace GraphToken.Tests;

/// <summary>Calls with wrong arguments.</summary>
internal static class MistakenCalls
{
    private const GraphTokenErrorKind Wrong = GraphTokenErrorKind.InvalidArgument;

    private delegate int NativeCall(GtStr secret, IntPtr otherHandle, ref IntPtr request, ref IntPtr error);

    internal static IEnumerable<FailingCall> All(Emulator emulator) =>
    [
        new(GraphTokenErrorKind.NullPointer, "a user name without an address", () => CallNative(
            (secret, _, ref request, ref error) => Native.gt_request_new_password(
                default, new GtStr { len = 5 }, secret, IntPtr.Zero, ref request, ref error))),
        new(GraphTokenErrorKind.InvalidHandle, "a handle of another object", () => CallNative(
            (secret, other, ref request, ref error) => Native.gt_request_new_password(
                default, secret, secret, other, ref request, ref error))),
        .. MarkedCalls.WithEachProof(
            GraphTokenErrorKind.InternalError, "a panic", () => Marked(emulator).WithOption("test.panic", "now")),
        .. MarkedCalls.WithEachProof(
            GraphTokenErrorKind.InvalidAuthority,
            "a password in the authority",
            () => Marked(emulator).WithAuthority(MarkedSecrets.ProxyUrl("127.0.0.1") + "/contoso.com")),
        new(GraphTokenErrorKind.CredentialMissing, "no credential", () => MarkedCalls.Acquire(
            emulator.PublicApplication().Marked(), TokenRequest.ForClient())),
        new(Wrong, "a public client on behalf of a user", () => MarkedCalls.Acquire(
            emulator.PublicApplication().Marked(), TokenRequest.OnBehalfOf(Secret.Of(MarkedSecrets.Assertion)))),
        .. WrongOptions().SelectMany(wrong => MarkedCalls.WithEachProof(
            Wrong, wrong.Key, () => wrong.Value(Marked(emulator)))),
        .. WrongInputs().Select(wrong => new FailingCall(Wrong, wrong.Key, wrong.Value)),
    ];

    private static TokenClientBuilder Marked(Emulator emulator) => emulator.Application().Marked();

    private static Dictionary<string, Func<TokenClientBuilder, TokenClientBuilder>> WrongOptions() => new()
    {
        ["a password in the address of Redis"] = builder => builder.WithRedis(
            $"redis://:{Uri.EscapeDataString(MarkedSecrets.RedisPassword)}@127.0.0.1:1",
            Secret.Of(MarkedSecrets.CacheKey)),
        ["a password in the address of Redis that is not encoded"] = builder => builder.WithRedis(
            $"redis://:{MarkedSecrets.RedisPassword}@127.0.0.1:1", Secret.Of(MarkedSecrets.CacheKey)),
        ["a key that is no Base64"] = builder => builder.WithTokenCacheKey(Secret.Of(MarkedSecrets.WrongSecret)),
        ["a key that is too short"] = builder => builder.WithTokenCacheKey(Secret.Of(MarkedSecrets.CacheKey[8..])),
        ["a password in the proxy's URL that is not encoded"] = builder => builder.WithProxy(
            $"http://user:{MarkedSecrets.ProxyPassword}#@127.0.0.1:1"),
        ["a proxy's port that is none"] = builder => builder.WithProxy(MarkedSecrets.ProxyUrl("127.0.0.1:99999")),
        ["a time limit of nothing"] = builder => builder.WithTimeout(TimeSpan.Zero),
        ["more than one place for tokens"] = builder => builder.WithTokenCache("work"),
    };

    private static Dictionary<string, Action> WrongInputs() => new()
    {
        ["an assertion of two lines"] = () =>
            ClientCredential.FromAssertion(MarkedSecrets.Assertion + "\n" + MarkedSecrets.Assertion),
        ["a user assertion of two lines"] = () =>
            TokenRequest.OnBehalfOf(Secret.Of(MarkedSecrets.Assertion + "\n" + MarkedSecrets.Assertion)),
        ["half of a surrogate pair"] = () =>
            ClientCredential.FromSecret(Secret.Of(MarkedSecrets.WrongSecret + "\uD800")),
        ["bytes that are no text"] = () => ClientCredential.FromSecret([.. "mQ7$xRw4~Zc<K&9+w"u8, 0xFF]),
        ["claims that are none"] = () => TokenRequest.ForPassword(
            Emulator.User, Secret.Of(Emulator.Password), new TokenRequestOptions { Claims = "[1]" }),
        ["a key in place of the path of its file"] = () => ClientCertificate.FromFile(
            File.ReadAllText(TestFolder.Pem), Secret.Of(TestFolder.FilePassword)),
        ["a PIN in the URI of a key"] = () => ClientCertificate.FromPkcs11(
            TestFolder.Combine("absent-module.so"),
            Secret.Of(MarkedSecrets.Pin),
            $"pkcs11:token=app?pin-value={Uri.EscapeDataString(MarkedSecrets.Pin)}"),
        ["a token that is none"] = () => JsonWebToken.Decode(MarkedSecrets.RefreshToken),
    };

    private static void CallNative(NativeCall call)
    {
        using Utf8Text secret = Utf8Text.Of(Emulator.Password, nameof(secret));
        using var other = new CancelHandle();
        using HandleUse use = other.Use();
        IntPtr request = IntPtr.Zero;
        IntPtr error = IntPtr.Zero;
        int status = call(secret.Borrow(), use.Pointer, ref request, ref error);
        NativeError.ThrowIfFailed(status, error);
    }
}
